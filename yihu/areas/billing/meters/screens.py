"""Columns, tabs and panels of the month's round."""

from __future__ import annotations

from yihu.areas.billing.meters.models import ReadingRound
from yihu.kernel.screens import Screens, Tab, screens


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
        ("抄表", ("month", "due_at", "meters", "read", "estimated", "abnormal")),
        ("移交", ("handed_by", "handed_at", "hand_note", "finance_by", "finance_at", "finance_note")),
    )
    nav = ("抄表", 75)
