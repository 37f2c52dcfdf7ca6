"""A tab of the bank's lines, page by page: what waits the oldest first, what is done the newest first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yihu.kernel.screens.page import number_or_none

PAGE = 60


def walked(request: HttpRequest, rows: Any, *, newest_first: bool) -> tuple[list[Any], bool]:
    """The lines after the one that the address names, and whether there are more."""
    after = number_or_none(request.GET.get("after")) or 0
    rows = rows.order_by("-pk" if newest_first else "pk")
    if after:
        rows = rows.filter(pk__lt=after) if newest_first else rows.filter(pk__gt=after)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE
