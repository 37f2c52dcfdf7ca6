"""季度、半年、年度总结 (RPT-02, RPT-03): the months' figures over a longer time, and per cluster who lives there, who complained
and what was collected. Each figure opens its records: units and bills stand on lists of their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from yihu.areas.complaints.words import Level, Validity
from yihu.fronts.reports import complaining, monthly
from yihu.fronts.reports.complaining import Case
from yihu.fronts.reports.fees import asking, weekly
from yihu.fronts.reports.fees.asking import query_of
from yihu.fronts.reports.fees.measures import Choice, rows_of, tally
from yihu.fronts.reports.fees.placing import NOWHERE
from yihu.fronts.reports.figures import Span, Table, grouped
from yihu.fronts.reports.periods import Period
from yihu.ground.estate.finding import occupancy_counts

WITHOUT = "（不分组团）"


LIVED, FEES = "lived_in", "fees"
STAGES = {"units": "", "handed_over": "handed", "renovating": "begun", "moved_in": "moved_in"}


def figures(sheet: Any, person: Any, now: datetime) -> dict[str, Any]:
    choice = _choice(sheet, now)

    def of_clusters(table: Table, span: Span) -> None:
        _lived_in(table, span)
        _complained(table, span)
        _collected(table, choice)

    return {**monthly.figures(sheet, person, now, of_clusters), "asked": query_of(choice)}


def address_of(sheet: Any, figure: str, person: Any, now: datetime) -> str:
    """Where the units or the bills behind a figure are listed; "" for what is a record of ours."""
    name, _, rest = figure.partition(".")
    if name == LIVED:
        code, _, stage = rest.rpartition(".")
        if stage not in STAGES:
            raise Http404
        asked = {"cluster": code, "stage": STAGES[stage]}
        return f"{reverse('estate:units')}?{urlencode({key: value for key, value in asked.items() if value})}"
    if name == FEES:
        asked = (sheet.snapshot or figures(sheet, person, now)).get("asked")
        if asked is None:
            raise Http404  # signed before it said so
        return weekly.behind(asked, f"cluster.{rest}")
    return ""


def _choice(sheet: Any, now: datetime) -> Choice:
    """The months of service of the time, as the books stood at its end."""
    first, last = sheet.first_month, sheet.month
    day = timezone.localdate(min(now, sheet.bounds[1] - timedelta(seconds=1)))
    return Choice(sheet.community, first, last, day)


def _collected(table: Table, choice: Choice) -> None:
    """收费率 (domain.md §4), as in the fee reports."""
    names, found = asking.clusters(choice.community), tally(rows_of(choice), "unit__cluster_id")
    order = [pk for pk in names if pk in found] + ([None] if None in found else [])
    lines = [
        {"label": names.get(pk, WITHOUT), "cells": weekly.cells(f"{FEES}.{pk or NOWHERE}", found[pk])} for pk in order
    ]
    headings = list(weekly.HEADINGS)
    table.tables.append(
        {"name": "cluster_fees", "title": "各组团收费率", "first": "组团", "headings": headings, "rows": lines}
    )


def _lived_in(table: Table, span: Span) -> None:
    """As things stand when the sheet is drawn up: the roll keeps no earlier counts."""
    counted = occupancy_counts(span.community)
    headings = {"units": "户数", "handed_over": "已交房", "renovating": "已装修", "moved_in": "已入住"}

    def key(row: dict[str, Any], name: str) -> dict[str, str]:
        """What belongs to no cluster is listed alone only where there are none."""
        return {"key": f"{LIVED}.{row['code']}.{name}"} if row["code"] or len(counted) == 1 else {}

    rows = [
        {
            "label": row["name"],
            "cells": [
                *({**key(row, name), "value": row[name]} for name in headings),
                *({"text": _share(row, name), "value": 0} for name in ("renovating", "moved_in")),
            ],
        }
        for row in counted
    ]
    table.tables.append(
        {
            "name": "lived_in",
            "title": "各组团入住（汇总时）",
            "first": "组团",
            "headings": [*headings.values(), "装修办理率", "入住率"],
            "rows": rows,
        }
    )


def _share(row: dict[str, Any], name: str) -> str:
    """装修办理率, 入住率: of those handed over (domain.md §4)."""
    return f"{100 * row[name] / row['handed_over']:.2f}%" if row["handed_over"] else "—"


def _complained(table: Table, span: Span) -> None:
    period = Period(span.start, span.end, "", {})
    found = complaining.cases(span.community, [period], span.person, span.now)[0]
    of_cluster = grouped([one for one in found if one.received], _cluster)
    columns = (
        ("received", "受理", lambda one: True),
        ("valid", "有效", lambda one: one.received_and(Validity.VALID)),
        ("major", "重大", lambda one: one.row.level == Level.MAJOR),
        ("handled", "已处理", lambda one: one.handled),
    )
    rows = [(str(pk), name, cases) for (pk, name), cases in sorted(of_cluster.items(), key=lambda pair: pair[0][1])]
    table.grid("cluster_complaints", "各组团投诉", "组团", rows, columns, [("处理率", complaining.share("handled"))])


def _cluster(one: Case) -> tuple[int, str]:
    cluster = one.row.unit.cluster if one.row.unit else None
    return (cluster.pk, str(cluster)) if cluster else (0, WITHOUT)
