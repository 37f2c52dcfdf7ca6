"""季度、半年、年度总结 (RPT-02, RPT-03): the months' figures over a longer time, and per cluster who lives there and who complained."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yihu.areas.complaints.words import Level, Validity
from yihu.fronts.reports import complaining, monthly
from yihu.fronts.reports.complaining import Case
from yihu.fronts.reports.figures import Span, Table, grouped
from yihu.fronts.reports.periods import Period
from yihu.ground.estate.finding import occupancy_counts

WITHOUT = "（不分组团）"


def figures(sheet: Any, person: Any, now: datetime) -> dict[str, Any]:
    return monthly.figures(sheet, person, now, _of_clusters)


def _of_clusters(table: Table, span: Span) -> None:
    _lived_in(table, span)
    _complained(table, span)


def _lived_in(table: Table, span: Span) -> None:
    """As things stand when the sheet is drawn up: the roll keeps no earlier counts."""
    counted = occupancy_counts(span.community)
    headings = {"units": "户数", "handed_over": "已交房", "renovating": "已装修", "moved_in": "已入住"}
    rows = [
        {
            "label": row["name"],
            "cells": [
                *({"value": row[name]} for name in headings),
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
