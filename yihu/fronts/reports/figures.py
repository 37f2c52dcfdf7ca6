"""What every sheet of figures is made of: a span of time, records, and figures that name the records behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from django.db.models import Q
from django.utils import timezone

from yihu.areas.repairs.models import WorkOrder
from yihu.kernel import moments
from yihu.kernel.models import Record

VOID_ORDERS = (WorkOrder.State.DECLINED, WorkOrder.State.CANCELLED, WorkOrder.State.FALSE_ALARM)


@dataclass
class Span:
    """One community's time from ``start`` to before ``end``, looked at by one person at one moment."""

    community: Any
    start: datetime
    end: datetime
    person: Any
    now: datetime

    @property
    def cut(self) -> datetime:
        """Until when it counts: now, or the end of a time that is over."""
        return min(self.now, self.end)

    def within(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end and moment <= self.now

    def open_at_cut(self, record: Any) -> bool:
        return record.opened_at <= self.cut and (record.closed_at is None or record.closed_at > self.cut)

    def concerned(self) -> Q:
        """What this time has to do with: opened or closed in it, or open at its end."""
        return Q(opened_at__lt=self.end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=self.start))

    def records(self, model: Any, *related: str) -> list[Any]:
        rows = model.objects.seen_by(self.person).filter(self.concerned(), community=self.community)
        return list(rows.exclude(closed_as__in=("merged", "withdrawn")).select_related("unit", "handler", *related))

    def hidden(self, kinds: Sequence[str]) -> int:
        """How many records of these kinds this time concerns that the person may not see."""
        every = Record.objects.filter(self.concerned(), community=self.community, kind__in=kinds)
        seen = Record.objects.seen_by(self.person).filter(self.concerned(), community=self.community, kind__in=kinds)
        return int(every.count() - seen.count())


Picked = Callable[[Any], bool]
# (key, heading, which of a row's records count there)
Column = tuple[str, str, Picked]
# (key, label, the row's records)
Row = tuple[str, str, Sequence[Any]]


class Table:
    """Figures in groups and tables, each with the numbers of the records behind it."""

    def __init__(self) -> None:
        self.groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.tables: list[dict[str, Any]] = []
        self.behind: dict[str, list[str]] = {}

    def add(
        self, group: str, key: str, label: str, records: Iterable[Any], value: int | None = None, text: str = ""
    ) -> None:
        """``text`` is shown instead of the count: a rate or a mean over just these records."""
        name = f"{group}.{key}"
        counted = self._keep(name, records) if value is None else value
        if value is not None:
            self._keep(name, records)
        self.groups[group].append({"key": name, "label": label, "value": counted, **({"text": text} if text else {})})

    def grid(
        self,
        name: str,
        title: str,
        first: str,
        rows: Iterable[Row],
        columns: Sequence[Column],
        texts: Sequence[tuple[str, Callable[[Sequence[Any]], str]]] = (),
    ) -> None:
        """One line for each row: a count for each column, then what is worked out of the row's records."""
        lines = []
        for key, label, records in rows:
            cells: list[dict[str, Any]] = []
            for column, _, picked in columns:
                cell = f"{name}.{key}.{column}"
                cells.append({"key": cell, "value": self._keep(cell, filter(picked, records))})
            cells += [{"text": text(records), "value": 0} for _, text in texts]
            lines.append({"label": label, "cells": cells})
        headings = [heading for _, heading, _ in columns] + [heading for heading, _ in texts]
        self.tables.append({"name": name, "title": title, "first": first, "headings": headings, "rows": lines})

    def sheet(
        self, span: Span, lists: Mapping[str, Sequence[Any]], kinds: Sequence[str], **more: Any
    ) -> dict[str, Any]:
        """All of it as plain JSON."""
        for name, rows in lists.items():
            self._keep(f"lists.{name}", rows)
        return {
            **self.groups,
            "tables": self.tables,
            "lists": {name: [_line(span, one) for one in _oldest_first(rows)] for name, rows in lists.items()},
            "behind": self.behind,
            "hidden": span.hidden(kinds),
            "at": timezone.localtime(span.now).isoformat(timespec="minutes"),
            **more,
        }

    def _keep(self, name: str, records: Iterable[Any]) -> int:
        self.behind[name] = sorted({record.number for record in records})
        return len(self.behind[name])


def labels_of(found: Mapping[str, Any]) -> dict[str, str]:
    """How each figure of a sheet is called, by its key."""
    groups = (rows for name, rows in found.items() if isinstance(rows, list) and name not in ("tables", "trends"))
    labels = {one["key"]: one["label"] for rows in groups for one in rows}
    for table in found.get("tables", ()):
        for row in table["rows"]:
            for heading, cell in zip(table["headings"], row["cells"], strict=True):
                if cell.get("key"):
                    labels[cell["key"]] = f"{row['label']} · {heading}"
    return labels


def grouped(records: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for record in records:
        found.setdefault(key(record), []).append(record)
    return found


def key_of(words: str) -> str:
    """A word of people's own in an address."""
    return f"{crc32(words.encode()):08x}"


def _oldest_first(records: Iterable[Any]) -> list[Any]:
    return sorted(records, key=lambda record: (record.opened_at, record.pk))


def _line(span: Span, record: Any) -> dict[str, Any]:
    due = getattr(record, "promise_due", None) or record.next_due_at
    return {
        "number": record.number,
        "kind": record.procedure.title,
        "unit": str(record.unit or "公共区域"),
        "summary": record.summary,
        "state": record.state_word,
        "handler": str(record.handler or ""),
        "opened": moments.short(record.opened_at),
        "before": record.opened_at < span.start,
        "due": moments.short(due) if due and record.closed_at is None else "",
        "late": bool(due and due <= span.cut and record.closed_at is None),
    }
