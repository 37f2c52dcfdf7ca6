"""What is open and what has happened, of a unit or a person: all kinds of records, all channels, one list (DESK-12)."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, Window
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yihu.areas.complaints.models import Household
from yihu.areas.reception.models import Contact
from yihu.ground.contact.models import CallBack
from yihu.kernel.models import Deadline, Record
from yihu.kernel.screens import gathered, screens_of
from yihu.kernel.screens.cells import state_cell, when

OPEN_SHOWN = 12
PAGE = 30


def of_unit(unit: Any, person: Any) -> Any:
    """Its own records, and the complaints of many households that it joined; put together in the one question."""
    own = Record.objects.filter(community_id=unit.community_id, unit=unit).order_by().values("pk")
    joined = Household.objects.filter(unit=unit, withdrawn_at__isnull=True).values("complaint_id")
    return Record.objects.few_seen_by(person, own.union(joined, all=True)).filter(community_id=unit.community_id)


def of_party(party: Any, person: Any) -> Any:
    """Also the contacts in which only the person's telephone was written down."""
    phones = [index for index in (party.phone_index, party.phone2_index) if index]
    called = Contact.objects.filter(community_id=party.community_id, phone_index__in=phones)
    belongs = Record.objects.filter(community_id=party.community_id, party=party).order_by().values("pk")
    keys = belongs.union(called.order_by().values("pk"), all=True) if phones else belongs
    return Record.objects.few_seen_by(person, keys).filter(community_id=party.community_id)


def open_matters(rows: Any, now: datetime) -> dict[str, Any]:
    """The unfinished ones with their clocks, the most urgent first; two queries, however many there are."""
    found = list(
        rows.filter(closed_at__isnull=True)
        .annotate(
            total=Window(Count("pk")), late=Window(Count("pk", filter=Q(next_due_at__lte=now))), **gathered.counted()
        )
        .select_related("unit", "handler")
        .order_by("next_due_at", "-opened_at", "-pk")[:OPEN_SHOWN]
    )
    clocks: dict[int, list[str]] = {}
    running = Deadline.objects.filter(record__in=[row.pk for row in found] or [0], stopped_at__isnull=True)
    for deadline in running.order_by("due_at"):
        clocks.setdefault(deadline.record_id, []).append(_clock(deadline, found, now))
    total = found[0].total if found else 0
    return {
        "rows": [_open(row, clocks.get(row.pk, []), now) for row in found],
        "total": total,
        "more": total - len(found),
        "late": found[0].late if found else 0,
        "gathered": gathered.said(found[0], found[0].unit_id) if found else [],
    }


def _clock(deadline: Any, found: list[Any], now: datetime) -> str:
    record = next(row for row in found if row.pk == deadline.record_id)
    label = record.procedure.clock(deadline.code).label
    return f"{label}已暂停" if deadline.paused_at else f"{label} {when(deadline.due_at, now)}"


def _open(row: Any, clocks: list[str], now: datetime) -> dict[str, Any]:
    due = row.next_due_at
    return {
        "pk": row.pk,
        "url": row.get_absolute_url(),
        "kind": kind_word(row.kind),
        "what": row.summary,
        "sub": " · ".join([row.number, str(row.handler or "还没有责任人"), *clocks]),
        "due_iso": due.isoformat() if due else "",
        "due_text": when(due, now),
        "late": bool(due and due <= now),
        "state": _state(row),
    }


def history(rows: Any, after: str, now: datetime) -> dict[str, Any]:
    """A page of everything, newest first, by month; two queries."""
    place = _position(after)
    if place:
        rows = rows.filter(Q(opened_at__lt=place[0]) | Q(opened_at=place[0], pk__lt=place[1]))
    found = list(rows.select_related("unit", "handler").order_by("-opened_at", "-pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    said: dict[int, str] = {}
    for call in CallBack.objects.filter(record__in=[row.pk for row in found] or [0]).order_by("attempt"):
        said[call.record_id] = f"回访{call.get_feedback_display() or call.get_outcome_display()}"
    lines = [_line(row, said.get(row.pk, "")) for row in found]
    last = found[-1] if more else None
    return {
        "months": [
            {"title": month, "lines": list(group)} for month, group in groupby(lines, key=lambda line: line["month"])
        ],
        "next": f"{last.opened_at.isoformat()}_{last.pk}".replace("+", "%2B") if last else "",
    }


def _line(row: Any, said: str) -> dict[str, Any]:
    local = timezone.localtime(row.opened_at)
    return {
        "month": f"{local.year} 年 {local.month} 月",
        "day": f"{local:%m-%d}",
        "iso": row.opened_at.isoformat(),
        "url": row.get_absolute_url(),
        "what": row.summary or row.number,
        "sub": " · ".join(part for part in (kind_word(row.kind), row.number, str(row.handler or ""), said) if part),
        "unit": str(row.unit or "公共区域"),
        "state": _state(row),
    }


def kind_word(kind: str) -> str:
    """维修 rather than 维修单: as the navigation calls the register."""
    screen = screens_of(kind)
    return screen.nav[0] if screen.nav else screen.title


def _state(row: Any) -> dict[str, str]:
    return {"word": row.state_word, "css": state_cell(row)["css"]}


def _position(words: str) -> tuple[datetime, int] | None:
    moment, _, number = words.replace(" ", "+").rpartition("_")
    try:
        found = parse_datetime(moment)
    except ValueError:
        return None
    fits = found is not None and timezone.is_aware(found) and number.isascii() and number.isdigit() and len(number) < 19
    return (found, int(number)) if found is not None and fits else None
