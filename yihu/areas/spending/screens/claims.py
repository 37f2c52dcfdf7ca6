"""Columns and panels of budgets, requests, claims and their corrections."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.spending.models import (
    Budget,
    Claim,
    SpendCorrection,
    SpendRequest,
)
from yihu.basics.money import yuan
from yihu.ground.ledger.paying import words_of
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money


@screens
class BudgetScreens(Screens):
    model = Budget
    word = "预算"
    tabs = (Tab("approve", "待批准", ("draft",), may="spending.agree"),)
    columns = ("number", "state", "year", "ground", "opened_by", "approved_by")
    filters = ("state",)
    related = ("opened_by", "approved_by")
    panels = (("预算", ("year", "ground", "approved_by", "approved_at", "opinion")),)
    nearby = (
        Nearby("预算执行", "spending:overview", "spending.see"),
        Nearby("预算执行表", "kernel:list", "spending.see", ("budget-reviews",)),
        Nearby("预算科目", "spending:list_budget-lines", "spending.see"),
    )

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        found: dict[Any, list[int]] = {}
        for row in record.rows.select_related("line").order_by("-line__kind", "line__source", "line__code"):
            found.setdefault(row.line, [0] * 12)[row.month - 1] = row.amount
        rows = [
            {"line": str(line), "kind": line.get_kind_display(), "total": yuan(sum(months)), "months": [yuan(one) for one in months]}
            for line, months in found.items()
        ]  # fmt: skip
        return [{"title": "各科目各月（元）", "template": "spending/_budget.html", "rows": rows, "heads": range(1, 13)}]


class OfMoney(Screens):
    @money("金额")
    def cell_amount(self, record: Any) -> int | None:
        return record.amount_fen


@screens
class RequestScreens(OfMoney):
    model = SpendRequest
    word = "支出申请"
    tabs = (Tab("approve", "待批准", ("asked",), may="spending.approve"), Tab("approved", "已批未办结", ("approved",)))
    columns = ("number", "state", "summary", "needed_on", "opened_by", "approved_by", "next_due_at")
    filters = ("state", "line")
    related = ("line", "opened_by", "approved_by", "order")
    panels = (
        ("申请", ("line", "what", "amount", "supplier", "needed_on", "reason", "order")),
        ("审批", ("approved_by", "approved_at", "opinion")),
    )
    nav = ("支出与报销", 78.1)
    nearby = (
        Nearby("报销单", "kernel:list", "spending.ask", ("claims",)),
        Nearby("预算执行", "spending:overview", "spending.see"),
    )

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        claims = Claim.objects.seen_by(person).filter(request=record).order_by("pk")
        rows = [
            {"url": one.get_absolute_url(), "number": one.number, "state": one.state_word, "amount": yuan(one.due_fen)}
            for one in claims
        ]
        mine = record.state == SpendRequest.State.APPROVED and record.opened_by_id == person.pk
        new_url = f"{reverse('kernel:new', args=['claims'])}?from={record.number}" if mine else ""
        if not rows and not new_url:
            return []
        return [
            {
                "title": "报销",
                "template": "spending/_claims.html",
                "rows": rows,
                "new_url": new_url,
                "new_label": "报销",
            }
        ]


@screens
class ClaimScreens(OfMoney):
    model = Claim
    word = "报销单"
    tabs = (
        Tab("audit", "待成本审核", ("to_audit",), may="spending.audit", step="audit"),
        Tab("review", "待财务审核", ("to_review",), may="spending.review"),
        Tab("pay", "待付款", ("to_pay",), may="spending.pay", step="pay"),
        Tab("returned", "退回", ("returned",)),
    )
    columns = ("number", "state", "summary", "request", "payee", "due", "opened_by", "paid_on", "next_due_at")
    filters = ("state",)
    related = ("request__line", "opened_by", "audited_by", "reviewed_by", "paid_by", "payable")
    panels = (
        ("报销", ("request", "line", "what", "amount", "spent_on", "payee", "invoice_no", "why_back")),
        ("审核", ("repair", "audited", "audit_words", "audited_by", "reviewed_by")),
        ("付款", ("method", "paid_reference", "paid_on", "paid_by", "books")),
    )
    nearby = (
        Nearby("支出申请", "kernel:list", "spending.ask", ("spend-requests",)),
        Nearby("支出更正", "kernel:list", "spending.see", ("spend-corrections",)),
    )

    @money("应付")
    def cell_due(self, claim: Any) -> int | None:
        return claim.due_fen

    @money("审定金额")
    def cell_audited(self, claim: Any) -> int | None:
        return claim.audited_fen

    def cell_line(self, claim: Any) -> str:
        return str(claim.request.line) if claim.request else ""

    cell_line.label = "预算科目"  # type: ignore[attr-defined]

    def cell_books(self, claim: Any) -> str:
        return words_of(claim.payable)

    cell_books.label = "账上"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """What was corrected since, and the way to correct what was paid."""
        rows = [
            {
                "url": one.get_absolute_url(),
                "number": one.number,
                "state": f"{one.state_word}　{one.get_way_display()}",
                "amount": "",
            }
            for one in record.corrections.order_by("pk")
        ]
        right = grants_of(person).may("spending.correct", record.community_id)
        alive = record.state == Claim.State.PAID and record.payable_id and record.payable.voided_by_id is None
        new_url = f"{reverse('kernel:new', args=['spend-corrections'])}?from={record.number}" if right and alive else ""
        if not rows and not new_url:
            return []
        return [
            {
                "title": "更正",
                "template": "spending/_claims.html",
                "rows": rows,
                "new_url": new_url,
                "new_label": "更正",
            }
        ]


@screens
class CorrectionScreens(Screens):
    model = SpendCorrection
    word = "支出更正"
    tabs = (
        Tab("approve", "待批准", ("asked",), may="spending.review"),
        Tab("pay", "待重新付款", ("to_pay",), may="spending.pay", step="pay"),
    )
    columns = ("number", "state", "summary", "opened_by", "agreed_by", "next_due_at")
    filters = ("state", "way")
    related = ("paid_claim", "line", "opened_by", "agreed_by")
    panels = (
        ("更正", ("paid_claim", "way", "line", "why")),
        ("审批", ("agreed_by", "opinion")),
        ("重新付款", ("method", "paid_reference", "paid_on")),
    )
    nearby = (Nearby("报销单", "kernel:list", "spending.ask", ("claims",)),)
