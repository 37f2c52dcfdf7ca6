"""收费率周报 (D71, FEE-14): what a Friday's sheet says, and where the bills behind its figures are listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.http import Http404
from django.utils import timezone

from yihu.basics.money import yuan
from yihu.basics.shares import percent
from yihu.fronts.reports.fees import ages, asking
from yihu.fronts.reports.fees.asking import address, query_of
from yihu.fronts.reports.fees.beginning import BEFORE
from yihu.fronts.reports.fees.measures import PAID, Choice, Tally, debts, rows_of, tally
from yihu.fronts.reports.fees.placing import NOWHERE
from yihu.ground.ledger.balances import AGES

HEADINGS = ("当期应收", "当期已收", "当期收费率", "往期应清", "已收回", "清欠率", "综合收缴率")


def figures(sheet: Any, person: Any, now: datetime) -> dict[str, Any]:
    """As the books stand now, at the latest on the Friday."""
    day = min(timezone.localdate(now), sheet.friday)
    month = asking.usual(day)
    choice = Choice(sheet.community, month, month, day)
    rows = rows_of(choice)
    every = tally(rows).get(None, Tally())
    names = asking.buildings(sheet.community)
    found = tally(rows, "unit__building_id")
    order = [pk for pk in names if pk in found] + ([None] if None in found else [])
    lines = [(f"building.{pk or NOWHERE}", names.get(pk, "未挂房屋"), found[pk]) for pk in order]
    return {
        "at": timezone.localtime(min(now, sheet.bounds[1])).isoformat(timespec="minutes"),
        "asked": query_of(choice),
        "rates": _rates(every, str(month) if month >= choice.begun else f"{month}（{BEFORE}）"),
        "current": _amounts("current", every.current, every.households("current")),
        "prior": _amounts("prior", every.prior, every.households("prior")),
        "week": _week(choice),
        "ages": _ages(sheet.community, day),
        "tables": [
            {
                "name": "buildings",
                "title": "按楼栋",
                "first": "楼栋",
                "headings": list(HEADINGS),
                "rows": [{"label": label, "cells": cells(key, one)} for key, label, one in lines],
            }
        ],
        "trends": [],
        "lists": {},
        "behind": {},
        "hidden": 0,
    }


def _rates(one: Tally, month: str) -> list[dict[str, Any]]:
    told = (
        ("current.base", f"{month}当期收费率", one.current.paid, one.current.base),
        ("prior.base", "往期清欠率", one.prior.paid, one.prior.base),
        ("both.base", "综合收缴率", one.both.paid, one.both.base),
    )
    return [
        {"key": key, "label": label, "value": every, "text": percent(good, every)} for key, label, good, every in told
    ]


def _amounts(part: str, one: Any, homes: tuple[int, int]) -> list[dict[str, Any]]:
    words = {"base": "应收", "paid": "已收", "waived": "减免", "left": "未缴"}
    found = [_money(f"{part}.{name}", label, getattr(one, name)) for name, label in words.items()]
    return [*found, {"key": f"homes.{part}", "label": "结清户", "value": homes[1], "text": f"{homes[0]}/{homes[1]}"}]


def _money(key: str, label: str, amount: int) -> dict[str, Any]:
    return {"key": key, "label": label, "value": amount, "text": yuan(amount)}


def _week(choice: Choice) -> list[dict[str, Any]]:
    """What was paid on bills from Saturday to Friday: of this month's and of older ones."""
    rows = debts(choice.community, choice.day).filter(voucher__kind__in=PAID, day__gte=choice.day - timedelta(days=6))
    row = rows.aggregate(
        current=Sum("amount", filter=choice.current, default=0), prior=Sum("amount", filter=choice.prior, default=0),
        ahead=Sum("amount", filter=choice.ahead, default=0),
    )  # fmt: skip
    words = {"current": "收回当期", "prior": "收回往期", "ahead": "预收以后月份"}
    return [_money(f"week.{name}", label, -row[name]) for name, label in words.items()]


def _ages(community: Any, day: Any) -> list[dict[str, Any]]:
    owing = Q(charge__amount__gt=0)
    asked = {f"age{at}": Sum("amount", filter=owing & span, default=0) for at, span in enumerate(ages.spans(day))}
    row = debts(community, day).aggregate(**asked)
    return [_money(f"age.{at}", label, row[f"age{at}"]) for at, (_, label) in enumerate(AGES)]


def cells(key: str, one: Tally) -> list[dict[str, Any]]:
    """The figures under ``HEADINGS``; each amount has a key by which ``behind`` finds its bills."""

    def money(part: str, name: str) -> dict[str, Any]:
        return _money(f"{key}.{part}.{name}", "", getattr(getattr(one, part), name))

    def share(measure: Any) -> dict[str, Any]:
        return {"value": 0, "text": percent(measure.paid, measure.base)}

    return [
        money("current", "base"), money("current", "paid"), share(one.current),
        money("prior", "base"), money("prior", "paid"), share(one.prior), share(one.both),
    ]  # fmt: skip


def address_of(sheet: Any, figure: str, person: Any, now: datetime) -> str:
    """Where the bills behind a figure are listed, as the books stood on its day."""
    return behind((sheet.snapshot or figures(sheet, person, now))["asked"], figure)


def behind(choice: Mapping[str, str], figure: str) -> str:
    """``choice`` as an address has it; a figure of a building or a cluster names it first."""
    asked, words = dict(choice), figure.split(".")
    if words[0] in ("building", "cluster") and len(words) == 4:
        asked[words[0]], words = words[1], words[2:]
    part, name = words if len(words) == 2 else ("", "")
    if part == "age" and name.isdecimal():
        return address("lines", {"day": asked["day"], "part": "all", "show": "left", "age": name})
    if part == "week" and name in ("current", "prior", "ahead"):
        since = date.fromisoformat(asked["day"]) - timedelta(days=6)
        return address("moves", {**asked, "part": name, "show": "paid", "since": since.isoformat()})
    if part == "homes" and name in ("current", "prior"):
        return address("households", {**asked, "part": name})
    if part in ("current", "prior", "both") and name in ("base", "paid", "waived", "left"):
        return address("lines", {**asked, "part": part, "show": name})
    raise Http404
