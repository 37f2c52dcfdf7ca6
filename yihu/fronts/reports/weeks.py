"""维保情况周汇总 (F15, REP-09): the repairs of one week, and whom the desk has still to call (D76)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yihu.areas.repairs.models import WorkOrder
from yihu.areas.warranty.models import Slip
from yihu.fronts.reports import repairing, trends
from yihu.fronts.reports.figures import Span, Table
from yihu.fronts.reports.repairing import Repairs
from yihu.fronts.reports.timeliness import rate
from yihu.ground.contact.models import CallBack

KINDS = ("repairs.workorder", "warranty.slip")


def figures(sheet: Any, person: Any, now: datetime) -> dict[str, Any]:
    span = Span(sheet.community, *sheet.bounds, person, now)
    repairs, table = Repairs(span), Table()
    repairing.count(table, repairs)
    repairing.tables(table, repairs)
    repairing.spots(table, repairs)
    slips = span.records(Slip)
    to_call = _call_backs(table, repairs, slips)
    lists = {"deferred": repairs.deferred, "late": repairs.late, "to_call": to_call}
    return table.sheet(span, lists, KINDS, trends=trends.plain(sheet, person, now))


def _call_backs(table: Table, repairs: Repairs, slips: list[Any]) -> list[Any]:
    """Everybody for whom something was put right this week is to be asked (100 %)."""
    span = repairs.span
    asked = [*repairs.finished, *(slip for slip in slips if span.within(slip.accepted_at))]
    reached = CallBack.objects.filter(
        record_id__in=[one.pk for one in asked], outcome=CallBack.Outcome.REACHED, at__lte=span.now
    )
    said = set(reached.values_list("record_id", flat=True))
    waits = (WorkOrder.State.CALL_BACK, Slip.State.CALL_BACK)
    to_call = [one for one in (*repairs.orders, *slips) if one.state in waits]
    share = rate(one.pk in said for one in asked)
    text = f"{share['text']} {share['good']}/{share['every']}" if share["every"] else "—"
    table.add("call_backs", "asked", "应回访", asked)
    table.add("call_backs", "said", "已回访", [one for one in asked if one.pk in said])
    table.add("call_backs", "tried", "多次未接通", [one for one in asked if one.state == "tried"])
    table.add("call_backs", "to_call", "还要回访", to_call)
    table.add("call_backs", "rate", "回访率（目标 100%）", asked, text=text)
    return to_call
