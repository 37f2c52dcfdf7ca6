"""Who answers for what nobody has taken over, as what a meter is billed, and what the price list says besides the prices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yihu.areas.billing.meters.models import Meter, MeterItem
from yihu.areas.billing.meters.pages.items import METER_ITEMS
from yihu.areas.billing.tariffs import dating
from yihu.areas.billing.tariffs.models import Board, Developer
from yihu.areas.billing.tariffs.pages.board import BoardForm
from yihu.areas.counter.models import ServiceNumber
from yihu.demo.people import SINCE
from yihu.demo.stock.lists import DESK, DEVELOPERS
from yihu.ground.estate.models import Party, Unit
from yihu.ground.estate.tenure import known_or_new, pass_title
from yihu.ground.ledger.models import FeeItem
from yihu.ground.ledger.posting import TARIFF
from yihu.ground.staff.models import Account
from yihu.kernel.doors import command
from yihu.kernel.plain import save_row

METERED = ((Meter.Kind.WATER, "SF"), (Meter.Kind.POWER, "DF"))
COMPANY = "云栖物业服务有限公司（虚构）"
NOTE = "代收水电费按供应单位价格收取，不加价。"


def make_payers(communities: Iterable[Any]) -> None:
    """项经理 enters all of it, once, however often the demo is begun again."""
    people = {one.username: one for one in Account.objects.filter(username__in=("li", "xiang"))}
    for community in communities:
        _developer(community, people)
        _meter_items(community, people["xiang"])
        _board(community, people["xiang"])


def developer_of(community: Any) -> Party | None:
    """The firm that pays for what is not handed over (物业管理条例第41条)."""
    row = Developer.objects.filter(community=community).select_related("party").order_by("pk").first()
    return row.party if row is not None else None


def _developer(community: Any, people: dict[str, Any]) -> None:
    if Developer.objects.filter(community=community).exists():
        return
    key, name = f"demo:{community.code}:developer", DEVELOPERS[community.code]
    with command(by=people["li"], key=key, verb="demo.developer") as commanding:
        if not commanding.replayed:
            party, _ = known_or_new(community.pk, {"name": name, "kind": Party.Kind.COMPANY})
            commanding.note(commanding.book("estate.party", party.pk), f"{people['li']} 登记客户 {party.journal_name}")
    party = Party.objects.get(community=community, name=name)
    row = Developer(community=community, party=party, from_on=SINCE)
    dating.keep(row, may=TARIFF, by=people["xiang"], key=f"{key}:pays")


def _meter_items(community: Any, by: Any) -> None:
    for kind, code in METERED:
        if not MeterItem.objects.filter(community=community, kind=kind, shown=True).exists():
            item = FeeItem.objects.get(community=community, code=code)
            row = MeterItem(community=community, kind=kind, item=item)
            METER_ITEMS.write(row, by=by, key=f"demo:{community.code}:meter-item:{code}")


def _board(community: Any, by: Any) -> None:
    """The telephone is the one that the desk tells."""
    if not Board.objects.filter(community=community).exists():
        row = Board(community=community, company=COMPANY, hotline=hotline(community), note=NOTE)
        save_row(row, BoardForm._meta.fields or (), may=TARIFF, by=by, key=f"demo:{community.code}:board")


def hotline(community: Any) -> str:
    told = ServiceNumber.objects.filter(community=community, name=DESK, approved_by__isnull=False).first()
    return f"{told.text}（{told.hours}）" if told is not None else ""


def own(community: Any, by: Any) -> None:
    """The tower is let, not sold: its builder owns the offices and pays where no lease says that the lessee does."""
    party: Any = developer_of(community)
    with command(by=by, key=f"demo:{community.code}:owned", verb="demo.owned") as commanding:
        if not commanding.replayed:
            for unit in Unit.objects.filter(community=community, kind=Unit.Kind.OFFICE).order_by("pk"):
                pass_title(commanding, unit, [(party, None)], SINCE, "按产权登记")
