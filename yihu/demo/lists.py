"""The lists that an office keeps, written by those who keep them: what is checked, counted, lent, told, looked at, sent for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from yihu.areas.archives.lists import DOC_TYPES
from yihu.areas.catalogue import default_tree
from yihu.areas.catalogue.models import Item
from yihu.areas.counter import numbers
from yihu.areas.counter.models import CheckItem, LendItem, ServiceNumber, StockItem
from yihu.areas.keys import ledger
from yihu.areas.keys.models import Cabinet, Hook, KeySet
from yihu.areas.relations import channels
from yihu.areas.relations.models import Channel
from yihu.areas.repairs import keeping
from yihu.areas.repairs.models import Firm
from yihu.demo.people import SINCE
from yihu.demo.stock import lists
from yihu.ground.staff import acts
from yihu.ground.staff.codes import DEPARTMENT_NAMES
from yihu.ground.staff.models import Account
from yihu.kernel.doors import command
from yihu.kernel.plain import save_row

KEPT = ("position", "shown")


def make_lists(communities: Iterable[Any]) -> None:
    """Each row once, however often the demo is begun again."""
    people = {
        one.username: one for one in Account.objects.filter(username__in=("li", "gao", "gong", "tian", "wen", "admin"))
    }
    for community in communities:
        acts.name_departments(community, DEPARTMENT_NAMES, by=people["admin"], key=f"demo:{community.code}:departments")
        _desk(community, people)
        _archives(community, people)
        if community.code == "YQ":
            _keys(community, people)
        for kind, name, place, times in lists.CHANNELS[community.code]:
            channel = Channel(
                community=community, kind=kind, name=name, place=place, times=times, keeper=people["tian"]
            )
            channels.save(channel, by=people["li"], key=f"demo:{community.code}:channel:{name}")
        for place, (name, trades, contact) in enumerate(lists.FIRMS):
            phone = f"139000002{place:02d}"
            firm = Firm(community=community, name=name, trades=list(trades), contact=contact, phone=phone)
            keeping.save_firm(firm, by=people["gong"], key=f"demo:{community.code}:firm:{place}")
        for username, trades in lists.SKILLS.items():
            worker = Account.objects.get(username=username)
            if community.code == "YQ":
                keeping.set_skills(
                    community, worker, list(trades), by=people["gong"], key=f"demo:{community.code}:skills:{username}"
                )


def _archives(community: Any, people: dict[str, Any]) -> None:
    """What a household's file must hold, and the department's own tree, as they come with the program."""
    DOC_TYPES.start(community, by=people["wen"], key=f"demo:{community.code}:doc-types")
    if not Item.objects.filter(community=community).exists():
        default_tree.load(community, by=people["wen"], key=f"demo:{community.code}:tree")


def _keys(community: Any, people: dict[str, Any]) -> None:
    """One cabinet in the desk's back room; the keys of plant rooms hang on its last hooks."""
    columns = ["name", "place", "keeper", "hook_prefix", "hook_count", "position", "shown"]
    for name, place, prefix, count in lists.KEY_CABINETS:
        cabinet = Cabinet(
            community=community, name=name, place=place, keeper=people["li"], hook_prefix=prefix, hook_count=count
        )
        key = f"demo:{community.code}:cabinet:{name}"
        save_row(cabinet, columns, by=people["li"], key=key, may="keys.lists")
    hooks = list(Hook.objects.filter(cabinet__community=community).order_by("-position"))
    for (tag, place), hook in zip(lists.PLANT_KEYS, hooks, strict=False):
        with command(by=people["li"], key=f"demo:{community.code}:key:{tag}", verb="keys.add") as writing:
            if not writing.replayed:
                ledger.add_key(
                    writing, KeySet(community=community, tag=tag, place=place, kind="plant", hook=hook), f"{tag} 入账"
                )


def _desk(community: Any, people: dict[str, Any]) -> None:
    def keep(word: str, columns: str, rows: Iterable[Any], **more: Any) -> None:
        for position, row in enumerate(rows):
            row.community, row.position = community, position
            key = f"demo:{community.code}:{word}:{position}"
            save_row(row, [*columns.split(), *KEPT], by=people["li"], key=key, **more)

    keep("checks", "name", (CheckItem(name=name) for name in lists.CHECKS), may="counter.lists")
    if community.code == "YQ":  # the tower's desk counts nothing and lends nothing
        things = (StockItem(name=n, kind=k, quantity=q, place=p) for n, k, q, p in lists.THINGS)
        keep("things", "name kind quantity place", things, may="counter.lists")
        lent = (LendItem(code=code, name=name, remark=remark) for code, name, remark in lists.LENT)
        keep("lent", "code name remark", lent, may="counter.lists")
    told = [_number(row, SINCE) for row in lists.NUMBERS]
    columns = "group name text hours remark source valid_from on_card"
    keep("numbers", columns, told, may=numbers.EDIT, then=numbers.drafted)
    for row in ServiceNumber.objects.filter(community=community, waiting=True).order_by("pk"):
        numbers.approve(row, by=people["gao"], key=f"demo:{community.code}:approve:{row.name}")


def _number(row: tuple[Any, ...], since: date) -> ServiceNumber:
    group, name, text, hours, remark, source, on_card = row
    return ServiceNumber(
        group=group, name=name, text=text, hours=hours, remark=remark, source=source, on_card=on_card, valid_from=since
    )  # fmt: skip
