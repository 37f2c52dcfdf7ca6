"""Who called about an outage, and who still waits to hear that it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yihu.areas.outages.models import Outage
from yihu.ground.contact.calling import settled
from yihu.ground.contact.models import CallBack
from yihu.kernel.models import Link, Record


def callers(outage: Any) -> Any:
    """The contacts that were answered with this outage, in the order in which they came."""
    joined = Link.objects.filter(target_id=outage.pk, why=Link.Why.CAME_OF).values("origin_id")
    return Record.objects.filter(pk__in=joined, closed_as="").order_by("opened_at", "pk")


def calls(outage: Any, pks: list[int]) -> dict[int, list[CallBack]]:
    """What was said on the telephone about this outage: the calls since each caller was tied to it. One who was not
    satisfied belongs to the second round from that call on."""
    tied = _tied(outage, pks)
    found: dict[int, list[CallBack]] = {}
    for call in CallBack.objects.filter(record_id__in=tied).order_by("attempt"):
        if call.at > tied[call.record_id]:
            found.setdefault(call.record_id, []).append(call)
    return found


def complained(outage: Any, pks: list[int]) -> dict[int, str]:
    """What the callers of a second round were not satisfied with."""
    tied = _tied(outage, pks) if outage.round_no > 1 else {}
    unhappy = CallBack.objects.filter(record_id__in=tied, feedback=CallBack.Feedback.UNSATISFIED).order_by("attempt")
    return {call.record_id: call.words for call in unhappy if call.at <= tied[call.record_id]}


def _tied(outage: Any, pks: list[int]) -> dict[int, datetime]:
    """Since when each of the callers has belonged to it."""
    ties = Link.objects.filter(target_id=outage.pk, why=Link.Why.CAME_OF, origin_id__in=pks)
    return dict(ties.values_list("origin_id", "at"))


def waiting(outage: Any) -> list[int]:
    """Those of them who have not been told yet: not reached, and tried less than three times."""
    open_ones = list(callers(outage).filter(closed_at__isnull=True).values_list("pk", flat=True))
    made = calls(outage, open_ones)
    return [pk for pk in open_ones if not settled([call.outcome for call in made.get(pk, [])])]


def some_wait(outage: Any, by: Any) -> str:
    count = len(waiting(outage))
    return f"还有 {count} 位来电人等着答复。" if count else ""


def still_waited_for(outage: Any, by: Any) -> str:
    """Whoever was told that he will hear of it must hear of it: the entry does not simply go away."""
    count = len(waiting(outage))
    return f"有 {count} 位来电人等着答复，不能撤回或合并；请登记恢复或取消，回访或告知他们。" if count else ""


def after_recovery(act: Any) -> str:
    """Whoever called is told; where nobody called there is nothing left to do."""
    return Outage.State.CALLING if waiting(act.record) else Outage.State.CLOSED


def after_cancelling(act: Any) -> str:
    return Outage.State.CALLING if waiting(act.record) else Outage.State.CANCELLED


def after_one_call(act: Any) -> str:
    """The last one that was called closes the outage."""
    caller, left = act.data["caller"], waiting(act.record)
    before = calls(act.record, [caller.pk]).get(caller.pk, [])
    done = settled([*(call.outcome for call in before), act.data["outcome"]])
    return Outage.State.CLOSED if done and left == [caller.pk] else ""
