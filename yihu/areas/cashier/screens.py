"""Columns and panels of the hand-entered charges, and where the till's pages stand in the navigation."""

from __future__ import annotations

from yihu.areas.cashier.models import HandCharge
from yihu.kernel.screens import Screens, Tab, screens
from yihu.kernel.screens.places import inside, place


@screens
class HandChargeScreens(Screens):
    model = HandCharge
    word = "手工账单"
    tabs = (
        Tab("to_approve", "待审批", (HandCharge.State.PENDING,), may="ledger.bill"),
        Tab("returned", "退回修改", (HandCharge.State.RETURNED,), may="cashier.draft", step="amend"),
    )
    columns = ("number", "state", "summary", "unit", "party", "amount", "opened_by", "opened_at")
    filters = ("state", "item")
    related = ("party", "opened_by", "item")
    panels = (
        ("账单", ("unit", "party", "item", "amount", "period", "due_on", "part", "why")),
        ("审批", ("decision", "opened_by", "opened_at")),
    )
    nav = ("手工账单", 74)

    def cell_amount(self, one: HandCharge) -> str:
        return one.amount

    cell_amount.label = "金额"  # type: ignore[attr-defined]

    def cell_period(self, one: HandCharge) -> str:
        return one.period

    cell_period.label = "服务期"  # type: ignore[attr-defined]


place(72, "收费台", "cashier:desk", "ledger.collect")
place(73, "收据", "cashier:receipts", "ledger.see")
inside("/cashier/used/", "cashier:receipts")
place(73.2, "欠费清单", "cashier:arrears", "ledger.see")
place(75.6, "收费项目", "cashier:list_fee-items", "ledger.see", "ledger.tariff")
