"""Columns and panels of the agreements, and where the prices stand in the navigation."""

from __future__ import annotations

from yihu.areas.billing.tariffs.models import Agreement
from yihu.kernel.screens import Screens, Tab, screens
from yihu.kernel.screens.places import place


@screens
class AgreementScreens(Screens):
    model = Agreement
    word = "收费约定"
    tabs = (
        Tab("to_approve", "待审批", (Agreement.State.PENDING,), may="ledger.tariff"),
        Tab("returned", "退回修改", (Agreement.State.RETURNED,), may="tariffs.draft", step="amend"),
        Tab("agreed", "生效的", (Agreement.State.AGREED,)),
    )
    columns = ("number", "state", "unit", "terms", "item", "party", "period", "opened_by")
    filters = ("state", "what", "item")
    related = ("party", "opened_by", "item")
    panels = (
        ("约定", ("unit", "item", "terms", "party", "period", "ground")),
        ("审批", ("decision", "opened_by", "opened_at")),
    )

    def cell_terms(self, one: Agreement) -> str:
        return one.terms

    cell_terms.label = "约定"  # type: ignore[attr-defined]

    def cell_period(self, one: Agreement) -> str:
        return one.period

    cell_period.label = "期间"  # type: ignore[attr-defined]


place(75.5, "收费标准", "tariffs:prices", "tariffs.see", "ledger.tariff")
