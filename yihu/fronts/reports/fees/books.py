"""科目余额表, 总账, 明细账 (FEE-11): a month of the books, or several, from the ledger's lines alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.utils import timezone

from yihu.areas.cashier.bookkeeping.models import Slip
from yihu.basics.money import yuan
from yihu.fronts.reports.fees import surplus
from yihu.fronts.reports.fees.book_asking import BEGINNING, BookForm, Span, span_of
from yihu.fronts.reports.fees.placing import NOWHERE
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.accounts import ACCOUNTS, Movement, balances, movements, names, turnover
from yihu.ground.ledger.models import Account, Voucher
from yihu.ground.ledger.surplus import EVERY

TRIAL = (
    Head("期初借方"), Head("期初贷方"), Head("本期借方"), Head("本期贷方"), Head("期末借方"), Head("期末贷方"),
)  # fmt: skip
BOOK = (Head("摘要", "text"), Head("借方"), Head("贷方"), Head("方向", "text"), Head("余额"))
NOTES = (
    "全部由账上的分录加出来：期初 + 借方 − 贷方 = 期末（借方余额为正）。红字冲销记在原来的一方，用负数。",
    "凭证号在制证以后才有；还没有制证的月份，按日期和类别列出。",
)


def _sides(balance: int) -> tuple[int | None, int | None]:
    return (balance or None, None) if balance >= 0 else (None, -balance)


# -- 科目余额表 --------------------------------------------------------------------------------------------------------
def trial(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """What stands at first is what the month before left, so its sum opens that month's sheet."""
    form = BookForm(asked, community, timezone.localdate())
    month = form.cleaned_data["month"]
    every = Span(month, month)
    sheet = Sheet("trial", "科目余额表", str(month), TRIAL, notes=NOTES, form=form)
    opening, moved = _by_account(balances(community, month.before.last)), movements(community, month.first, month.last)
    rows, sums = [], [0] * 6
    for account in ACCOUNTS:
        debit, credit = turnover(one for one in moved if one.account == account)
        before = opening.get(account, 0)
        if not (before or debit or credit):
            continue
        cells = [*_sides(before), debit, credit, *_sides(before + debit - credit)]
        sums = [total + (cell or 0) for total, cell in zip(sums, cells, strict=True)]
        url = replace(every, account=account).address()
        sub = "不结转，开账以来累计" if account in EVERY else ""
        rows.append(Row(str(Account(account).label), sheet.cells(cells, [url] * 6), url=url, sub=sub))
    urls = [*[Span(month.before, month.before).address("trial")] * 2, *[every.address("entries")] * 2]
    sheet.blocks = [
        Block("科目", "科目", rows, Row("合计", sheet.cells(sums, urls)), empty="这个月和以前都没有记过账。")
    ]
    agrees = sums[0] == sums[1] and sums[2] == sums[3] and sums[4] == sums[5]
    sheet.figures = [
        {"label": "借贷", "text": "相等" if agrees else "不等", "sub": "期初、本期、期末", "url": ""},
        *surplus.figures(community, month),
    ]
    sheet.notes = (*NOTES, surplus.NOT_CARRIED)
    return sheet


