"""Where the lines behind a figure stand."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


def line_of(line: int, first: date, last: date) -> str:
    """The claims, or the bills, of one budget line between two days."""
    return _address("spending:lines", line, {"from": first.isoformat(), "to": last.isoformat()})


def income_of(item: int, what: str, first: date, last: date) -> str:
    """What was billed or received of one fee item between two days."""
    return _address("spending:income", item, {"what": what, "from": first.isoformat(), "to": last.isoformat()})


def _address(name: str, pk: int, asked: dict[str, str]) -> str:
    return f"{reverse(name, args=[pk])}?{urlencode(asked)}"
