"""What waits for a household besides its matters (parcels on a shelf), counted in the question that lists these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, Window
from django.urls import reverse

from yihu.kernel.screens.declare import Gathered, all_screens


def _gathering() -> Iterator[tuple[str, str, Gathered]]:
    """The column that counts, the kind of the records, and how it is said."""
    for screen in all_screens():
        if screen.gathered is not None:
            kind = screen.procedure.kind
            yield f"gathered_{kind.replace('.', '_')}", kind, screen.gathered


def counted() -> dict[str, Window]:
    """To annotate the open records of one unit with; over all of them, also beyond those that are shown."""
    return {
        column: Window(Count("pk", filter=Q(kind=kind, state__in=found.states))) for column, kind, found in _gathering()
    }


def said(row: Any, unit_id: int | None) -> list[dict[str, str]]:
    """What the annotated row counted, in words: [{text, url}]."""
    return [
        {"text": found.words.format(count), "url": f"{reverse(found.page)}?unit={unit_id}"}
        for column, _, found in _gathering()
        if (count := getattr(row, column))
    ]
