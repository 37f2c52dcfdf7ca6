"""What the steps of an outage do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.outages.models import Outage, OutagePlace
from yihu.ground.contact.calling import keep_sheet
from yihu.ground.contact.models import CallBack


def where_it_starts(act: Any) -> str:
    planned = act.record.sort == Outage.Sort.PLANNED and act.record.begins_at > act.at
    return Outage.State.PLANNED if planned else Outage.State.RUNNING


def opened(act: Any) -> None:
    """Keep where it is; the whole desk and engineering hear of it."""
    scope = act.record.scope
    column = {Outage.Scope.CLUSTERS: "cluster", Outage.Scope.BUILDINGS: "building", Outage.Scope.UNITS: "unit"}.get(
        scope
    )
    if column:
        OutagePlace.objects.bulk_create([OutagePlace(outage=act.record, **{column: one}) for one in act.data["places"]])
    for post in ("receptionist", "cs_supervisor", "engineering_head"):
        act.tell_post(post, f"{act.record.number} {act.record.summarise()[:100]}")


def notified(act: Any) -> None:
    act.record.notified_at = act.at


def asked_the_utility(act: Any) -> None:
    act.record.utility_at = act.data["called_at"]


def not_taken_up(outage: Any, by: Any) -> str:
    """A municipal cause is taken up with the utility before it is put away (REP-11)."""
    if outage.side == Outage.Side.MUNICIPAL and outage.utility_at is None:
        return "市政原因的停用，请先点“联系市政”，写明联系了谁、对方怎么说。"
    return ""


def called(act: Any) -> None:
    """The sheet belongs to the caller's own contact; an unhappy one is the supervisor's."""
    sheet = keep_sheet(act.data["caller"], act)
    if sheet.feedback == CallBack.Feedback.UNSATISFIED:
        act.tell_post("cs_supervisor", f"{act.record.number} 回访 {act.data['caller']} 不满意：{sheet.words}")
