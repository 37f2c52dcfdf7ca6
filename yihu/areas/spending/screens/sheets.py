"""Columns and panels of what is drawn up and published: statements, budget reviews, the maintenance fund's vouchers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.spending import incomes, reviewing, stating
from yihu.areas.spending.addresses import before_of, cost_of, income_of, line_of, stated, sum_of
from yihu.areas.spending.models import BudgetLine, BudgetReview, FundVoucher, Statement
from yihu.areas.spending.printing import percent
from yihu.areas.spending.screens.claims import OfMoney
from yihu.basics.money import yuan
from yihu.ground.estate.models import Unit
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.places import inside, place


@screens
class StatementScreens(Screens):
    model = Statement
    word = "收支表"
    tabs = (
        Tab("sign", "待编制", ("due",), may="spending.state", step="sign"),
        Tab("review", "待审核", ("signed",), may="spending.review"),
        Tab("publish", "待公布", ("reviewed",), may="spending.publish", step="publish"),
    )
    columns = ("number", "state", "summary", "signed_by", "reviewed_by", "posted_on", "next_due_at")
    filters = ("state", "book")
    related = ("signed_by", "reviewed_by")
    panels = (
        ("收支表", ("book", "period", "remarks", "why_back")),
        ("签字与公布", ("signed_by", "signed_at", "reviewed_by", "posted_where", "posted_on")),
    )
    nav = ("收支表", 78.2)

    def cell_period(self, one: Any) -> str:
        return str(one.period)

    cell_period.label = "期间"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return [{"title": "收入与支出（元）", "template": "spending/_statement.html", **self._shown(record)}]

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        return {"told": self._shown(record)} if step in ("sign", "review") else {}

    def _shown(self, one: Any) -> dict[str, Any]:
        told, between = stating.now_told(one), (one.from_on, one.to_on)
        totals = incomes.sums(told)
        return {
            "income": [
                {**row, "billed": yuan(row["billed"]), "received": yuan(row["received"]),
                 "billed_url": income_of(row["pk"], "billed", *between), "received_url": income_of(row["pk"], "received", *between)}
                for row in told["income"]
            ],
            "costs": [{**row, "amount": yuan(row["amount"]), "url": cost_of(row, *between)} for row in told["costs"]],
            "before": None if told["before"] is None else yuan(told["before"]),
            "before_url": before_of(one.book, one.from_on - timedelta(days=1)),
            "sums": {name: yuan(amount) for name, amount in totals.items()},
            "urls": {
                **{name: stated(one.book, name, *between) for name in ("billed", "received", "costs", "left")},
                "after": before_of(one.book, one.to_on),
            },
            "frozen": one.signed_at is not None,
        }  # fmt: skip


@screens
class FundScreens(OfMoney):
    model = FundVoucher
    word = "维修资金凭单"
    tabs = (Tab("post", "待审批", ("asked",), may="spending.fund_agree"),)
    columns = ("number", "state", "summary", "day", "opened_by", "approved_by")
    filters = ("state", "sort")
    related = ("building", "opened_by", "approved_by")
    panels = (
        ("凭单", ("sort", "day", "words", "amount", "building")),
        ("业主表决", ("vote_on", "joined_area", "joined_owners", "agreed_area", "agreed_owners")),
        ("审批", ("approved_by", "approved_at", "opinion")),
    )
    nearby = (Nearby("维修资金台账", "spending:fund", "spending.fund"),)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        units = dict(Unit.objects.filter(pk__in=[unit for unit, _ in record.parts]).values_list("pk", "label"))
        rows = [{"unit": units.get(unit, ""), "amount": yuan(amount)} for unit, amount in record.parts]
        total = yuan(sum(amount for _, amount in record.parts))
        title = f"各户（{len(rows)} 户）"
        return [{"title": title, "template": "spending/_fund_parts.html", "rows": rows, "total": total}] if rows else []


@screens
class ReviewScreens(Screens):
    model = BudgetReview
    word = "预算执行表"
    tabs = (
        Tab("sign", "待编制", ("due",), may="spending.budget", step="sign"),
        Tab("check", "待审核", ("signed",), may="spending.review"),
        Tab("read", "待签阅", ("checked",), may="spending.agree", step="read"),
    )
    columns = ("number", "state", "summary", "proposed", "signed_by", "checked_by", "read_by", "next_due_at")
    filters = ("state", "span")
    related = ("signed_by", "checked_by", "read_by")
    panels = (
        ("考核", ("span", "words", "proposed", "reply", "why_back")),
        ("签字", ("signed_by", "signed_at", "checked_by", "read_by")),
    )
    nearby = (Nearby("预算执行", "spending:overview", "spending.see"),)

    def cell_proposed(self, review: Any) -> str:
        return str(review.proposed)

    cell_proposed.label = "奖惩建议"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows, between = reviewing.rows_now(record, timezone.now()), (record.from_on, record.to_on)
        so_far = (record.from_on.replace(month=1), record.to_on)
        shown = [
            {**self._words(row), "url": line_of(row["pk"], *between), "url_so_far": line_of(row["pk"], *so_far)}
            for row in rows
        ]
        totals = reviewing.sums(rows)
        foot = [
            {**self._words({"name": f"{word}合计", "kind": kind, **totals[kind]}),
             "url": sum_of(kind, "actual", *between), "url_so_far": sum_of(kind, "actual", *so_far)}
            for kind, word in BudgetLine.Kind.choices
        ]  # fmt: skip
        return [{"title": record.period, "template": "spending/_review.html", "rows": shown, "foot": foot}]

    def _words(self, row: Any) -> dict[str, str]:
        money = {name: yuan(row[name]) for name in ("planned", "actual", "planned_so_far", "actual_so_far")}
        kind = str(BudgetLine.Kind(row["kind"]).label)
        return {"name": row["name"], "kind": kind, **money, "percent": percent(row["actual"], row["planned"])}


place(78.3, "维修资金", "spending:fund", "spending.fund")
place(78, "预算执行", "spending:overview", "spending.see")
inside("/fund-vouchers/", "spending:fund")
for register in ("budgets", "budget-reviews", "statements", "spend-requests", "spend-corrections", "claims"):
    inside(f"/{register}/", "spending:overview")
