"""A finished sheet goes into the unit's papers. Who keeps papers registers here: ``ground.papers`` does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

Filer = Callable[..., None]
_filers: list[Filer] = []


def set_filer(filer: Filer) -> None:
    """``filer(kind, record, by=, at=)`` files a record's sheet under a kind of paper."""
    _filers[:] = [filer]


def file_record(kind: str, record: Any, *, by: Any, at: datetime) -> None:
    for filer in _filers:
        filer(kind, record, by=by, at=at)
