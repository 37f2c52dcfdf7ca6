"""How values look on lists and record pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel import moments
from yihu.kernel.authority import authority
from yihu.kernel.masked import Masked
from yihu.kernel.screens.declare import Screens

HALF_A_YEAR = timedelta(days=180)  # so near, month and day name one day only


def when(moment: datetime | None, now: datetime, hour: bool = False) -> str:
    """A moment as short as it can be said: 今天 09:12, 11-05 17:30, 2025-11-05. At the turn of the year the hour stays;
    ``hour``: it is said however long ago the moment was."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    if local.year == today.year or abs(local.date() - today) <= HALF_A_YEAR:
        return f"{local:%m-%d %H:%M}"
    return f"{local:%Y-%m-%d %H:%M}" if hour else f"{local:%Y-%m-%d}"


def due_css(due: datetime | None, now: datetime, warned: bool = False) -> str:
    if due is None:
        return ""
    if due <= now:
        return "late"
    return "due-soon" if warned or (due - now).total_seconds() < 3600 else "due"


def state_cell(record: Any) -> dict[str, Any]:
    tone = "void" if record.closed_as else record.procedure.tones.get(record.state, "new")
    return {"kind": "state", "text": record.state_word, "css": f"state-{tone}"}


def cell(screen: Screens, record: Any, name: str, now: datetime) -> dict[str, Any]:
    """One cell of a list row; free text is masked on lists."""
    if name == "state":
        return state_cell(record)
    if name == "next_due_at":
        due = record.next_due_at if record.closed_at is None else None
        return {"kind": "due", "text": when(due, now), "iso": due.isoformat() if due else "", "css": due_css(due, now)}
    if name == "number":
        return {"kind": "number", "text": record.number}
    text = screen.cell(record, name)
    if text is not None:
        return {"kind": "text", "text": mask_free_text(text)}
    value = getattr(record, name)
    if isinstance(value, datetime):
        return {"kind": "time", "text": when(value, now), "iso": value.isoformat()}
    if name in ("handler", "opened_by"):
        return {"kind": "person", "text": str(value or "")}
    return {"kind": "text", "text": mask_free_text(shown(record, name))}


def shown(record: Any, name: str) -> str:
    """A field's value in words, in full."""
    field = record._meta.get_field(name)
    value = getattr(record, name)
    if value is None or value == "":
        return ""
    if isinstance(value, Masked):
        return str(value)
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moments.stamp(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value)


IN_FEN = "（分）"


def changes(record: Any, changed: Mapping[str, Any]) -> list[dict[str, str]]:
    """A journal entry's changed columns with their labels."""
    labels = {
        field.name: str(field.verbose_name) for field in record._meta.get_fields() if hasattr(field, "verbose_name")
    }
    return [
        {
            "label": label.removesuffix(IN_FEN),
            "old": _written(name, old, label.endswith(IN_FEN)),
            "new": _written(name, new, label.endswith(IN_FEN)),
        }
        for name, (old, new) in changed.items()
        for label in (labels.get(name, name),)
    ]


def _written(name: str, value: Any, in_fen: bool = False) -> str:
    """Money is kept in 分 (the column's name or its label says so) and read in 元; a department is kept as its code and read by its name."""
    amount = str(value)
    if name == "team":
        return authority().team_title(amount)
    return f"{yuan(int(amount))} 元" if (in_fen or name.endswith("_fen")) and amount.lstrip("-").isdecimal() else amount
