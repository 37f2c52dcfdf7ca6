"""One line of the register as plain values, and how it is kept while it waits to go live."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from yihu.kernel.sealing import blind_index

TOLD = ("channel", "room", "caller_name", "phone", "content", "category", "result")


@dataclass
class Line:
    """A contact as the line tells it; ``again`` counts equal lines of one file, which are kept apart."""

    sheet: str
    row_no: int
    at: datetime
    channel: str = ""
    room: str = ""
    caller_name: str = ""
    phone: str = ""
    relation: str = ""
    content: str = ""
    category: str = ""
    result: str = ""
    digest: str = ""

    def know_itself(self, again: int) -> None:
        """The digest by which the line is known when it comes again, in whatever file."""
        told = [self.at.isoformat(timespec="minutes"), *(getattr(self, name) for name in TOLD), again]
        self.digest = blind_index(json.dumps(told, ensure_ascii=False), "contactline")

    def key(self) -> tuple[Any, ...]:
        return (self.at, *(getattr(self, name) for name in TOLD))


_KEPT = tuple(field.name for field in fields(Line) if field.name not in ("sheet", "row_no", "at", "digest"))


def to_staged(line: Line) -> tuple[dict[str, Any], str]:
    """When it was and by what it is known; all that somebody said is sealed until it is a contact."""
    told = asdict(line)
    values = {"at": line.at.isoformat(), "digest": line.digest}
    return values, json.dumps({name: told[name] for name in _KEPT if told[name]}, ensure_ascii=False)


def from_staged(sheet: str, row_no: int, values: dict[str, Any], secret: str) -> Line:
    return Line(
        sheet, row_no, datetime.fromisoformat(values["at"]), digest=values["digest"], **json.loads(secret or "{}")
    )
