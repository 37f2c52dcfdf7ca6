"""Columns and panels of the pools and of their months."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.sharing import shares
from yihu.areas.billing.sharing.models import PoolMonth, SharePool
from yihu.areas.billing.sharing.printing import ROUNDING
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.money_cells import money


@screens
class PoolScreens(Screens):
    model = SharePool
    word = "公摊方案"
    tabs = (Tab("approve", "待批准", ("draft",), may="sharing.agree"), Tab("in_force", "已批准", ("in_force",)))
    columns = ("number", "state", "summary", "item", "from_on", "to_on", "opened_by")
    filters = ("state", "method", "item")
    related = ("item", "opened_by", "building", "cluster", "community", "meter")
    panels = (
        ("分摊什么", ("name", "item", "origin", "meter", "measure", "due")),
        ("摊给谁、怎么摊", ("where", "method_words", "agreed_parts", "clause", "from_on", "to_on", "opinion")),
    )
    nearby = (
        Nearby("公摊账", "kernel:list", "sharing.see", ("share-months",)),
        Nearby("合同约定", "sharing:list_terms", "sharing.see"),
    )

    def cell_where(self, pool: Any) -> str:
        return str(pool.where)

    cell_where.label = "范围"  # type: ignore[attr-defined]

    def cell_due(self, pool: Any) -> str:
        later = {0: "当月", 1: "次月"}.get(pool.due_months, f"出账后第 {pool.due_months} 个月")
        return f"{later} {pool.due_day} 日"

    cell_due.label = "应缴"  # type: ignore[attr-defined]

    def cell_method_words(self, pool: Any) -> str:
        return str(pool.method_words)

    cell_method_words.label = "分摊办法"  # type: ignore[attr-defined]


@screens
class PoolMonthScreens(Screens):
    model = PoolMonth
    word = "公摊账"
    tabs = (
        Tab("fill", "待录入", ("due",), may="sharing.fill", step="fill"),
        Tab("check", "待审核", ("reckoned",), may="sharing.check"),
        Tab("publish", "待公示", ("approved",), may="sharing.publish", step="publish"),
    )
    columns = ("number", "state", "summary", "amount", "each", "approved_by", "posted_from", "next_due_at")
    filters = ("state", "pool")
    related = ("pool__item", "pool__building", "pool__cluster", "approved_by", "opened_by", "community", "corrects")
    panels = (
        ("怎么算出来的", ("sum", "method", "each", "period", "clause")),
        ("更正", ("corrects", "why_corrected")),
        ("单据与审核", ("invoice_no", "approved_by", "approved_at", "opinion")),
        ("公示", ("posted_where", "posted_from", "posted_to")),
    )
    nav = ("公摊", 75.3)
    nearby = (Nearby("公摊方案", "kernel:list", "sharing.see", ("share-pools",)),)

    @money("总额")
    def cell_amount(self, month: Any) -> int | None:
        return month.amount_fen or None

    def cell_sum(self, month: Any) -> str:
        return shares.sum_in_words(month) if month.amount_fen else ""

    cell_sum.label = "总额"  # type: ignore[attr-defined]

    def cell_method(self, month: Any) -> str:
        return str(month.method_words or month.pool.method_words)

    cell_method.label = "分摊办法"  # type: ignore[attr-defined]

    def cell_each(self, month: Any) -> str:
        return f"{month.price_of_one} 元" if month.price_of_one else ""

    cell_each.label = "每份金额"  # type: ignore[attr-defined]

    def cell_period(self, month: Any) -> str:
        return str(month.period)

    cell_period.label = "费用期"  # type: ignore[attr-defined]

    def cell_corrects(self, month: Any) -> str:
        if month.corrects is not None:
            return f"更正 {month.corrects.number}"
        by = month.corrections.filter(live=True).first()
        return f"已由 {by.number} 更正" if by else ""

    cell_corrects.label = "更正"  # type: ignore[attr-defined]

    def cell_clause(self, month: Any) -> str:
        return str(month.pool.clause)

    cell_clause.label = "依据"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        told = shares.table(record)
        if not told["rows"]:
            return []
        title = f"各户分摊（{told['count']} 户）"
        found = [{"title": title, "template": "sharing/_shares.html", "told": told, "rounding": ROUNDING}]
        if told["was"]:
            found.append({"title": "与原公示比较", "template": "sharing/_was.html", "told": told})
        return found
