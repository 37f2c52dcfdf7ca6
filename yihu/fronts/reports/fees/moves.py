"""分录: each movement of the receivable behind a figure of the ledger, with its voucher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Q, Sum

from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.fronts.reports.fees.asking import address, choice_of, read_day
from yihu.fronts.reports.fees.lines import counted_in, known, words_of
from yihu.fronts.reports.fees.measures import Kind
from yihu.fronts.reports.fees.placing import placed, placed_words
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.models import Account, Line
from yihu.kernel.forms import is_row_number
from yihu.kernel.moments import stamp

PAGE = 100
HEADS = (
    Head("类别", "text"), Head("房屋", "text"), Head("付款人", "text"), Head("项目与服务期", "text"), Head("摘要", "text"),
    Head("经办人", "text"), Head("金额"),
)  # fmt: skip
# a bill taken back, or a payment, a waiver, an offset taken back
REVERSAL = Q(voucher__reverses__isnull=False) | Q(charge__reversal=F("voucher"))
COLUMNS: dict[str, tuple[str, Q]] = {
    "billed": ("出账", Q(voucher__kind=Kind.CHARGE) & ~REVERSAL),
    "waived": ("减免", Q(voucher__kind=Kind.WAIVE) & ~REVERSAL),
    "offset": ("对冲、转付款人", Q(voucher__kind__in=(Kind.OFFSET, Kind.TRANSFER)) & ~REVERSAL),
    "received": ("收款", Q(voucher__kind__in=(Kind.ALLOCATE, Kind.DEDUCT)) & ~REVERSAL),
    "reversed": ("冲销", REVERSAL),
}


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """Of one column of a month's ledger; or of a figure of bills (``show``) as it stood on its day, be it of one charge."""
    month, column, charge = Month.read(asked.get("month", "")), asked.get("column", ""), asked.get("charge", "")
    rows = Line.objects.filter(placed(asked), community=community, account=Account.RECEIVABLE)
    words: list[str] = []
    if asked.get("show"):
        rows = rows.filter(*_of_figure(community, asked, words))
    if is_row_number(charge):
        rows = rows.filter(charge_id=int(charge))
    if month:
        rows = rows.filter(day__gte=month.first, day__lte=month.last)
        words.append(str(month))
    if column in COLUMNS:
        rows = rows.filter(COLUMNS[column][1])
        words.append(COLUMNS[column][0])
    sheet = Sheet(
        "moves", "账务分录", ("，".join(words) or "这笔账单的全部分录") + placed_words(asked, community), HEADS
    )
    if month:
        sheet.back = (address("ledger", {"month": asked["month"]}), "收费台账")
    elif asked.get("show") and charge:
        told = {name: value for name, value in asked.items() if value and name not in ("charge", "after")}
        sheet.back = (address("lines", told), "账单")
    total = rows.aggregate(count=Count("pk"), sum=Sum("amount", default=0))
    if is_row_number(asked.get("after", "")) and not whole:
        rows = rows.filter(pk__gt=int(asked["after"]))
    most = whole or PAGE
    found = list(rows.select_related("voucher__by", "unit", "party", "item", "charge").order_by("pk")[: most + 1])
    more, found = len(found) > most, found[:most]
    block = Block(
        "分录", "日期", [_row(sheet, line) for line in found], counted=f"共 {total['count']} 条", empty="没有分录。"
    )
    block.total = Row("合计", sheet.cells(("", "", "", "", "", "", total["sum"])))
    if more and whole:
        sheet.left_off = total["count"] - most
    elif more:
        kept = {name: value for name, value in asked.items() if value and name != "after"}
        block.next_url = address("moves", {**kept, "after": found[-1].pk})
    sheet.blocks = [block]
    return sheet


def _of_figure(community: Any, asked: Mapping[str, str], words: list[str]) -> list[Q]:
    choice, _ = choice_of(asked, community)
    part, show, _ = known(asked)
    words += [*words_of(part, show), f"截至 {choice.day:%Y-%m-%d}"]
    conditions = [Q(day__lte=choice.day), counted_in(choice, part, show)]
    since = read_day(asked.get("since", ""))
    if since is not None:
        words.append(f"{since:%Y-%m-%d} 起")
        conditions.append(Q(day__gte=since))
    return conditions


def _row(sheet: Sheet, line: Line) -> Row:
    charge, voucher = line.charge, line.voucher
    kind = voucher.get_kind_display() + ("（冲销）" if voucher.reverses_id or charge.reversal_id == voucher.pk else "")
    period = f"{line.item} {charge.from_on:%Y-%m-%d} 至 {charge.to_on:%m-%d}"
    values = (
        kind, str(line.unit or "—"), mask_free_text(str(line.party or "")), period, mask_free_text(voucher.words),
        str(voucher.by), line.amount,
    )  # fmt: skip
    return Row(f"{line.day:%Y-%m-%d}", sheet.cells(values), sub=stamp(voucher.at)[-5:])
