"""Starts, pauses, stops and rings the clocks that procedures declare. Knows calendars, knows nothing of repairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from yihu.basics import worktime
from yihu.kernel.calendars import office, parameter
from yihu.kernel.models.deadline import Deadline
from yihu.kernel.procedure import NATURAL, PROMISED, Clock, Limit, Procedure


def limit_of(clock: Clock, record: Any) -> Limit | None:
    """The limit for this record: the company's amount if it had set one when the record was opened, else the declared
    one (REV-02). None: no clock."""
    variant = str(getattr(record, clock.vary)) if clock.vary else ""
    declared = clock.variants().get(variant)
    return declared and in_force(declared, clock.code, variant, record.community_id, record.opened_at)


def in_force(declared: Limit, code: str, variant: str, community_id: int, at: datetime) -> Limit:
    """What the company made of a declared limit, as it was at ``at``."""
    own = None if declared.calendar == PROMISED else parameter(parameter_name(code, variant), community_id, at)
    if not own:
        return declared
    return Limit(
        own.get("calendar", declared.calendar), minutes=int(own.get("minutes", 0)), days=int(own.get("days", 0))
    )


def parameter_name(code: str, variant: str) -> str:
    return f"clock.{code}.{variant}" if variant else f"clock.{code}"


def after(limit: Limit, start: datetime, community_id: int) -> datetime:
    """The moment at which ``limit`` has run since ``start`` (UTC in, UTC out)."""
    if limit.calendar == NATURAL:
        return start + timedelta(minutes=limit.minutes)
    return _reckoned(limit, start, community_id)[0]


def _reckoned(limit: Limit, start: datetime, community_id: int) -> tuple[datetime, bool]:
    """The moment, and whether it is tentative: a year that has not been announced is reckoned by weekends alone,
    marked so on the page, alarmed, and reckoned anew when the year is entered."""
    calendar = office(community_id, start)
    try:
        return worktime.due_at(limit.calendar, start, minutes=limit.minutes, days=limit.days, office=calendar), False
    except worktime.CalendarYearMissing:
        guess = calendar.as_tentative()
        return worktime.due_at(limit.calendar, start, minutes=limit.minutes, days=limit.days, office=guess), True


def build(procedure: Procedure, code: str, record: Any, at: datetime) -> Deadline | None:
    """An unsaved deadline, or None where the record has no such limit."""
    clock = procedure.clock(code)
    limit = limit_of(clock, record)
    if limit is None:
        return None
    tentative = False
    if limit.calendar == PROMISED:
        due = getattr(record, clock.due_field)
        if due is None:
            return None
        warn = due - timedelta(minutes=clock.warn) if clock.warn else None
    else:
        due, tentative = (
            (at + timedelta(minutes=limit.minutes), False)
            if limit.calendar == NATURAL
            else _reckoned(limit, at, record.community_id)
        )
        warn = (
            after(Limit(limit.calendar, minutes=clock.warn), at, record.community_id)
            if clock.warn and not limit.days
            else None
        )
    if warn is not None and not at < warn < due:
        warn = None
    return Deadline(
        record_id=record.pk,
        community_id=record.community_id,
        code=code,
        calendar=limit.calendar,
        rule=limit.words(),
        starts_at=at,
        due_at=due,
        warn_at=warn,
        ring_at=warn or due,
        tentative=tentative,
    )


def start(procedure: Procedure, codes: Iterable[str], record: Any, at: datetime) -> None:
    """Start clocks; one that still runs is stopped first, so that a code runs once at a time."""
    fresh = [deadline for code in codes if (deadline := build(procedure, code, record, at))]
    if fresh:
        Deadline.objects.bulk_create(fresh)


def running(record: Any) -> set[str]:
    """The codes of the clocks that have not been stopped."""
    return set(Deadline.objects.filter(record_id=record.pk, stopped_at__isnull=True).values_list("code", flat=True))


def stop(codes: Iterable[str] | None, record: Any, at: datetime) -> None:
    """Stop the named clocks of the record, or all of them; whether each was met is kept."""
    running = Deadline.objects.filter(record_id=record.pk, stopped_at__isnull=True)
    if codes is not None:
        running = running.filter(code__in=list(codes))
    for deadline in running:
        ran_until = min(at, deadline.paused_at or at)  # what was late before it was paused stays late
        deadline.stopped_at, deadline.met, deadline.ring_at = at, ran_until <= deadline.due_at, None
        deadline.save(update_fields=["stopped_at", "met", "ring_at"])


def pause(codes: Iterable[str], record: Any, at: datetime) -> None:
    Deadline.objects.filter(
        record_id=record.pk, code__in=list(codes), stopped_at__isnull=True, paused_at__isnull=True
    ).update(paused_at=at)


def resume(codes: Iterable[str], record: Any, at: datetime) -> None:
    """Go on with what was left when the clock was paused; a clock already late stays late."""
    paused = Deadline.objects.filter(
        record_id=record.pk, code__in=list(codes), stopped_at__isnull=True, paused_at__isnull=False
    )
    for deadline in paused:
        _over(deadline, at)
        deadline.paused_at = None
        deadline.save(update_fields=["due_at", "ring_at", "warn_at", "paused_at", "pauses"])


def _over(deadline: Deadline, at: datetime) -> None:
    """Leave out the pause up to now; what was put off already is not left out twice."""
    assert deadline.paused_at is not None
    for begins, ends in _not_yet_left_out(deadline, deadline.paused_at, at):
        deadline.pauses = [*deadline.pauses, [begins.isoformat(), ends.isoformat()]]
        _leave_out(deadline, begins, ends)


def _not_yet_left_out(deadline: Deadline, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """The parts of a span that no earlier pause covers."""
    parts = []
    for known in sorted([datetime.fromisoformat(one) for one in pause] for pause in deadline.pauses):
        if begins < min(known[0], ends):
            parts.append((begins, min(known[0], ends)))
        begins = max(begins, known[1])
    return [*parts, (begins, ends)] if begins < ends else parts


def put_off(codes: Iterable[str], record: Any, at: datetime, until: datetime) -> list[tuple[str, datetime, datetime]]:
    """The owner asked to wait until then: his time is not counted. What is late already stays late.

    Gives code, due moment before and due moment now of those that moved. A paused clock goes on standing still.
    """
    running = Deadline.objects.filter(record_id=record.pk, code__in=list(codes), stopped_at__isnull=True)
    moved = []
    for deadline in running:
        if deadline.due_at <= (deadline.paused_at or at):
            continue
        if deadline.paused_at is not None:
            _over(deadline, at)
            deadline.paused_at = max(at, deadline.paused_at)
        before = deadline.due_at
        for begins, ends in _not_yet_left_out(deadline, at, until):
            deadline.pauses = [*deadline.pauses, [begins.isoformat(), ends.isoformat()]]
            _leave_out(deadline, begins, ends)
        deadline.save(update_fields=["due_at", "ring_at", "warn_at", "paused_at", "pauses"])
        if deadline.due_at != before:
            moved.append((deadline.code, before, deadline.due_at))
    return moved


def if_put_off(code: str, record: Any, at: datetime, until: datetime) -> tuple[datetime, datetime] | None:
    """When a running clock is due, and when it would be if the time until then were not counted."""
    deadline = Deadline.objects.filter(record_id=record.pk, code=code, stopped_at__isnull=True).first()
    if deadline is None or deadline.paused_at is not None or deadline.due_at <= at:
        return None
    before = deadline.due_at
    for begins, ends in _not_yet_left_out(deadline, at, until):
        _leave_out(deadline, begins, ends)
    return before, deadline.due_at


def close_late(codes: Iterable[str], record: Any, at: datetime) -> None:
    """A promise that was missed stays missed; the next one gets a clock of its own."""
    missed = Deadline.objects.filter(
        record_id=record.pk, code__in=list(codes), calendar=PROMISED, stopped_at__isnull=True, due_at__lt=at
    )
    stop(list(missed.values_list("code", flat=True)), record, at)


def _leave_out(deadline: Deadline, begins: datetime, ends: datetime) -> None:
    """Move the due moment by what the pause cost of the clock's own time; what was due before it stays due."""
    if deadline.due_at <= begins:
        return
    if deadline.calendar in (NATURAL, PROMISED):
        moved = deadline.due_at + (ends - begins)
    else:
        calendar = office(deadline.community_id, ends).as_tentative()
        moved = worktime.due_after_pause(deadline.calendar, deadline.due_at, begins, ends, calendar)
    shift = moved - deadline.due_at
    deadline.due_at = moved
    deadline.ring_at = deadline.ring_at + shift if deadline.ring_at else moved
    deadline.warn_at = deadline.warn_at + shift if deadline.warn_at else None


