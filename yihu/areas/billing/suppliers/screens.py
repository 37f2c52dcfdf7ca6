"""Columns and panels of the suppliers' bills."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.models import SupplierBill
from yihu.basics.money import yuan
from yihu.ground.ledger.paying import words_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens


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
    nav = ("代收代付", 78)
    nearby = (
        Nearby("两本账对照", "suppliers:ledger", "suppliers.see"),
        Nearby("供应单位", "suppliers:list_suppliers", "suppliers.see"),
    )

    def cell_period(self, bill: Any) -> str:
        first, last = bill.span
        return f"{bill.month_word}（{first:%m-%d} 至 {last:%m-%d}）"

    cell_period.label = "账单期"  # type: ignore[attr-defined]

    def cell_amount(self, bill: Any) -> str:
        return yuan(bill.amount_fen) if bill.amount_fen else ""

    cell_amount.label = "账单金额（元）"  # type: ignore[attr-defined]

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
        return [{"title": "两本账对照（元）", "template": "suppliers/_both.html", **self._both(record)}]

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
