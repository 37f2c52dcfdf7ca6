"""Columns, tabs and panels of the cards."""

from __future__ import annotations

from typing import Any

from yihu.areas.cards.models import Issue
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money


@screens
class IssueScreens(Screens):
    model = Issue
    word = "发卡"
    tabs = (Tab("stopped", "已停用", (Issue.State.STOPPED,)),)
    columns = ("number", "state", "card_kind", "card_no", "unit", "holder", "valid_until", "stop_reason", "opened_at")
    filters = ("card_kind", "state", "stop_reason")
    related = ("party", "opened_by")
    panels = (
        ("卡片", ("card_kind", "card_no", "unit", "holder", "valid_until")),
        ("领取", ("receiver", "opened_by", "opened_at", "fee_note", "fee", "receipt_no")),
        ("停用与退回", ("stop_reason", "stop_note", "stopped_at", "condition", "returned_by", "returned_at")),
    )
    nav = ("门禁水电卡", 52)
    nearby = (
        Nearby("应停用的卡", "cards:to_stop", "cards.see"),
        Nearby("空白卡", "cards:stock", "cards.see"),
    )

    def cell_holder(self, issue: Any) -> str:
        return str(issue.party or "")

    cell_holder.label = "持卡人"  # type: ignore[attr-defined]

    @money("金额")
    def cell_fee(self, issue: Any) -> int | None:
        return issue.fee_fen or None
