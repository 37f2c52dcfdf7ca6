"""Who called about an outage, and who still waits to hear that it is over."""

from __future__ import annotations

from typing import Any

from yihu.areas.outages.models import Outage
from yihu.ground.contact.calling import settled
from yihu.ground.contact.models import CallBack
from yihu.kernel.models import Link, Record


def callers(outage: Any) -> Any:
    """The contacts that were answered with this outage, in the order in which they came."""
    joined = Link.objects.filter(target_id=outage.pk, why=Link.Why.CAME_OF).values("origin_id")
    return Record.objects.filter(pk__in=joined, closed_as="").order_by("opened_at", "pk")


def waiting(outage: Any) -> list[int]:
    """Those of them who have not been told yet: not reached, and tried less than three times."""
    open_ones = list(callers(outage).filter(closed_at__isnull=True).values_list("pk", flat=True))
    tried: dict[int, list[str]] = {}
    for pk, outcome in CallBack.objects.filter(record_id__in=open_ones).values_list("record_id", "outcome"):
        tried.setdefault(pk, []).append(outcome)
    return [pk for pk in open_ones if not settled(tried.get(pk, []))]


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
    before = list(CallBack.objects.filter(record_id=caller.pk).values_list("outcome", flat=True))
    done = settled([*before, act.data["outcome"]])
    return Outage.State.CLOSED if done and left == [caller.pk] else ""
