"""科目余额表, 总账, 明细账 and the postings behind them (FEE-11): one month of the books, from the ledger's lines alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from yihu.areas.cashier.bookkeeping.models import Slip
from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.fronts.reports.fees import surplus
from yihu.fronts.reports.fees.asking import BookForm, address, written
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.accounts import ACCOUNTS, KINDS, Movement, Names, balances, movements, names, turnover
from yihu.ground.ledger.models import Account, Line, Voucher
from yihu.ground.ledger.surplus import EVERY
from yihu.kernel.forms import is_row_number
from yihu.kernel.moments import stamp

PAGE = 100
TRIAL = (
    Head("期初借方"), Head("期初贷方"), Head("本期借方"), Head("本期贷方"), Head("期末借方"), Head("期末贷方"),
)  # fmt: skip
BOOK = (Head("摘要", "text"), Head("借方"), Head("贷方"), Head("方向", "text"), Head("余额"))
ENTRIES = (
    Head("类别", "text"), Head("明细科目", "text"), Head("房屋", "text"), Head("付款人", "text"), Head("摘要", "text"),
    Head("经办人", "text"), Head("借方"), Head("贷方"),
)  # fmt: skip
NOTES = (
    "全部由账上的分录加出来：期初 + 借方 − 贷方 = 期末（借方余额为正）。红字冲销记在原来的一方，用负数。",
    "凭证号在制证以后才有；还没有制证的月份，按日期和类别列出。",
)


def _asked(community: Any, asked: Mapping[str, str], *, account: bool = True) -> tuple[BookForm, Month]:
    form = BookForm(asked, community, timezone.localdate(), account=account)
    return form, form.cleaned_data["month"]


def _sides(balance: int) -> tuple[int | None, int | None]:
    return (balance or None, None) if balance >= 0 else (None, -balance)


# -- 科目余额表 --------------------------------------------------------------------------------------------------------
def trial(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    form, month = _asked(community, asked, account=False)
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
        url = address("detail", {"month": written(month), "account": account})
        sub = "不结转，开账以来累计" if account in EVERY else ""
        rows.append(Row(str(Account(account).label), sheet.cells(cells, [url] * 6), url=url, sub=sub))
    sheet.blocks = [Block("科目", "科目", rows, Row("合计", sheet.cells(sums)), empty="这个月和以前都没有记过账。")]
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
def general(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """Each account day by day."""
    form, month = _asked(community, asked)
    sheet = Sheet("general", "总账", str(month), BOOK, notes=NOTES, form=form)
    opening, moved = _by_account(balances(community, month.before.last)), movements(community, month.first, month.last)
    for account in _chosen(form):
        mine = [one for one in moved if one.account == account]
        if not mine and not opening.get(account):
            continue
        days: dict[Any, list[Movement]] = {}
        for one in mine:
            days.setdefault(one.day, []).append(one)
        lines = []
        for day, rows in days.items():
            url = address("entries", {"month": written(month), "account": account, "day": day.isoformat()})
            lines.append((f"{day:%m-%d}", f"{len({one.place for one in rows})} 张凭证", *turnover(rows), url))
        sheet.blocks.append(_block(sheet, str(Account(account).label), opening.get(account, 0), lines))
    return _filled(sheet)


def detail(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """Each sub-account, one line for each 记账凭证."""
    form, month = _asked(community, asked)
    sheet = Sheet("detail", "明细账", str(month), BOOK, notes=NOTES, form=form)
    opening, moved = balances(community, month.before.last), movements(community, month.first, month.last)
    named, slips = names(community), _slips(community, month)
    places = {(one.account, one.item, one.cost) for one in moved} | set(opening)
    order = _chosen(form)
    for place in sorted(
        (one for one in places if one[0] in order), key=lambda one: (order.index(one[0]), one[1] or 0, one[2] or 0)
    ):
        lines = [_line(one, month, slips) for one in moved if (one.account, one.item, one.cost) == place]
        sheet.blocks.append(_block(sheet, named.full(*place), opening.get(place, 0), lines, first="日期与凭证"))
    return _filled(sheet, "日期与凭证")


def _chosen(form: BookForm) -> list[str]:
    return [form.cleaned_data["account"]] if form.cleaned_data.get("account") else ACCOUNTS


def _line(one: Movement, month: Month, slips: Mapping[Any, Slip]) -> tuple[str, str, int, int, str]:
    slip = slips.get((one.day, one.kind, one.red))
    kind = str(Voucher.Kind(one.kind).label)
    words = slip.words if slip else f"冲销{kind}" if one.red else kind
    number = f"　{slip}" if slip else ""
    asked = {
        "month": written(month),
        "account": one.account,
        "day": one.day.isoformat(),
        "kind": one.kind,
        "red": int(one.red),
    }
    of = {name: value for name, value in (("item", one.item), ("cost", one.cost)) if value is not None}
    return f"{one.day:%m-%d}{number}", words, one.debit, one.credit, address("entries", {**asked, **of})


def _slips(community: Any, month: Month) -> dict[Any, Slip]:
    rows = Slip.objects.filter(book__book_of=community, day__gte=month.first, day__lte=month.last)
    return {(one.day, one.kind, one.red): one for one in rows}


def _block(
    sheet: Sheet, title: str, opening: int, lines: Iterable[tuple[str, str, int, int, str]], first: str = "日期"
) -> Block:
    balance, rows = opening, [Row("期初", sheet.cells(("上期结转", None, None, *_said(opening))))]
    total = [0, 0]
    for label, words, debit, credit, url in lines:
        balance += debit - credit
        total = [total[0] + debit, total[1] + credit]
        rows.append(Row(label, sheet.cells((words, debit or None, credit or None, *_said(balance)), ("", url, url))))
    return Block(title, first, rows, Row("本月合计", sheet.cells(("", *total, *_said(balance)))))


def _said(balance: int) -> tuple[str, int]:
    return ("借" if balance > 0 else "贷" if balance < 0 else "平"), abs(balance)


def _filled(sheet: Sheet, first: str = "日期") -> Sheet:
    """An account on which nothing stands still says so; one table alone keeps the name of its account."""
    if not sheet.blocks:
        sheet.blocks = [Block("", first, [], empty="没有余额，这个月也没有发生额。")]
    elif len(sheet.blocks) == 1:
        sheet.period = f"{sheet.period}　{sheet.blocks[0].title}"
    return sheet


# -- the postings ----------------------------------------------------------------------------------------------------
def entries(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """分录: each line behind a figure of the books, with who posted it."""
    form, month = _asked(community, asked)
    rows = Line.objects.filter(community=community, day__gte=month.first, day__lte=month.last)
    words = [str(month)]
    if account := form.cleaned_data.get("account"):
        rows = rows.filter(account=account)
        words.append(str(Account(account).label))
    day = next((one for one in _days(month) if one.isoformat() == asked.get("day")), None)
    if day is not None:
        rows = rows.filter(day=day)
        words.append(f"{day:%m-%d}")
    if asked.get("kind") in KINDS:
        rows = rows.filter(voucher__kind=asked["kind"], voucher__reverses__isnull=asked.get("red") != "1")
        words.append(str(Voucher.Kind(asked["kind"]).label))
    for name in ("item", "cost"):
        if is_row_number(asked.get(name, "")):
            rows = rows.filter(**{name: int(asked[name])})
    sheet = Sheet("entries", "账簿分录", "，".join(words), ENTRIES)
    sheet.back = (address("detail", {"month": written(month), **({"account": account} if account else {})}), "明细账")
    count, total = rows.count(), turnover_of(rows)
    if is_row_number(asked.get("after", "")) and not whole:
        rows = rows.filter(pk__gt=int(asked["after"]))
    most, named = whole or PAGE, names(community)
    found = list(rows.select_related("voucher__by", "unit", "party").order_by("pk")[: most + 1])
    more, found = len(found) > most, found[:most]
    block = Block(
        "分录", "日期", [_entry(sheet, line, named) for line in found], counted=f"共 {count} 条", empty="没有分录。"
    )
    block.total = Row("合计", sheet.cells(("", "", "", "", "", "", *total)))
    if more and whole:
        sheet.left_off = count - most
    elif more:
        kept = {name: value for name, value in asked.items() if value and name != "after"}
        block.next_url = address("entries", {**kept, "after": found[-1].pk})
    sheet.blocks = [block]
    return sheet


def turnover_of(rows: Any) -> tuple[int, int]:
    """What went to either side, reversals in red."""
    told = rows.aggregate(count=Count("pk"), all=Sum("amount", default=0))
    if not told["count"]:
        return 0, 0
    red = rows.filter(voucher__reverses__isnull=False)
    debit = sum(one.aggregate(sum=Sum("amount", default=0))["sum"] for one in (
        rows.filter(voucher__reverses__isnull=True, amount__gt=0), red.filter(amount__lt=0)
    ))  # fmt: skip
    return debit, debit - told["all"]


def _days(month: Month) -> list[Any]:
    return [month.first.replace(day=day) for day in range(1, month.last.day + 1)]


def _entry(sheet: Sheet, line: Line, named: Names) -> Row:
    voucher = line.voucher
    red = voucher.reverses_id is not None
    on_debit = (line.amount > 0) != red
    values = (
        voucher.get_kind_display() + ("（冲销）" if red else ""), named.of(line.item_id, line.cost_id), str(line.unit or "—"),
        mask_free_text(str(line.party or "")), mask_free_text(voucher.words), str(voucher.by),
        line.amount if on_debit else None, None if on_debit else -line.amount,
    )  # fmt: skip
    return Row(f"{line.day:%Y-%m-%d}", sheet.cells(values), sub=stamp(voucher.at)[-5:])
