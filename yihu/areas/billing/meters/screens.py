"""Columns, tabs and panels of the month's round."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from yihu.areas.billing.meters.models import ReadingImport, ReadingRound, ReadingRow
from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.meters.recording import READ
from yihu.areas.billing.meters.rounds import due, missing, pending
from yihu.kernel.authority import grants_of
from yihu.kernel.importing.screens import ImportScreens
from yihu.kernel.screens import Nearby, Screens, Tab, screens


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
            [{"title": "移交的用量", "template": "meters/_uses.html", "rows": rows, "counts": counts}] if rows else []
        )

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """The way to the meters while they are read, and what hinders the hand-over."""
        if step or record.locked:
            return {}
        named, left = [record.number], missing(record).count()
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
                "sheet_url": reverse("meters:round_sheet", args=named),
            },
        }


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
