"""Columns and panels of the suppliers' bills and of their corrections."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.models import SupplierBill, SupplierCorrection
from yihu.basics.money import yuan
from yihu.ground.ledger.paying import words_of
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money


@screens
class SupplierBillScreens(Screens):
    model = SupplierBill
    word = "供应单位账单"
    tabs = (
        Tab("record", "待登记", ("due",), may="suppliers.record", step="record"),
        Tab("approve", "待审核", ("recorded",), may="suppliers.approve"),
        Tab("pay", "待付款", ("to_pay",), may="suppliers.pay", step="pay"),
        Tab("settle", "待对账", ("paid",), may="suppliers.approve", step="settle"),
    )
    columns = ("number", "state", "supplier", "period", "amount", "paid_on", "next_due_at")
    filters = ("state", "supplier")
    related = ("supplier", "approved_by", "payable", "own_cost")
    panels = (
        (
            "账单",
            (
                "supplier",
                "period",
                "previous",
                "current",
                "multiplier",
                "added",
                "use",
                "amount",
                "price",
                "invoice_no",
                "own",
                "own_cost",
            ),
        ),
        ("核对", ("why_different", "approved_by", "why_back", "settled_words")),
        ("付款", ("method", "paid_reference", "paid_on", "books")),
    )
    nav = ("代收代付", 78.4)
    nearby = (
        Nearby("两本账对照", "suppliers:ledger", "suppliers.see"),
        Nearby("供应单位", "suppliers:list_suppliers", "suppliers.see"),
        Nearby("更正", "kernel:list", "suppliers.see", ("supplier-corrections",)),
    )

    def cell_period(self, bill: Any) -> str:
        first, last = bill.span
        return f"{bill.month_word}（{first:%m-%d} 至 {last:%m-%d}）"

    cell_period.label = "账单期"  # type: ignore[attr-defined]

    @money("账单金额")
    def cell_amount(self, bill: Any) -> int | None:
        return bill.amount_fen or None

    def cell_own(self, bill: Any) -> str:
        return f"{yuan(bill.own_fen)} 元" if bill.own_fen else ""

    cell_own.label = "其中不向业户收的"  # type: ignore[attr-defined]

    def cell_use(self, bill: Any) -> str:
        return plain(bill.use) if bill.use is not None else ""

    cell_use.label = "用量"  # type: ignore[attr-defined]

    def cell_price(self, bill: Any) -> str:
        if not bill.use or not bill.amount_fen:
            return ""
        return f"{(Decimal(bill.amount_fen) / 100 / bill.use).quantize(Decimal('0.0001'))} 元"

    cell_price.label = "平均单价"  # type: ignore[attr-defined]

    def cell_books(self, bill: Any) -> str:
        return words_of(bill.payable)

    cell_books.label = "账上"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        found = [{"title": "两本账对照（元）", "template": "suppliers/_both.html", **self._both(record)}]
        return found + self._corrections(record, person)

    def _corrections(self, bill: Any, person: Any) -> list[dict[str, Any]]:
        """What was corrected of it, and the way to correct what was paid or settled."""
        rows = [
            {"url": one.get_absolute_url(), "number": one.number, "state": one.state_word, "way": one.get_way_display().partition("：")[0]}
            for one in bill.corrections.order_by("pk")
        ]  # fmt: skip
        done = bill.state in (SupplierBill.State.PAID, SupplierBill.State.SETTLED)
        right = done and grants_of(person).may("suppliers.correct", bill.community_id)
        waits = any(one["state"] == SupplierCorrection.State.ASKED.label for one in rows)
        url = (
            f"{reverse('kernel:new', args=['supplier-corrections'])}?from={bill.number}" if right and not waits else ""
        )
        if not rows and not url:
            return []
        return [{"title": "更正", "template": "suppliers/_corrections.html", "rows": rows, "new_url": url}]

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        return {"told": self._both(record)} if step in ("record", "settle") else {}

    def _both(self, bill: Any) -> dict[str, Any]:
        found = comparing.both(bill)
        return {
            "rows": comparing.rows_of(found),
            "over": yuan(found.over) if found.over and found.billed else "",
            "frozen": bool(bill.told),
            "url": f"{reverse('suppliers:ledger')}?supplier={bill.supplier_id}&year={bill.month.year}",
        }


@screens
class SupplierCorrectionScreens(Screens):
    model = SupplierCorrection
    word = "更正"
    tabs = (Tab("approve", "待批准", ("asked",), may="suppliers.approve"),)
    columns = ("number", "state", "bill", "way", "opened_by", "agreed_by", "next_due_at")
    filters = ("state", "way")
    related = ("bill__supplier", "opened_by", "agreed_by")
    panels = (
        ("更正", ("bill", "way", "why")),
        ("更正前的账单", ("was_amount", "was_paid", "was_settled")),
        ("审批", ("agreed_by", "agreed_at", "opinion")),
    )
    nearby = (Nearby("供应单位账单", "kernel:list", "suppliers.see", ("supplier-bills",)),)

    def cell_was_amount(self, one: Any) -> str:
        return f"{yuan(one.was['amount'])} 元" if one.was else ""

    cell_was_amount.label = "账单金额"  # type: ignore[attr-defined]

    def cell_was_paid(self, one: Any) -> str:
        return str(one.was.get("paid", ""))

    cell_was_paid.label = "付款"  # type: ignore[attr-defined]

    def cell_was_settled(self, one: Any) -> str:
        return str(one.was.get("settled", ""))

    cell_was_settled.label = "对账意见"  # type: ignore[attr-defined]
