"""各费种年度明细 (F88, FEE-22): one fee item's year, a row for each household, a column for each month of service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q, Sum
from django.utils import timezone

from yihu.basics.months import Month
from yihu.fronts.reports.fees import asking
from yihu.fronts.reports.fees.asking import YearForm, address
from yihu.fronts.reports.fees.lines import SHOWS
from yihu.fronts.reports.fees.measures import BILLED, PAID, Kind, before, debts, of, since
from yihu.fronts.reports.fees.placing import NOWHERE, place_of, placed, placed_words
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.estate.models import Unit
from yihu.kernel.forms import is_row_number

PAGE = 100
HEADS = (*(Head(f"{month} 月") for month in range(1, 13)), Head("全年"))
WHICH = {
    "base": Q(voucher__kind__in=BILLED),
    "paid": Q(voucher__kind__in=PAID),
    "waived": Q(voucher__kind=Kind.WAIVE),
    "left": Q(),
}
NOTES = (
    "按服务期所在月份归列：9 月 21 日至 10 月 20 日算 10 月；一次收三个月以上的，算在开始的月份。金额以今天的账为准。",
)


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    today = timezone.localdate()
    form = YearForm(asked, community, today)
    year, show, item = form.cleaned_data["year"], form.cleaned_data["show"], form.cleaned_data.get("item")
    named = str(item) if item else "全部项目"
    where = placed_words({name: value for name, value in asked.items() if name != "item"}, community)
    sheet = Sheet("years", f"{named}年度明细", f"{year} 年，{SHOWS[show]}{where}", HEADS, notes=NOTES, form=form)
    narrow = placed(asked)
    place = place_of(asked)
    if not item:
        labels = asking.items(community)
        rows = {row["item_id"]: row for row in _monthly(community, year, show, today, narrow, "item_id")}
        told = {"year": year, "show": show, **place}
        lines = [
            _row(sheet, year, show, labels[pk], rows[pk], {**place, "item": pk}, address("years", {**told, "item": pk}))
            for pk in labels
            if pk in rows
        ]
        sheet.blocks = [
            Block(
                "各收费项目",
                "收费项目",
                lines,
                _total(sheet, year, show, list(rows.values()), place),
                empty="这一年没有账单。",
            )
        ]
        return sheet
    sheet.blocks = [_homes(sheet, community, year, show, today, narrow, place, asked, whole)]
    return sheet  # fmt: skip


def _monthly(community: Any, year: int, show: str, today: Any, narrow: Q, *keys: str) -> Any:
    rows = debts(community, today, narrow).filter(since(Month(year, 1)), before(Month(year + 1, 1)))
    sign = -1 if show in ("paid", "waived") else 1
    sums = {
        f"m{at}": Sum(F("amount") * sign, filter=of(Month(year, at + 1)) & WHICH[show], default=0) for at in range(12)
    }
    return rows.values(*keys).annotate(**sums).order_by(*keys)


def _homes(
    sheet: Sheet, community: Any, year: int, show: str, today: Any, narrow: Q, place: Mapping[str, str], asked: Mapping[str, str], whole: int
) -> Block:  # fmt: skip
    rows = _monthly(community, year, show, today, narrow, "unit__sort_key", "unit_id")
    total = list(_monthly(community, year, show, today, narrow, "item_id"))
    rows = rows.order_by(F("unit__sort_key").asc(nulls_last=True), "unit_id")
    key, _, pk = asked.get("after", "").rpartition("~")
    if is_row_number(pk) and not whole:
        rows = rows.filter(
            Q(unit__sort_key__gt=key) | Q(unit__sort_key=key, unit_id__gt=int(pk)) | Q(unit_id__isnull=True)
        )
    most = whole or PAGE
    found = list(rows[: most + 1])
    more, found = len(found) > most, found[:most]
    units = Unit.objects.in_bulk({row["unit_id"] for row in found} - {None})
    lines = []
    for row in found:
        label = units[row["unit_id"]].label if row["unit_id"] else "未挂房屋"
        lines.append(_row(sheet, year, show, label, row, {**place, "unit": row["unit_id"] or NOWHERE}))
    block = Block("逐户", "房屋", lines, _total(sheet, year, show, total, place), empty="这一年没有这一项的账单。")
    if more and whole:
        sheet.left_off = 1
    elif more:
        mark = f"{found[-1]['unit__sort_key']}~{found[-1]['unit_id']}"
        block.next_url = address("years", {"year": year, "show": show, **place, "after": mark})
    return block


def _total(sheet: Sheet, year: int, show: str, rows: list[Any], place: Mapping[str, Any]) -> Row:
    return _row(sheet, year, show, "合计", {f"m{at}": sum(row[f"m{at}"] for row in rows) for at in range(12)}, place)


def _row(
    sheet: Sheet, year: int, show: str, label: str, row: Mapping[str, int], place: Mapping[str, Any], url: str = ""
) -> Row:
    months = [row[f"m{at}"] for at in range(12)]
    day = timezone.localdate().isoformat()

    def behind(first: int, last: int) -> str:
        span = {"first": f"{year}-{first:02d}", "last": f"{year}-{last:02d}", "day": day}
        return address("lines", {**span, "part": "service", "show": show, **place})

    urls = [behind(at, at) for at in range(1, 13)]
    return Row(label, sheet.cells([*months, sum(months)], [*urls, behind(1, 12)]), url=url)
