"""收支差额表: what the accounts of income and cost come to, month by month; these books carry nothing to a profit (decision 0011)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.fronts.reports.fees.asking import address
from yihu.fronts.reports.fees.book_asking import BEGINNING, BookForm, Span
from yihu.fronts.reports.fees.sheets import Block, Cell, Head, Row, Sheet
from yihu.ground.ledger.models import Account
from yihu.ground.ledger.surplus import ACCOUNTS, Whose, by_month, differences

Sums = Mapping[tuple[Whose, str], int]
LEFT = {Whose.OFFICE: "物业收支差额", Whose.OWNERS: "公共收益差额"}
NOT_CARRIED = "收入、支出科目不在本账套结转：月末的差额照实列出，凭证导出后由公司财务部并账、结转本年利润。"
NOTES = (
    NOT_CARRIED,
    "收入为正，减免和支出为负；各列相加就是差额。物业收支按账单和应付入账的月份，不是收到、付出的月份；收到、付出多少看《财务收支表》。",
    "公共收益归业主，单独成栏，不与物业收支相加。物业收入含税；工资、折旧、税金由公司财务部另记，差额不是利润。",
)


def _columns() -> list[tuple[Whose, str | None, str]]:
    """Side by side: each account, and what is left at the end of the side."""
    found: list[tuple[Whose, str | None, str]] = []
    for side, accounts in ACCOUNTS.items():
        owners = side == Whose.OWNERS
        for account in accounts:
            word = f"公共收益{account.label}" if owners and account == Account.WAIVED else str(account.label)
            found.append((side, account.value, word))
        found.append((side, None, LEFT[side]))
    return found


COLUMNS = _columns()


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """The months of the year up to the chosen one, the year, the years before, and all of it."""
    form = BookForm(asked, community, timezone.localdate())
    month: Month = form.cleaned_data["month"]
    sheet = Sheet(
        "surplus",
        "收支差额表",
        f"{month.year} 年 1 月至 {month.month} 月",
        tuple(Head(word) for *_, word in COLUMNS),
        notes=NOTES,
        form=form,
    )
    sums: dict[int, dict[tuple[Whose, str], int]] = {at: {} for at in range(month.month + 1)}  # 0: the years before
    for ((year, at), side, account), amount in by_month(community, month.last).items():
        place = sums[at if year == month.year else 0]
        place[side, account] = place.get((side, account), 0) + amount
    before = Month(month.year - 1, 12)
    moved = [at for at in range(1, month.month + 1) if sums[at] or at == month.month]
    rows = [Row(f"{at} 月", _cells(sums[at], Span(Month(month.year, at), Month(month.year, at)))) for at in moved]
    of_year = _added(sums[at] for at in range(1, month.month + 1))
    rows.append(Row("本年累计", _cells(of_year, Span(Month(month.year, 1), month))))
    url = address("surplus", {"month": before.code}) if sums[0] else ""
    rows.append(Row("以前年度", _cells(sums[0], Span(BEGINNING, before)), url=url))
    every = Row("开账以来", _cells(_added(sums.values()), Span(BEGINNING, month)))
    sheet.blocks = [Block("收支差额", "月份", rows, every)]
    return sheet


def figures(community: Any, month: Month) -> list[dict[str, str]]:
    """The same above the balances of accounts: of the month and of the year, each side by itself."""
    url = address("surplus", {"month": month.code})
    year = differences(community, month.last, Month(month.year, 1).first)
    of_month = differences(community, month.last, month.first)
    return [
        {"label": label, "text": yuan(of_month[side]), "sub": f"本月，不结转；本年 {yuan(year[side])}", "url": url}
        for side, label in LEFT.items()
    ]


def _added(many: Any) -> dict[tuple[Whose, str], int]:
    sums: dict[tuple[Whose, str], int] = {}
    for one in many:
        for key, amount in one.items():
            sums[key] = sums.get(key, 0) + amount
    return sums


def _cells(sums: Sums, span: Span) -> tuple[Cell, ...]:
    """Each figure opens the detailed ledger of its months, account and side, whose sum it is."""
    found = []
    for side, account, _ in COLUMNS:
        url = replace(span, account=account or "", side=side.value).address()
        left = sum(amount for (of, _), amount in sums.items() if of == side)
        found.append(Cell(left if account is None else sums.get((side, account), 0), url))
    return tuple(found)
