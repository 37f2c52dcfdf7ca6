"""Columns, tabs and panels of the invoices."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.areas.cashier.invoicing.printing import rows_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money


@screens
class InvoiceScreens(Screens):
    model = InvoiceRequest
    word = "发票申请"
    tabs = (
        Tab("to_issue", "待开票", ("asked",), may="invoicing.issue", step="issue"),
        Tab("issued", "已开票", ("issued",), may="invoicing.ask", closed_too=True),
    )
    columns = ("number", "state", "title", "unit", "amount", "invoice_no", "issued_on", "opened_by")
    filters = ("state", "invoice_kind")
    related = ("receipt", "opened_by", "issued_by", "red_of")
    panels = (
        ("开票", ("receipt", "item_names", "amount", "invoice_kind", "title", "tax_no", "mail")),
        ("发票", ("invoice_no", "issued_on", "issued_by", "red_of", "refusal")),
        ("红冲", ("red_no", "red_on", "red_reason")),
    )
    nav = ("发票申请", 74.1)
    nearby = (
        Nearby("未开票的缴费", "invoicing:waiting", "ledger.see"),
        Nearby("开票税目", "invoicing:list_tax-items", "ledger.see"),
    )

    @money("金额")
    def cell_amount(self, one: Any) -> int | None:
        return one.amount_fen

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = rows_of(record)
        return [{"title": "开票明细", "template": "invoicing/_lines.html", "rows": rows}] if rows else []
