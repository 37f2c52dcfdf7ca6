"""What ties the month's turn to its runs: a run of that month that is posted is its end, however it was begun."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.running.models import BillingRun, MonthTurn
from yihu.ground.ledger.posting import BILL
from yihu.kernel.authority import authority


def opened(act: Any) -> None:
    people = authority().people_with(act.record.community_id, BILL)
    act.tell(people, f"{act.record.number} {act.record.summarise()}：抄表、公摊交齐后请试算、出账，25 日前出完。")


def run_from(origin: Any) -> dict[str, Any]:
    """The run's form stands filled in with the turn's month."""
    return {"month_on": f"{origin.period}-01"} if isinstance(origin, MonthTurn) else {}


def never(record: Any, by: Any) -> str:
    return "每月一条，不撤回；本月确实不出账的，请按“本月不出”写明原因。"


def already_posted(community_id: int, first: Any) -> bool:
    return BillingRun.objects.filter(community_id=community_id, month_on=first, state=BillingRun.State.POSTED).exists()


def posted(run: BillingRun, commanding: Any) -> None:
    """The run is posted: the turn of its month is done."""
    S = MonthTurn.State
    period = f"{run.month_on:%Y-%m}"
    turn = MonthTurn.objects.filter(turn_of=run.community_id, period=period, state__in=(S.DUE, S.UNDER_WAY)).first()
    if turn is not None:
        commanding.perform(turn, "posted", data={}, files={})
