"""Columns and panels of the agreements, and where the prices stand in the navigation."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.billing.tariffs import changing, late_entry
from yihu.areas.billing.tariffs.models import Agreement, PayerChange
from yihu.basics.money import yuan
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

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """Before it is agreed to: the posted bills that it would put right."""
        if record.state not in (Agreement.State.PENDING, Agreement.State.RETURNED):
            return []
        bills = late_entry.agreed_late(record, timezone.localdate())
        if not bills:
            return []
        note = (
            f"起始日期在已经出账的月份以前：同意以后，下面 {len(bills)} 笔、{yuan(sum(one.amount for one in bills))} 元的差额"
            "进下一次出账的“补收与更正”，原账单不动。"
        )
        return [{"title": "会更正的账单", "template": "tariffs/_touched.html", "note": note, "more": 0,
                 "rows": [changing.row_of(one) for one in bills]}]  # fmt: skip


@screens
class PayerChangeScreens(Screens):
    model = PayerChange
    word = "付款人更正"
    tabs = (Tab("to_approve", "待审批", (PayerChange.State.ASKED,), may=changing.APPROVE),)
    columns = ("number", "state", "cluster", "party", "period", "touched", "opened_by", "opened_at")
    filters = ("state",)
    related = ("party", "opened_by", "approved_by", "cluster")
    panels = (
        ("更正", ("cluster", "party", "period", "touched", "reason")),
        ("批准", ("opened_by", "approved_by", "approved_at", "rejection")),
    )

    def cell_period(self, one: PayerChange) -> str:
        return one.period

    cell_period.label = "期间"  # type: ignore[attr-defined]

    def cell_touched(self, one: PayerChange) -> str:
        return one.touched

    cell_touched.label = "涉及"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = changing.rows_of(record, MOST)
        note = "登记时的情况。原账单不改：批准以后，下一次出账从原付款人退掉、开给开发商，各是一行“更正”。"
        return [{"title": "涉及的账单", "template": "tariffs/_touched.html", "note": note, "rows": rows,
                 "more": max(0, record.bills - MOST)}]  # fmt: skip


MOST = 200  # bills on the page of a change

place(75.5, "收费标准", "tariffs:prices", "tariffs.see", "ledger.tariff")