def _by_account(found: Mapping[tuple[str, int | None, int | None], int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (account, _, _), total in found.items():
        sums[account] = sums.get(account, 0) + total
    return sums


# -- 总账, 明细账 -------------------------------------------------------------------------------------------------------
class Moved(NamedTuple):
    """One row of an account's ledger."""

    label: str
    words: str
    debit: int
    credit: int
    url: str


def general(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """Each account day by day."""
    form = BookForm(asked, community, timezone.localdate(), keeps=("account",))
    month, chosen = form.cleaned_data["month"], form.cleaned_data.get("account")
    sheet = Sheet("general", "总账", str(month), BOOK, notes=NOTES, form=form)
    opening, moved = _by_account(balances(community, month.before.last)), movements(community, month.first, month.last)
    for account in [chosen] if chosen else ACCOUNTS:
        mine = [one for one in moved if one.account == account]
        if not mine and not opening.get(account):
            continue
        days: dict[Any, list[Movement]] = {}
        for one in mine:
            days.setdefault(one.day, []).append(one)
        span = Span(month, month, account)
        lines = [
            Moved(
                f"{day:%m-%d}", f"{len({one.place for one in rows})} 张凭证", *turnover(rows),
                span.address("entries", day=day.isoformat()),
            )
            for day, rows in days.items()
        ]  # fmt: skip
        sheet.blocks.append(_block(sheet, str(Account(account).label), opening.get(account, 0), lines, span))
    return _filled(sheet)


def detail(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """Each sub-account: of one month a row for each 记账凭证, of several a row for each month."""
    span, form = span_of(community, asked)
    sheet = Sheet("detail", "明细账", span.words, BOOK, notes=NOTES, form=form)
    opening = balances(community, span.first.before.last, span.narrow) if span.first != BEGINNING else {}
    moved = movements(community, span.first.first, span.last.last, span.narrow, monthly=span.several)
    named, slips = names(community), {} if span.several else _slips(community, span)
    places = {(one.account, one.item, one.cost) for one in moved} | set(opening)
    order = [span.account] if span.account else ACCOUNTS
    found = sorted(places, key=lambda one: (order.index(one[0]), one[1] or 0, one[2] or 0))
    head, sums = "月份" if span.several else "日期与凭证", [0, 0]
    for place in found:
        mine = [one for one in moved if (one.account, one.item, one.cost) == place]
        sums = [total + side for total, side in zip(sums, turnover(mine), strict=True)]
        of = _of(span, place, found)
        lines = _months(of, mine) if span.several else [_slip(of, one, slips) for one in mine]
        sheet.blocks.append(_block(sheet, named.full(*place), opening.get(place, 0), lines, of, head))
    sheet.figures = _figures(span, sum(opening.values()), *sums)
    return _filled(sheet, head)


def _of(span: Span, place: tuple[str, int | None, int | None], places: Iterable[Any]) -> Span:
    """The lines of one sub-account; what has none of its own is told apart only where the account has others."""
    account, item, cost = place
    alone = sum(one[0] == account for one in places) == 1
    return replace(
        span, account=account, item=str(item or ("" if alone else NOWHERE)), cost=str(cost or "") or span.cost
    )  # fmt: skip


def _months(span: Span, moved: Iterable[Movement]) -> list[Moved]:
    months: dict[Any, list[Movement]] = {}
    for one in moved:
        months.setdefault(one.month, []).append(one)
    return [
        Moved(month.code, "当月", *turnover(rows), replace(span, first=month, last=month).address("entries"))
        for month, rows in months.items()
    ]


def _slip(span: Span, one: Movement, slips: Mapping[Any, Slip]) -> Moved:
    slip = slips.get((one.day, one.kind, one.red))
    kind = str(Voucher.Kind(one.kind).label)
    words = slip.words if slip else f"冲销{kind}" if one.red else kind
    number = f"　{slip}" if slip else ""
    url = span.address("entries", day=one.day.isoformat(), kind=one.kind, red=int(one.red))
    return Moved(f"{one.day:%m-%d}{number}", words, one.debit, one.credit, url)


def _slips(community: Any, span: Span) -> dict[Any, Slip]:
    rows = Slip.objects.filter(book__book_of=community, day__gte=span.first.first, day__lte=span.last.last)
    return {(one.day, one.kind, one.red): one for one in rows}


def _figures(span: Span, opening: int, debit: int, credit: int) -> list[dict[str, str]]:
    """What the tables come to: of one account, of the income and cost of one side."""
    found = []
    if span.account:
        found = [
            _figure("期初", opening, span.before.address()), _figure("借方", debit, span.address("entries")),
            _figure("贷方", credit, span.address("entries")), _figure("期末", opening + debit - credit, span.since_opening.address()),
        ]  # fmt: skip
    if span.side or span.account in EVERY:
        found.append({**_figure("收支差额", credit - debit, span.address("entries")), "sub": "贷方 − 借方"})
    return found


def _figure(label: str, amount: int, url: str) -> dict[str, str]:
    return {"label": label, "text": yuan(amount), "sub": "元", "url": url if amount else ""}


def _block(sheet: Sheet, title: str, opening: int, lines: Iterable[Moved], span: Span, first: str = "日期") -> Block:
    """The running balance is what stands at first and the rows above; its first and last open all that they add up."""
    balance, rows, total = opening, [], [0, 0]
    if span.first != BEGINNING:
        cells = ("上期结转", None, None, *_said(opening))
        rows.append(Row("期初", sheet.cells(cells, ("", "", "", "", span.before.address()))))
    for one in lines:
        balance += one.debit - one.credit
        total = [total[0] + one.debit, total[1] + one.credit]
        cells = (one.words, one.debit or None, one.credit or None, *_said(balance))
        rows.append(Row(one.label, sheet.cells(cells, ("", one.url, one.url))))
    behind = span.address("entries")
    urls = ("", behind, behind, "", span.since_opening.address())
    words = "合计" if span.several else "本月合计"
    return Block(title, first, rows, Row(words, sheet.cells(("", *total, *_said(balance)), urls)))


def _said(balance: int) -> tuple[str, int]:
    return ("借" if balance > 0 else "贷" if balance < 0 else "平"), abs(balance)


def _filled(sheet: Sheet, first: str = "日期") -> Sheet:
    """An account on which nothing stands still says so; one table alone keeps the name of its account."""
    if not sheet.blocks:
        sheet.blocks = [Block("", first, [], empty="没有余额，这段时间也没有发生额。")]
    elif len(sheet.blocks) == 1:
        sheet.period = f"{sheet.period}　{sheet.blocks[0].title}"
    return sheet
