"""Columns, tabs and panels of the applications and of the daily closes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.cashier.applying import bouncing
from yihu.areas.cashier.applying.models import (
    CarryOver,
    DepositReturn,
    FeeArchive,
    RedLetter,
    Refund,
    TillClose,
    Waiver,
)
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
    tabs = (
        Tab("approve", "待我批", ("asked",), may="applying.approve"),
        Tab("right", "待重开", ("to_right",), may="applying.reverse"),
    )
    filters = ("state", "way", "why")
    related = ("opened_by", "charge__item", "receipt", "right", "party", "approved_by")
    panels = (
        ("冲销", ("unit", "party", "receipt", "charge", "amount", "way", "copies_back", "why", "reason")),
        ("重开的收据", ("right", "no_right")),
        APPROVAL,
    )
    nav = ("红冲与作废", 74.5)


class _PayOuts(_Applications):
    account = ("收款账户", ("method", "account_name", "bank", "account_no", "other_name"))
    tabs = (
        Tab("approve", "待我批", ("asked",), may="applying.approve"),
        Tab("pay", "待付款", ("to_pay",), may="applying.pay", step="pay"),
    )
    filters = ("state", "method")
    paid = (
        "付款",
        ("paid_by", "paid_at", "paid_reference", "failure", "bounced_on", "bounced_reference", "bounced_why"),
    )

    def cell_other_name(self, record: Any) -> str:
        return bouncing.other_name(record)

    cell_other_name.label = "户名说明"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = bouncing.sent_back(record)
        return [{"title": "银行退回的付款", "template": "applying/_bounced.html", "rows": rows}] if rows else []


@screens
class RefundScreens(_PayOuts):
    model = Refund
    word = "退款"
    related = ("opened_by", "receipt", "party", "approved_by", "paid_by")
    panels = (
        ("退款", ("unit", "payee", "receipt", "left", "amount", "reason")),
        _PayOuts.account,
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
        _PayOuts.account,
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
class CarryOverScreens(_Applications):
    model = CarryOver
    word = "补转"
    tabs = (Tab("approve", "待我批", ("asked",), may="applying.approve"),)
    columns = ("number", "state", "summary", "amount", "opened_by", "approved_by", "next_due_at")
    related = ("opened_by", "approved_by")
    panels = (("补转", ("cash", "cheque", "amount", "reason")), APPROVAL)

    @money("现金")
    def cell_cash(self, record: Any) -> int | None:
        return record.cash

    @money("支票")
    def cell_cheque(self, record: Any) -> int | None:
        return record.cheque

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = [
            {
                "till": one.till, "url": one.till.get_absolute_url(), "slip": one.till.bank_slip,
                "cash": yuan(one.cash), "cheque": yuan(one.cheque),
            }
            for one in record.lines.select_related("till__collector").order_by("till__day", "pk")
        ]  # fmt: skip
        return [{"title": "哪些日结单", "template": "applying/_carried.html", "rows": rows}]


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
    nearby = (
        Nearby("收据号连续表", "applying:numbers", "ledger.see"),
        Nearby("以前缴存补转", "kernel:list", "applying.see", ("carry-overs",)),
    )

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
        lines = list(record.lines.order_by("pk"))
        rows = [_till_row(record, line.method, line.get_method_display(), [line]) for line in lines]
        if not rows:
            return []
        total = _till_row(record, "all", "合计", lines)
        return [{"title": "各种收款方式", "template": "applying/_till_lines.html", "rows": rows, "total": total}]


def _till_row(close: Any, method: str, word: str, lines: list[Any]) -> dict[str, str]:
    system, counted = sum(line.system for line in lines), sum(line.counted for line in lines)
    return {
        "method": word,
        "papers": str(sum(line.papers for line in lines)),
        "system": yuan(system),
        "counted": yuan(counted),
        "difference": yuan(counted - system) if counted != system else "",
        "url": reverse("applying:till_receipts", args=[close.number, method]),
    }
