"""Columns, tabs and panels of the month's round."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from yihu.areas.billing.meters.composing import odd_words
from yihu.areas.billing.meters.models import Reading, ReadingImport, ReadingRound, ReadingRow
from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.meters.recording import READ
from yihu.areas.billing.meters.rounds import due, missing, pending
from yihu.kernel.authority import grants_of
from yihu.kernel.importing.screens import ImportScreens
from yihu.kernel.screens import Nearby, Screens, Tab, screens

MOST_ODD = 60


@screens
class RoundScreens(Screens):
    model = ReadingRound
    word = "月度抄表"
    tabs = (
        Tab("hand_over", "待移交", (ReadingRound.State.READING,), may="meters.hand_over", step="hand_over"),
        Tab("check", "待核对", (ReadingRound.State.HANDED,), may="meters.check", step="check"),
    )
    columns = ("number", "state", "summary", "handed_by", "handed_at", "finance_by", "next_due_at")
    filters = ("state",)
    related = ("handed_by", "finance_by")
    panels = (
        ("抄表", ("of_month", "due_at")),
        ("移交", ("handed_by", "handed_at", "hand_note", "finance_by", "finance_at", "finance_note")),
    )
    nav = ("抄表", 75.2)
    nearby = (Nearby("计量表", "meters:meters", "meters.see"), Nearby("抄表册导入", "meters:imports", "meters.import"))

    def cell_of_month(self, round_: Any) -> str:
        return str(round_.of_month)

    cell_of_month.label = "月份"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = [(kind, count, plain(Decimal(use))) for kind, (count, use) in record.uses.items()]
        counts = f"应抄 {record.meters} 块，已抄 {record.read} 块，其中估抄 {record.estimated} 块，异常已复核 {record.abnormal} 块。"
        return (
            [
                {
                    "title": "移交的用量",
                    "template": "meters/_uses.html",
                    "rows": rows,
                    "counts": counts,
                    "odd": odd_ones(record),
                }
            ]
            if rows
            else []
        )

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """The way to the meters while they are read, and what hinders the hand-over; afterwards every reading on one sheet."""
        if step:
            return {}
        named = [record.number]
        sheet_url = reverse("meters:round_sheet", args=named)
        if record.locked:  # whoever checks it sees each reading
            return {"meters": {"total": due(record).count(), "sheet_url": sheet_url}}
        left = missing(record).count()
        walks, waiting = left and grants_of(person).may(READ, record.community_id), pending(record).count()
        not_yet: dict[str, Any] = {"primary": None, "steps": []} if left or waiting else {}
        return {
            **not_yet,
            "meters": {
                "missing": left,
                "pending": waiting,
                "total": due(record).count(),
                "walk_url": reverse("meters:walk", args=named) if walks else "",
                "missing_url": reverse("meters:missing", args=named),
                "check_url": reverse("meters:check", args=named),
                "sheet_url": sheet_url,
            },
        }


def odd_ones(round_: ReadingRound) -> list[dict[str, Any]]:
    """What counts although it was estimated, corrected or abnormal: finance looks at these first."""
    rows = Reading.objects.filter(round=round_, state=Reading.State.STANDS)
    rows = rows.exclude(oddities="", kind__in=(Reading.Kind.READ, Reading.Kind.SWAP))
    found = rows.select_related("meter__unit", "meter__building", "meter__cluster", "checked_by")
    return [
        {
            "where": row.meter.where, "meter": str(row.meter), "url": reverse("meters:meter", args=[row.meter_id]),
            "sum": f"{plain(row.previous)} → {plain(row.current)}，用量 {plain(row.use)}", "words": odd_words(row) or row.get_kind_display(),
            "by": str(row.checked_by or ""),
        }
        for row in found.order_by("meter__walk_key", "pk")[:MOST_ODD]
    ]  # fmt: skip


@screens
class SheetScreens(ImportScreens):
    model = ReadingImport
    word = "抄表册导入"

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """The way to what the sheet leaves open."""
        found = super().beside(record, person, step)
        left = (
            ReadingRow.objects.filter(run=record, values__asked=True).count()
            if record.state == record.State.LIVE
            else 0
        )
        asks = {"count": left, "url": reverse("meters:questions", args=[record.number])} if left and not step else None
        return {**found, "questions": asks}
