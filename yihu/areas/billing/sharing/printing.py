"""《公摊公示表》: the pool's sum, the method, the price and every unit's line, so that anybody may add it up again (FEE-13)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from yihu.areas.billing.sharing import shares
from yihu.areas.billing.sharing.models import PoolMonth
from yihu.basics.money import rmb_capitals, yuan

FIGURE = re.compile(r"\d+(\.\d+)?")
ROUNDING = "各户先算到分以下，零头的分给余数最大的户，余数相同的给房号在前的户；各户之和等于总额。"


def share_sheet(month: PoolMonth, by: Any) -> dict[str, Any]:
    """Rooms and figures only: nobody's name hangs on the wall."""
    told, pool = shares.table(month), month.pool
    was = month.corrects
    heads = ["房屋", "基数", "系数", "折合", "金额（元）"] if told["with_factor"] else ["房屋", "基数", "金额（元）"]
    cells = ("unit", "base", "factor", "weight", "amount") if told["with_factor"] else ("unit", "base", "amount")
    lines = _even([[row[name] for name in cells] for row in told["rows"]])
    if was is not None:
        heads = ["房屋", "原公示（元）", "更正后（元）", "差额（元）"]
        lines = [[row["unit"], row["was"], row["now"], row["differs"]] for row in told["was"]]
    each = f"{month.price_of_one} 元/{told['unit_word']}" if month.price_of_one else ""
    return {
        "community": month.community.name,
        "number": month.number,
        "title": "公摊公示表（更正）" if was else "公摊公示表",
        "corrects": f"{was.number}，原总额 {yuan(was.amount_fen)} 元，差额 {told['differs']} 元" if was else "",
        "why_corrected": month.why_corrected,
        "pool": pool.name,
        "where": pool.where,
        "item": str(pool.item),
        "month": month.month_word,
        "period": month.period,
        "sum": shares.sum_in_words(month) if month.amount_fen else "",
        "method": month.method_words,
        "clause": pool.clause,
        "each": each,
        "draft": "" if month.state in (PoolMonth.State.APPROVED, PoolMonth.State.PUBLISHED) else "未审核",
        "heads": heads,
        "lines": lines,
        "count": told["count"],
        "weight": f"{told['weight']} {told['unit_word']}",
        "total": yuan(month.amount_fen),
        "capitals": rmb_capitals(month.amount_fen),
        "rounding": ROUNDING,
        "filled": _who_filled(month),
        "approved": str(month.approved_by or ""),
        "posted": f"{month.posted_where}　{month.posted_from:%Y-%m-%d} 至 {month.posted_to:%Y-%m-%d}"
        if month.posted_from and month.posted_to
        else "",
    }


def _even(lines: list[list[str]]) -> list[list[str]]:
    """The figures of a column with as many decimals as its longest, so that the points stand below each other."""
    columns = [list(column) for column in zip(*lines, strict=True)]
    for column in columns[1:-1]:
        most = max(len(figure.partition(".")[2]) for figure in column)
        column[:] = [f"{Decimal(figure):.{most}f}" if FIGURE.fullmatch(figure) else figure for figure in column]
    return [list(line) for line in zip(*columns, strict=True)]


def _who_filled(month: PoolMonth) -> str:
    last = month.journal.filter(step="fill").select_related("by").order_by("-seq").first()
    return str(last.by) if last else ""
