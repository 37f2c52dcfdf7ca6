"""A record as JSON: what its page shows, with types. Personal data is masked, whatever was typed where."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.fronts.api.door import Caller
from yihu.fronts.api.scopes import READ, every_step, scope
from yihu.kernel.hand_over import step_opens
from yihu.kernel.masked import Masked
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import by_slug, procedure_of
from yihu.kernel.screens import Screens, page
from yihu.kernel.screens.cells import cell

BASE = "/api/v1"


def address(slug: str, *parts: Any) -> str:
    return "/".join([BASE, slug, *(str(part) for part in parts)])


def named(row: Any) -> dict[str, Any] | None:
    return None if row is None else {"id": row.pk, "text": mask_free_text(str(row))}


def head(screen: Screens, record: Any, now: datetime) -> dict[str, Any]:
    """What every list and every record begins with."""
    late = record.closed_at is None and record.next_due_at is not None and record.next_due_at <= now
    return {
        "number": record.number,
        "url": address(screen.slug, record.number),
        "version": record.version,
        "state": record.state,
        "state_word": record.state_word,
        "summary": record.summary,
        "unit": named(record.unit),
        "handler": named(record.handler),
        "team": record.team,
        "opened_at": record.opened_at.isoformat(),
        "next_due_at": record.next_due_at.isoformat() if record.next_due_at and not record.closed_at else None,
        "closed_at": record.closed_at.isoformat() if record.closed_at else None,
        "late": late,
    }


def listed(screen: Screens, record: Any, now: datetime) -> dict[str, Any]:
    """A row of the list, with the columns of the screen in words."""
    return {
        **head(screen, record, now),
        "columns": {name: cell(screen, record, name, now)["text"] for name in screen.columns},
    }


def shown_fields(screen: Screens) -> dict[str, Any]:
    """What a record's page shows, by name: its column, or None for a text that the page makes up."""
    own = {column.name: column for column in screen.model._meta.concrete_fields}
    names = dict.fromkeys([*(name for _, names in screen.panels for name in names), *screen.columns])
    return {name: own.get(name) for name in names}


def whole(screen: Screens, record: Any, caller: Caller) -> dict[str, Any]:
    now, person = timezone.now(), caller.account
    return {
        **head(screen, record, now),
        "opened_by": named(record.opened_by),
        "fields": {name: _value(screen, record, name, column) for name, column in shown_fields(screen).items()},
        "clocks": [_clock(one) for one in page.clocks(screen.procedure, record, now)],
        "links": _links(record, caller),
        "attachments": [_attachment(row) for row in record.attachments.select_related("by").order_by("at", "pk")],
        "steps": open_steps(screen, record, caller),
        "journal": [
            {"at": entry["iso"], "by": entry["by"], "step": entry["step"], "sentence": entry["sentence"]}
            for entry in page.journal(record, page.JOURNAL_SHOWN)
        ],
        "seen_as": str(person),
    }


def _value(screen: Screens, record: Any, name: str, column: Any) -> Any:
    if column is None:
        text = screen.cell(record, name)
        return mask_free_text(text if text is not None else str(getattr(record, name, "")))
    value = getattr(record, name)
    if isinstance(value, Masked):
        return str(value)
    if column.is_relation:
        return named(value)
    return plain(value)


def plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return mask_free_text(str(value))


def _clock(shown: dict[str, Any]) -> dict[str, Any]:
    taken = ("code", "label", "rule", "status", "status_word", "tentative")
    return {**{name: shown[name] for name in taken}, "due_at": shown["due_iso"] or None}


def _links(record: Any, caller: Caller) -> list[dict[str, Any]]:
    """Records tied to this one that the integration may read."""
    found = []
    for link in page.links(record, caller.account):
        slug = link["url"].strip("/").split("/")[0]
        procedure = by_slug(slug)
        if procedure is not None and caller.may(scope(procedure, READ)):
            taken = {name: link[name] for name in ("number", "kind", "why", "state")}
            found.append({**taken, "url": address(slug, link["number"])})
    return found


def _attachment(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": mask_free_text(row.name),
        "purpose": row.purpose,
        "mime": row.mime,
        "size": row.size,
        "at": row.at.isoformat(),
        "by": str(row.by),
        "url": address("attachments", row.pk),
    }


def open_steps(screen: Screens, record: Any, caller: Caller) -> list[dict[str, Any]]:
    """The steps that this integration may take now."""
    found = []
    for step in every_step(screen.procedure):
        if caller.may(scope(screen.procedure, step.name)) and page.is_open(step, record, caller.account):
            opens = step_opens(screen.procedure, step, record)
            found.append(
                {
                    "name": step.name,
                    "label": step.label,
                    "url": address(screen.slug, record.number, step.name),
                    "form": step.form is not None,
                    "opens": procedure_of(opens).slug if opens else None,
                }
            )
    return found
