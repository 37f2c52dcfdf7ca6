"""Rings the clocks: warns, tells who must know when one is due, and climbs the escalation. Each level once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.kernel import clocks, moments
from yihu.kernel.authority import authority, distinct
from yihu.kernel.doors import command
from yihu.kernel.jobs import schedule
from yihu.kernel.models.deadline import Deadline
from yihu.kernel.models.record import Record
from yihu.kernel.procedure import NATURAL, Clock, Limit, Rung, procedure_of

CHUNK = 200
AT_ONCE = Limit(NATURAL)


@schedule("ring-clocks", every=timedelta(minutes=1))
def ring_clocks() -> None:
    """The minute's sweep."""
    sweep(timezone.now())


def sweep(now: datetime) -> int:
    """Ring every clock whose moment has come; gives how many rang. Each is a short transaction of its own."""
    rung = 0
    for deadline_id in list(_waiting(now).order_by("ring_at").values_list("pk", flat=True)[:CHUNK]):
        rung += _ring(deadline_id, now)
    return rung


def _waiting(now: datetime) -> Any:
    return Deadline.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, ring_at__lte=now)


def _ring(deadline_id: int, now: datetime) -> int:
    with command(by=authority().system(), at=now, verb="ring") as commanding:
        # the record first, as every step does; the other way round two of them could wait for each other
        Record.objects.select_for_update(of=("self",)).get(deadlines=deadline_id)
        # another sweep may have rung it since the list was read; its next level is not due yet
        waiting = _waiting(now).select_related("record__community", "record__handler")
        deadline = waiting.filter(pk=deadline_id).first()
        if deadline is None:
            return 0
        record = deadline.record
        clock = procedure_of(record.kind).clock(deadline.code)
        warned = deadline.warn_at is not None and deadline.due_at > now
        # level 0: nothing said yet; 1: warned; 2: due; each rung that waits longer is one more
        stage = 0 if warned else max(deadline.level - 1, 0) + 1
        # Claim the level first: two sweeps may run at once, only one may speak.
        ring_at = deadline.due_at if warned else _next_ring(clock, deadline, stage)
        claim = _waiting(now).filter(pk=deadline_id, level=deadline.level)
        if not claim.update(level=stage + 1, ring_at=ring_at):
            return 0
        word = "即将到期" if warned else "已到时限"
        sentence = f"{record.number} {clock.label}{word}（{moments.short(deadline.due_at)}）"
        told: list[Any] = []
        for later in range(stage, len(_stages(clock))):
            people = _people(record, clock, later)
            told = commanding.tell(people, sentence, community_id=record.community_id, record=record)
            if told or warned:
                break  # where nobody is there to hear it, the next rung hears it at once
        names = "、".join(str(person) for person in told) or "无人在岗"
        commanding.note(record, f"{clock.label}{word}，已提醒 {names}", step="ring")
    return 1


def _stages(clock: Clock) -> list[tuple[Rung, ...]]:
    """Who is told beyond the nearest: at the warning nobody, when due the rungs that do not wait, then one rung after another."""
    at_once = tuple(rung for rung in clock.escalate if rung.after == AT_ONCE)
    return [(), at_once, *((rung,) for rung in clock.escalate if rung.after != AT_ONCE)]


def _next_ring(clock: Clock, deadline: Deadline, stage: int) -> datetime | None:
    stages = _stages(clock)
    if stage + 1 >= len(stages):
        return None
    return clocks.after(stages[stage + 1][0].after, deadline.due_at, deadline.community_id)


def _people(record: Any, clock: Clock, stage: int) -> list[Any]:
    """The handler (or his department, where he is gone) at the warning and the due moment, and the rungs of the stage.

    What is in nobody's hands warns the first rung's post at once: a warning that nobody hears is none.
    """
    nearest: list[Any] = []
    if record.handler_id:
        nearest = authority().with_stand_ins(record.community_id, record.handler)
    if not nearest and record.team:
        nearest = authority().team_people(record.community_id, record.team)
    rungs = _stages(clock)[stage]
    if stage <= 1 and not nearest and not rungs:
        rungs = clock.escalate[:1]
    posts = [person for rung in rungs for person in authority().holders(record.community_id, rung.post)]
    return distinct([*(nearest if stage <= 1 else []), *posts])
