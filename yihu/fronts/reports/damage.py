"""What broke of the buildings' own facilities in one month, for engineering (REP-13): the page and the sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.fronts.reports import repairing
from yihu.fronts.reports.figures import Span, Table
from yihu.fronts.reports.periods import Period
from yihu.fronts.reports.repairing import Repairs

KINDS = ("repairs.workorder",)


def figures(community: Any, period: Period, person: Any, now: datetime) -> dict[str, Any]:
    """One line for each building, one column for each system; every order that stands behind them as a list."""
    repairs, table = Repairs(Span(community, period.start, period.end, person, now)), Table()
    repairing.damage(table, repairs)
    common = [one for one in repairs.received if one.unit_id is None]
    return table.sheet(repairs.span, {"common": common}, KINDS)


def on_paper(community: Any, period: Period, by: Any) -> dict[str, Any]:
    found = figures(community, period, by, timezone.now())
    table = found["tables"][0]
    rows = [
        {"label": row["label"], "cells": [cell.get("text") or str(cell["value"]) for cell in row["cells"]]}
        for row in table["rows"]
    ]
    return {
        "community": community.name,
        "number": f"{community.code}-SS-{period.query['month'].replace('-', '')}",
        "month": period.title,
        "period": period.days,
        "headings": table["headings"],
        "rows": rows,
        "lines": found["lists"]["common"],
        "hidden": found["hidden"],
    }