def _leave_out_again(deadline: Deadline, pauses: Iterable[tuple[str, str]]) -> None:
    """A clock reckoned anew still owes nothing for the time it stood still."""
    deadline.pauses = list(pauses)
    for begins, ends in deadline.pauses:
        _leave_out(deadline, datetime.fromisoformat(begins), datetime.fromisoformat(ends))


def reopen(code: str, record: Any) -> None:
    """Let the clock go on that was stopped last, as if it had not been: the work was not finished after all."""
    last = Deadline.objects.filter(record_id=record.pk, code=code).order_by("-pk").first()
    if last is None or last.stopped_at is None:
        return
    last.stopped_at, last.met, last.ring_at, last.level = None, None, last.due_at, min(last.level, 1)
    last.save(update_fields=["stopped_at", "met", "ring_at", "level"])


def go_on(record: Any, stopped_at: datetime) -> None:
    """The clocks that a closing stopped go on as if it had not been (a merge that is undone)."""
    for deadline in Deadline.objects.filter(record_id=record.pk, stopped_at=stopped_at):
        deadline.stopped_at, deadline.met, deadline.ring_at = None, None, deadline.due_at
        deadline.level = min(deadline.level, 1)
        deadline.save(update_fields=["stopped_at", "met", "ring_at", "level"])


