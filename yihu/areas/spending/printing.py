"""《管理处财务收支表》 (F89) and 《公共收益收支表》 on paper."""

from __future__ import annotations

from typing import Any

from yihu.areas.spending import incomes, reviewing, stating
from yihu.areas.spending.models import BudgetLine, BudgetReview, Statement
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import moments
from yihu.kernel.prints.declare import Print


def statement(one: Statement, by: Any) -> dict[str, Any]:
    told = stating.now_told(one)
    sums = incomes.sums(told)
    common = one.book == Statement.Book.COMMON
    return {
        "community": one.community.name,
        "number": one.number,
        "title": one.get_book_display(),
        "period": one.period,
        "draft": "" if one.signed_at else "未签字",
        "income": [[row["name"], yuan(row["billed"]), yuan(row["received"])] for row in told["income"]]
        + [["收入合计", yuan(sums["billed"]), yuan(sums["received"])]],
        "costs": [[row["name"], yuan(row["amount"])] for row in told["costs"]] + [["支出合计", yuan(sums["costs"])]],
        "fees": any("account" in row for row in told["costs"]),
        "before": yuan(told["before"]) if common else "",
        "left": yuan(sums["left"]),
        "after": yuan(sums["after"]) if common else "",
        "capitals": rmb_capitals(sums["after"] if common else sums["left"]),
        "remarks": mask_free_text(one.remarks),
        "signed": str(one.signed_by or ""),
        "signed_at": moments.formal(one.signed_at),
        "reviewed": str(one.reviewed_by or ""),
        "posted": f"{one.posted_where}　{one.posted_on:%Y-%m-%d}" if one.posted_on else "",
    }


def review(one: BudgetReview, by: Any) -> dict[str, Any]:
    rows = reviewing.rows_now(one, one.opened_at)
    totals = reviewing.sums(rows)
    lines = [_line(row["name"], row["kind"], row) for row in rows]
    lines += [_line(f"{word}合计", kind, totals[kind]) for kind, word in BudgetLine.Kind.choices]
    return {
        "community": one.community.name,
        "number": one.number,
        "period": one.period,
        "lines": lines,
        "words": mask_free_text(one.words),
        "quarter": one.span == BudgetReview.Span.QUARTER,
        "proposed": mask_free_text(one.proposed),
        "reply": mask_free_text(one.reply),
        "signed": str(one.signed_by or ""),
        "checked": str(one.checked_by or ""),
        "read": str(one.read_by or ""),
    }


def _line(name: str, kind: str, row: Any) -> list[str]:
    word = dict(BudgetLine.Kind.choices)[BudgetLine.Kind(kind)]
    money = [yuan(row[key]) for key in ("planned", "actual")]
    so_far = [yuan(row[key]) for key in ("planned_so_far", "actual_so_far")]
    return [name, str(word), *money, percent(row["actual"], row["planned"]), *so_far]


def percent(actual: int, planned: int) -> str:
    return f"{actual * 100 // planned}%" if planned else "—"


def fund_ledger(told: Any, by: Any) -> dict[str, Any]:
    return dict(told)


FUND = Print("fund", "维修资金台账", data=fund_ledger, of_one=False)
