"""Rings the clocks: warns, tells who must know when one is due, and climbs the escalation. Each level once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.kernel import clocks
from yihu.kernel.authority import authority, distinct
from yihu.kernel.doors import command
from yihu.kernel.jobs import schedule
from yihu.kernel.models.deadline import Deadline
from yihu.kernel.procedure import Clock, procedure_of

CHUNK = 200


@schedule("ring-clocks", every=timedelta(minutes=1))
def ring_clocks() -> None:
    """The minute's sweep."""
    sweep(timezone.now())


def sweep(now: datetime) -> int:
    """Ring every clock whose moment has come; gives how many rang. Each is a short transaction of its own."""
    waiting = Deadline.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, ring_at__lte=now)
    rung = 0
    for deadline_id in list(waiting.order_by("ring_at").values_list("pk", flat=True)[:CHUNK]):
        rung += _ring(deadline_id, now)
    return rung


def _ring(deadline_id: int, now: datetime) -> int:
    with command(by=authority().system(), at=now, verb="ring") as commanding:
        deadline = Deadline.objects.select_related("record__community", "record__handler").get(pk=deadline_id)
        record = deadline.record
        clock = procedure_of(record.kind).clock(deadline.code)
        warned = deadline.warn_at is not None and deadline.due_at > now
        rung_index = max(deadline.level - 1, 0)
        level = 1 if warned else rung_index + 2
        # Claim the level first: two sweeps may run at once, only one may speak.
        claimed = Deadline.objects.filter(
            pk=deadline_id,
            level=deadline.level,
            ring_at=deadline.ring_at,
            stopped_at__isnull=True,
            paused_at__isnull=True,
        ).update(level=level, ring_at=deadline.due_at if warned else _next_ring(clock, deadline, rung_index + 1))
        if not claimed:
            return 0
        people = _people(record, clock, None if warned else rung_index)
        word = "即将到期" if warned else "已到时限"
        sentence = f"{record.number} {clock.label}{word}（{timezone.localtime(deadline.due_at):%m-%d %H:%M}）"
        told = commanding.tell(people, sentence, community_id=record.community_id, record=record)
        names = "、".join(str(person) for person in told) or "无人在岗"
        commanding.note(record, f"{clock.code} {clock.label}{word}，已提醒 {names}", step="ring")
    return 1


def _next_ring(clock: Clock, deadline: Deadline, index: int) -> datetime | None:
    if index >= len(clock.escalate):
        return None
    return clocks.after(clock.escalate[index].after, deadline.due_at, deadline.community_id)


def _people(record: Any, clock: Clock, rung_index: int | None) -> list[Any]:
    """The handler (or his department) at the warning and the due moment; each rung of the escalation adds its post."""
    nearest = (
        [record.handler]
        if record.handler_id
        else authority().team_people(record.community_id, record.team)
        if record.team
        else []
    )
    if rung_index is None or rung_index >= len(clock.escalate):
        return nearest
    post = authority().holders(record.community_id, clock.escalate[rung_index].post)
    return distinct([*(nearest if rung_index == 0 else []), *post])
