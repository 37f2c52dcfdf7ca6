"""账簿分录: each line behind a figure of the books, with its voucher and who posted it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.fronts.reports.fees.asking import address, read_day
from yihu.fronts.reports.fees.book_asking import Span, span_of
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.accounts import KINDS, Names, names
from yihu.ground.ledger.models import Account, Line, Voucher
from yihu.ground.ledger.surplus import EVERY, Whose
from yihu.kernel.forms import is_row_number
from yihu.kernel.moments import stamp

PAGE = 100
HEADS = (
    Head("类别", "text"), Head("明细科目", "text"), Head("房屋", "text"), Head("付款人", "text"), Head("摘要", "text"),
    Head("经办人", "text"), Head("借方"), Head("贷方"),
)  # fmt: skip


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    span, _ = span_of(community, asked)
    rows = Line.objects.filter(span.narrow, community=community, day__gte=span.first.first, day__lte=span.last.last)
    words = [span.words]
    words += [str(Whose(span.side).label)] if span.side else []
    words += [str(Account(span.account).label)] if span.account else []
    day = _day(asked.get("day", ""), span)
    if day is not None:
        rows = rows.filter(day=day)
        words.append(f"{day:%m-%d}")
    if asked.get("kind") in KINDS:
        rows = rows.filter(voucher__kind=asked["kind"], voucher__reverses__isnull=asked.get("red") != "1")
        words.append(str(Voucher.Kind(asked["kind"]).label))
    sheet = Sheet("entries", "账簿分录", "，".join(words), HEADS, back=(span.address(), "明细账"))
    count, (debit, credit) = rows.count(), turnover_of(rows)
    if span.side or span.account in EVERY:
        sheet.figures = [{"label": "收支差额", "text": yuan(credit - debit), "sub": "贷方 − 借方", "url": ""}]
    if is_row_number(asked.get("after", "")) and not whole:
        rows = rows.filter(pk__gt=int(asked["after"]))
    most, named = whole or PAGE, names(community)
    found = list(rows.select_related("voucher__by", "unit", "party").order_by("pk")[: most + 1])
    more, found = len(found) > most, found[:most]
    block = Block(
        "分录", "日期", [_entry(sheet, line, named) for line in found], counted=f"共 {count} 条", empty="没有分录。"
    )
    block.total = Row("合计", sheet.cells(("", "", "", "", "", "", debit, credit)))
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


def _day(text: str, span: Span) -> date | None:
    day = read_day(text)
    return day if day is not None and span.first.first <= day <= span.last.last else None


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
