"""The board of 今日: figures on top, then each group's most urgent rows. How many there are costs no further query."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from yihu.fronts.workbench import gaps, lost, people, waiting
from yihu.fronts.workbench.groups import BY_NAME, GAPS, LOST, PEOPLE, WAITING, Group, Look, arrangement, shown
from yihu.kernel.screens import screens_of
from yihu.kernel.screens.cells import state_cell, when
from yihu.kernel.screens.page import step_link

ROWS = 8
TALLY = ("late", "due", "to_assign", "to_route", "calls", "to_strike", "mine")


@dataclass(frozen=True)
class Part:
    """A group with what it holds just now."""

    name: str
    title: str
    count: int
    rows: list[dict[str, Any]]
    empty: str = ""
    tone: str = ""
    url: str = ""
    template: str = "workbench/_group.html"

    @property
    def more(self) -> int:
        return max(self.count - len(self.rows), 0)


def board(look: Look) -> dict[str, Any]:
    """What ``workbench/_board.html`` needs."""
    if look.community is None:
        return {"columns": [], "tally": [], "jobs": None}
    if is_worker(look):
        return _workers_board(look)
    left, right = arrangement(look)
    counts = _counts(look, shown((*left, *right), look))
    columns = [[part for name in side if (part := _part(name, look, counts))] for side in (left, right)]
    return {"columns": [column for column in columns if column], "tally": tally(look, counts), "jobs": None}


def is_worker(look: Look) -> bool:
    """One who goes out: his orders are his day, and he reads them on a telephone."""
    return look.may("repairs.work") and not look.may("repairs.assign") and not look.may("reception.register")


def _workers_board(look: Look) -> dict[str, Any]:
    counts = _counts(look, [BY_NAME[name] for name in ("late", "due", "mine")])
    rows = _records(look, BY_NAME["mine"])[:50]
    return {
        "columns": [],
        "tally": tally(look, counts),
        "jobs": [{**_row(record, look), "next": _next_step(record, look)} for record in rows],
        "jobs_more": max(counts["mine"] - len(rows), 0),
        "jobs_url": reverse("workbench:group", args=["mine"]),
    }


def _counts(look: Look, groups: list[Group]) -> dict[str, int]:
    """How much each group holds, in one query."""
    return look.open_records().aggregate(**{group.name: Count("pk", filter=group.condition(look)) for group in groups})


def tally(look: Look, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": BY_NAME[name].title,
            "count": counts[name],
            "tone": BY_NAME[name].tone if counts[name] else "",
            "url": reverse("workbench:group", args=[name]),
        }
        for name in TALLY
        if name in counts
    ]


def _part(name: str, look: Look, counts: dict[str, int]) -> Part | None:
    if name == PEOPLE:
        crew = people.of(look) if look.may("workbench.team") else []
        return Part(PEOPLE, "我的人员", len(crew), crew, template="workbench/_people.html") if crew else None
    if name == WAITING:
        lists = waiting.of(look)
        return (
            Part(WAITING, "待办", sum(one["count"] for one in lists), lists, template="workbench/_waiting.html")
            if lists
            else None
        )
    if name == GAPS:
        found = gaps.of(look, ROWS)
        return Part(GAPS, "记录缺项", found.count, found.rows, "记录都填齐了。", url=reverse("workbench:gaps"))
    if name == LOST:
        found = lost.of(look, ROWS)
        url = f"{reverse('sending:outbox')}?tab=lost"
        return Part(LOST, "没送到的消息", found.count, found.rows, tone="late", url=url) if found.count else None
    if name not in counts:
        return None
    group = BY_NAME[name]
    if not counts[name]:
        return None if group.quiet else Part(name, group.title, 0, [], group.empty)
    rows = [_row(record, look, group.step) for record in _records(look, group)[: group.rows]]
    return Part(name, group.title, counts[name], rows, tone=group.tone, url=reverse("workbench:group", args=[name]))


def _records(look: Look, group: Group, *more: Q) -> Any:
    rows = look.open_records().filter(group.condition(look), *more)
    return rows.select_related("unit", "handler").order_by(*group.order)


def _row(record: Any, look: Look, step: str = "") -> dict[str, Any]:
    """One line: where, what, who, until when; and the button of the group, where there is one."""
    due = record.next_due_at
    handler = str(record.handler or "") or "还没有责任人"
    return {
        "pk": record.pk,
        "number": record.number,
        "url": record.get_absolute_url(),
        "where": gaps.place_of(record),
        "what": record.summary,
        "sub": f"{kind_word(record.kind)} {record.number} · {handler}",
        "due_iso": due.isoformat() if due else "",
        "due_text": when(due, look.now),
        "late": bool(due and due <= look.now),
        "soon": bool(due and look.now < due and (due - look.now).total_seconds() < 3600),
        "state": {"word": record.state_word, "css": state_cell(record)["css"]},
        "act": _offered(record, step, look),
    }


def kind_word(kind: str) -> str:
    """维修 rather than 维修单: as the navigation calls the register."""
    screen = screens_of(kind)
    return screen.nav[0] if screen.nav else screen.title


def _offered(record: Any, name: str, look: Look) -> dict[str, Any] | None:
    """The group's button, where this person may press it: nobody calls back about his own work."""
    step = record.procedure.step(name) if name else None
    return _button(record, step) if step is not None and step.who.allows(look.person, record) else None


def _next_step(record: Any, look: Look) -> dict[str, Any] | None:
    """What the person is to do next with this record."""
    for step in record.procedure.open_steps(record.state):
        if step.primary and step.who.allows(look.person, record):
            return _button(record, step)
    return None


def _button(record: Any, step: Any) -> dict[str, Any]:
    return {**step_link(record, step), "key": uuid.uuid4().hex, "version": record.version}


def rows_of(look: Look, group: Group, person_id: int | None, start: int, length: int) -> list[dict[str, Any]]:
    """A page of a group's whole list, for the address behind its count."""
    narrowed = [Q(handler_id=person_id)] if person_id is not None else []
    records = _records(replace(look, narrowed=person_id is not None), group, *narrowed)[start : start + length]
    return [_row(record, look, group.step) for record in records]