def no_later_than(other: Any, record: Any) -> list[tuple[str, datetime, datetime]]:
    """What is merged has waited longer: a clock that runs for both is due when the earlier of them was.

    Gives code, due moment before and due moment now of those of ``other`` that moved.
    """
    theirs = {found.code: found for found in Deadline.objects.filter(record_id=record.pk, stopped_at__isnull=True)}
    moved = []
    for deadline in Deadline.objects.filter(record_id=other.pk, stopped_at__isnull=True, code__in=list(theirs)):
        earlier = theirs[deadline.code].due_at
        if earlier < deadline.due_at:
            moved.append((deadline.code, deadline.due_at, earlier))
            deadline.due_at = deadline.ring_at = earlier
            deadline.level = min(deadline.level, 1)
            deadline.save(update_fields=["due_at", "ring_at", "level"])
    return moved


def due_again(other: Any, moved: Iterable[tuple[str, datetime, datetime]]) -> None:
    """Undo ``no_later_than`` where nothing else has moved the clock since."""
    for code, before, now in moved:
        Deadline.objects.filter(record_id=other.pk, code=code, due_at=now, stopped_at__isnull=True).update(
            due_at=before, ring_at=before
        )


def reckon_anew(procedure: Procedure, record: Any, changed: set[str], but: Iterable[str]) -> None:
    """What a clock's limit depends on was changed (a level, a promised time): reckon it from its own beginning.

    ``but``: codes that the step itself stops or starts.
    """
    for clock in procedure.clocks:
        if clock.code in but or not changed & {clock.vary, clock.due_field}:
            continue
        running = Deadline.objects.filter(record_id=record.pk, code=clock.code, stopped_at__isnull=True).first()
        since = running.starts_at if running else _would_run_since(procedure, clock.code, record)
        fresh = build(procedure, clock.code, record, since) if since else None
        if running and fresh and running.rule == fresh.rule and clock.due_field not in changed:
            continue
        if running and fresh:
            fresh.pk, fresh.paused_at = running.pk, running.paused_at
            # a new promise was made with the pauses in mind
            if fresh.calendar != PROMISED or clock.due_field not in changed:
                _leave_out_again(fresh, running.pauses)
            fresh.save(force_update=True)
        elif running:
            running.delete()  # the record has no such limit any more
        elif fresh:
            fresh.save(force_insert=True)


def _would_run_since(procedure: Procedure, code: str, record: Any) -> datetime | None:
    """When a clock was started that had no limit then, if nothing has stopped it since."""
    since = record.opened_at if code in procedure.opening_starts else None
    for entry in record.journal.order_by("seq"):
        step = procedure.step(entry.step)
        if step is not None and code in step.stops:
            since = None
        if step is not None and code in step.starts:
            since = entry.at
    return since


def next_due(record: Any) -> datetime | None:
    """The nearest due time among the record's running clocks."""
    running = Deadline.objects.filter(record_id=record.pk, stopped_at__isnull=True, paused_at__isnull=True)
    first: datetime | None = running.aggregate(first=Min("due_at"))["first"]
    return first


def settle_tentative() -> int:
    """Reckon anew what was tentative, once the missing year has been entered; gives how many were settled."""
    settled = 0
    waiting = Deadline.objects.filter(tentative=True, stopped_at__isnull=True, paused_at__isnull=True).select_related(
        "record"
    )
    for deadline in waiting:
        record = deadline.record.typed
        limit = limit_of(record.procedure.clock(deadline.code), record)
        if limit is None or limit.calendar == PROMISED:
            continue
        deadline.due_at, tentative = _reckoned(limit, deadline.starts_at, deadline.community_id)
        _leave_out_again(deadline, deadline.pauses)
        Deadline.objects.filter(pk=deadline.pk, stopped_at__isnull=True).update(
            due_at=deadline.due_at, ring_at=deadline.due_at, tentative=tentative
        )
        type(deadline.record).objects.filter(pk=record.pk).update(next_due_at=next_due(record))
        settled += not tentative
    return settled
