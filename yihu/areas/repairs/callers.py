"""Who reported a fault: one job may have many callers, and each of them hears that it is repaired."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from yihu.areas.repairs.models import Telling, WorkOrder
from yihu.ground.contact.calling import TRIES, attempts, settled
from yihu.ground.contact.models import CallBack
from yihu.kernel.models import Link, Record
from yihu.kernel.who import Who

S, Why = WorkOrder.State, Link.Why


def family(order: Any) -> list[int]:
    """The order and all that were merged into it."""
    found, fresh = [order.pk], [order.pk]
    while fresh:
        fresh = list(Link.objects.filter(target_id__in=fresh, why=Why.MERGED).values_list("origin_id", flat=True))
        found += fresh
    return found


def first_of(order: Any) -> int | None:
    """The entry with which the order was opened; its own call-back is the order's."""
    opened = Link.objects.filter(target_id=order.pk, why=Why.CAME_OF, at=order.opened_at).order_by("pk")
    return opened.values_list("origin_id", flat=True).first()


def callers(order: Any) -> Any:
    """The entries that lead to this job, in the order in which they came; a merged order that came of none stands for itself."""
    members = family(order)
    entries = dict(Link.objects.filter(target_id__in=members, why=Why.CAME_OF).values_list("origin_id", "target_id"))
    alone = set(members[1:]) - set(entries.values())
    rows = Record.objects.filter(pk__in=[*entries, *alone]).exclude(closed_as=Record.ClosedAs.WITHDRAWN)
    return rows.order_by("opened_at", "pk")


def others(order: Any) -> Any:
    """All of them but the one whose order this is."""
    return callers(order).exclude(pk=first_of(order) or 0)


def told(order: Any, pks: list[int]) -> dict[int, str]:
    """What became of each: called back, told with the others, or nothing yet."""
    calls: dict[int, list[CallBack]] = defaultdict(list)
    for call in CallBack.objects.filter(record_id__in=pks).order_by("attempt"):
        calls[call.record_id].append(call)
    tellings = {one.record_id: one for one in Telling.objects.filter(order=order, record_id__in=pks)}
    found = {pk: f"一并告知（{one.how}）" for pk, one in tellings.items()}
    for pk, made in calls.items():
        words = f"{made[-1].get_outcome_display()} {made[-1].get_feedback_display()}".strip()
        if settled([call.outcome for call in made]):
            found[pk] = words
    return found


def waiting(order: Any) -> list[int]:
    """Those of the others who have not heard yet. What was struck off or voided waits no more."""
    rows = [row for row in others(order) if row.closed_at is None or row.closed_as == Record.ClosedAs.MERGED]
    heard = told(order, [row.pk for row in rows])
    return [row.pk for row in rows if row.pk not in heard]


def some_wait(order: Any, by: Any) -> str:
    """Why the order is not over yet, although a caller was taken out of it."""
    count = len(waiting(order))
    return f"还有 {count} 位报修人没有告知。" if count else "" if settled(_own(order)) else "报修人还没有回访。"


def after_own_call(act: Any) -> str:
    """As with any call-back; but a job with more callers stays open until each of them has heard."""
    outcome = act.data["outcome"]
    if (not settled([outcome]) and attempts(act.record) + 1 < TRIES) or waiting(act.record):
        return ""
    return _ends([outcome])


def _ends(outcomes: list[str]) -> str:
    return str(S.CLOSED if CallBack.Outcome.REACHED in outcomes else S.TRIED)


def called_already(order: Any, by: Any) -> str:
    if not settled(_own(order)):
        return ""
    return f"报修人已经回访过；还有 {len(waiting(order))} 位其他报修人没有告知，请用“回访其他报修人”或“一并告知”。"


def _own(order: Any) -> list[str]:
    return list(CallBack.objects.filter(record_id=order.pk).values_list("outcome", flat=True))


def after_one_call(act: Any) -> str:
    """The last one that was called closes the job, if the order's own call-back is done."""
    caller, left, own = act.data["caller"], waiting(act.record), _own(act.record)
    before = list(CallBack.objects.filter(record_id=caller.pk).values_list("outcome", flat=True))
    done = settled([*before, act.data["outcome"]]) and left == [caller.pk]
    return _ends(own) if done and settled(own) else ""


def after_telling(act: Any) -> str:
    own = _own(act.record)
    return _ends(own) if settled(own) else ""


def told_all(act: Any) -> None:
    """All who have not heard yet are told by one message that somebody sent."""
    order = act.record
    how, words = dict(HOW)[act.data["how"]], act.data["words"]
    rows = [Telling(order=order, record_id=pk, how=how, words=words, by=act.by, at=act.at) for pk in waiting(order)]
    Telling.objects.bulk_create(rows, ignore_conflicts=True)


HOW = (("sms", "短信"), ("chat", "微信"), ("phone", "电话"), ("notice", "张贴通知"))


def _has_others(person: Any, order: Any, grants: Any) -> bool:
    return order.pk is not None and order.state == S.CALL_BACK and others(order).exists()


shared = Who(_has_others, "有其他报修人时")
