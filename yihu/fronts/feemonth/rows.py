"""One step of the month: what the manual asks for, by when, who did it, or what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from yihu.basics.months import Month
from yihu.kernel import moments
from yihu.kernel.models import JournalEntry

WORDS: Final = {
    "done": ("已办", "state-done"),
    "late": ("超期", "state-late"),
    "busy": ("在办", "state-busy"),
    "wait": ("未到", "state-wait"),
    "none": ("没有", "state-void"),
}


@dataclass(frozen=True)
class Look:
    """Whose month, seen by whom, when."""

    community: Any
    month: Month
    person: Any
    now: datetime


@dataclass(frozen=True)
class Row:
    """``state`` is a key of WORDS; ``told`` says it in sentences, without amounts."""

    span: str
    title: str
    who: str
    state: str
    told: str
    url: str = ""
    due: datetime | None = None

    @property
    def word(self) -> str:
        return WORDS[self.state][0]

    @property
    def css(self) -> str:
        return WORDS[self.state][1]

    @property
    def due_words(self) -> str:
        return moments.short(self.due)


def state_of(now: datetime, due: datetime | None, *, done: bool) -> str:
    if done:
        return "done"
    return "late" if due is not None and now > due else "busy"


def link(look: Look, record: Any) -> str:
    """Only where this person may see it."""
    rows = type(record)._default_manager.seen_by(look.person)
    return str(record.get_absolute_url()) if rows.filter(pk=record.pk).exists() else ""


def did(record: Any, *steps: str) -> str:
    """Who took the step last, and when."""
    rows = JournalEntry.objects.filter(record=record.pk, step__in=steps).select_related("by")
    last = rows.order_by("-seq").first()
    return f"{last.by} {moments.short(last.at)}" if last else ""
