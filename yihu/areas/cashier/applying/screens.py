"""Columns, tabs and panels of the applications and of the daily closes."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.applying.models import DepositReturn, FeeArchive, RedLetter, Refund, TillClose, Waiver
from yihu.basics.money import yuan
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money
from yihu.kernel.screens.places import place

place(77.1, "结账", "applying:books", "ledger.books")
APPROVAL = ("批准", ("approved_by", "approved_at", "refusal"))


class _Applications(Screens):
    columns: Any = ("number", "state", "summary", "unit", "amount", "opened_by", "approved_by", "next_due_at")
    filters: Any = ("state",)

    @money("金额")
    def cell_amount(self, record: Any) -> int | None:
        return record.amount


@screens
class WaiverScreens(_Applications):
    model = Waiver
    word = "减免"
    tabs = (
        Tab("agree", "待项目经理同意", ("to_agree",), may="applying.agree"),
        Tab("approve", "待我批", ("asked",), may="applying.approve"),
    )
    filters = ("state", "why")
    related = ("opened_by", "charge__item", "party", "approved_by", "agreed_by")
    panels = (
        ("减免", ("unit", "party", "charge", "owed", "amount", "percent", "why", "reason")),
        ("批准", ("agreed_by", "agreed_at", "approved_by", "approved_at", "refusal")),
    )
    nav = ("减免", 74.2)

    def cell_owed(self, waiver: Any) -> str:
        return f"账单 {yuan(waiver.charge.amount)} 元，现在未缴 {yuan(waiver.charge.open)} 元"

    cell_owed.label = "未缴"  # type: ignore[attr-defined]


@screens
class RedLetterScreens(_Applications):
    model = RedLetter
    word = "红冲"
    tabs = (Tab("approve", "待我批", ("asked",), may="applying.approve"),)
    filters = ("state", "way", "why")
    related = ("opened_by", "charge__item", "receipt", "party", "approved_by")
    panels = (
        ("冲销", ("unit", "party", "receipt", "charge", "amount", "way", "copies_back", "why", "reason")),
        APPROVAL,
    )
    nav = ("红冲与作废", 74.5)


class _PayOuts(_Applications):
    tabs = (
        Tab("approve", "待我批", ("asked",), may="applying.approve"),
        Tab("pay", "待付款", ("to_pay",), may="applying.pay", step="pay"),
    )
    filters = ("state", "method")
    paid = (
        "付款",
        ("paid_by", "paid_at", "paid_reference", "failure", "bounced_on", "bounced_reference", "bounced_why"),
    )


@screens
class RefundScreens(_PayOuts):
    model = Refund
    word = "退款"
    related = ("opened_by", "receipt", "party", "approved_by", "paid_by")
    panels = (
        ("退款", ("unit", "payee", "receipt", "left", "amount", "reason")),
        ("收款账户", ("method", "account_name", "bank", "account_no")),
        APPROVAL,
        _PayOuts.paid,
    )
    nav = ("退款", 74.3)

    def cell_left(self, refund: Any) -> str:
        return f"收 {yuan(refund.receipt.amount)} 元，现在未用 {yuan(refund.receipt.left)} 元"

    cell_left.label = "收据情况"  # type: ignore[attr-defined]


@screens
class DepositReturnScreens(_PayOuts):
    model = DepositReturn
    word = "退押金"
    related = ("opened_by", "deposit__item", "deposit__receipt", "deposit__party", "party", "approved_by", "paid_by")
    panels = (
        ("押金", ("unit", "payee", "deposit", "held", "acceptance", "original", "deductions", "amount", "reason")),
        ("收款账户", ("method", "account_name", "bank", "account_no")),
        APPROVAL,
        _PayOuts.paid,
    )
    nav = ("退押金", 74.4)

    def cell_held(self, back: Any) -> str:
        return (
            f"收据 {back.deposit.receipt}，原收 {yuan(back.deposit.amount)} 元，现在结存 {yuan(back.deposit.left)} 元"
        )

    cell_held.label = "押金情况"  # type: ignore[attr-defined]

    def cell_deductions(self, back: Any) -> str:
        rows = back.deductions.select_related("charge__item").order_by("pk")
        return "\n".join(f"{one.charge}　{yuan(one.amount)} 元" for one in rows)

    cell_deductions.label = "扣款（付款人已签字同意）"  # type: ignore[attr-defined]


@screens
class FeeArchiveScreens(Screens):
    model = FeeArchive
    word = "收费档案"
    tabs = (Tab("take", "待接管", ("made",), may="ledger.books", step="take"),)
    columns = ("number", "state", "period", "file_count", "handler", "place", "keep_until")
    filters = ("state",)
    panels = (("保管", ("period", "file_count", "handler", "place", "keep_until", "opened_at")),)
    nav = ("收费档案", 77.5)


@screens
class TillCloseScreens(Screens):
    model = TillClose
    word = "日结"
    tabs = (
        Tab("due", "待交款", ("due",), may="applying.close_till", step="hand_over"),
        Tab("receive", "待点收", ("handed",), may="applying.receive_till", step="receive"),
        Tab("read", "待审阅", ("received",), may="applying.read_till"),
    )
    columns = ("number", "state", "collector", "day", "receipts", "counted", "difference", "received_by", "next_due_at")
    filters = ("state",)
    related = ("collector", "received_by", "read_by")
    panels = (
        ("日结", ("collector", "day", "receipts", "numbers", "voids", "due_at", "handed_at")),
        ("结果", ("system", "counted", "difference", "why")),
        ("接收与审阅", ("received_by", "received_at", "bank_slip", "read_by", "read_at", "read_note")),
    )
    nav = ("收费日报", 73.1)
    nearby = (Nearby("收据号连续表", "applying:numbers", "ledger.see"),)

    def cell_numbers(self, till: Any) -> str:
        return f"{till.first_no} 至 {till.last_no}" if till.first_no else ""

    cell_numbers.label = "收据起止号"  # type: ignore[attr-defined]

    @money("账上合计")
    def cell_system(self, till: Any) -> int | None:
        return till.system if till.handed_at else None

    @money("实点合计")
    def cell_counted(self, till: Any) -> int | None:
        return till.counted if till.handed_at else None

    def cell_difference(self, till: Any) -> str:
        if not till.handed_at:
            return ""
        return (
            f"长款 {yuan(till.difference)}"
            if till.difference > 0
            else f"短款 {yuan(-till.difference)}"
            if till.difference
            else "无"
        )

    cell_difference.label = "长短款"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = [
            {
                "method": line.get_method_display(),
                "papers": line.papers,
                "system": yuan(line.system),
                "counted": yuan(line.counted),
                "difference": yuan(line.counted - line.system) if line.counted != line.system else "",
            }
            for line in record.lines.order_by("pk")
        ]
        if not rows:
            return []
        return [{"title": "各种收款方式", "template": "applying/_till_lines.html", "rows": rows}]
