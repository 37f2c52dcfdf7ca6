"""收费台账 (F88): of a month, all fee items or one: opening + billed − waived − offset − received − reversed = closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.fronts.reports.fees import asking
from yihu.fronts.reports.fees.asking import MonthForm, address
from yihu.fronts.reports.fees.lines import is_today, today_open
from yihu.fronts.reports.fees.measures import Kind
from yihu.fronts.reports.fees.moves import COLUMNS
from yihu.fronts.reports.fees.placing import NOWHERE, place_of, placed, placed_words
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.estate.models import Party, Unit
from yihu.ground.ledger.models import Account, Line
from yihu.kernel.forms import is_row_number

PAGE = 100
NAMES = ("billed", "waived", "offset", "received", "reversed")
HEADS = (
    Head("期初欠费"), Head("本月出账"), Head("减免"), Head("对冲"), Head("收款"), Head("冲销"), Head("期末欠费"),
    Head("收据", "text"),
)  # fmt: skip
NOTES = (
    "期初 + 出账 − 减免 − 对冲 − 收款 − 冲销 = 期末，逐户、逐项、合计都以分录为准，按记账日期归月。",
    "收款指缴入账单的金额（含预收抵缴、押金抵扣）；冲销指账单、收款、减免被冲回的净额。预收、押金见试算。",
)


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    form = MonthForm(asked, community, timezone.localdate())
    month, narrow = form.cleaned_data["month"], placed(asked)
    sheet = Sheet("ledger", "收费台账", f"{month}{placed_words(asked, community)}", HEADS, notes=NOTES, form=form)
    place = place_of(asked)
    by_item = {row["item_id"]: row for row in _moved(community, month, narrow, "item_id")}
    total = {name: sum(row[name] for row in by_item.values()) for name in (*NAMES, "opening", "closing")}
    labels = asking.items(community)
    if not place.get("item"):
        rows = [
            _row(sheet, month, labels[pk], by_item[pk], {**place, "item": pk}, url=address("ledger", {"month": month.code, **place, "item": pk}))
            for pk in labels if pk in by_item
        ]  # fmt: skip
        sheet.blocks.append(
            Block("按收费项目", "收费项目", rows, _row(sheet, month, "合计", total, place), empty="这个月没有账。")
        )
    sheet.figures = _figures(community, month, total, place)
    sheet.blocks.append(_homes(sheet, community, month, narrow, total, place, asked, whole))
    return sheet


def _moved(community: Any, month: Month, narrow: Q, *keys: str) -> Any:
    """What stood at first, each movement, what stands at the end; the end is added up by itself."""
    during = Q(day__gte=month.first)
    rows = Line.objects.filter(narrow, community=community, account=Account.RECEIVABLE, day__lte=month.last)
    sums = {name: Sum("amount", filter=during & COLUMNS[name][1], default=0) for name in NAMES}
    sums |= {"opening": Sum("amount", filter=~during, default=0), "closing": Sum("amount")}
    moved = Q(opening=0, closing=0, **dict.fromkeys(NAMES, 0))
    return rows.values(*keys).annotate(**sums).exclude(moved).order_by(*keys)


def _homes(
    sheet: Sheet, community: Any, month: Month, narrow: Q, total: Mapping[str, int], place: Mapping[str, str], asked: Mapping[str, str], whole: int
) -> Block:  # fmt: skip
    """One line for each household and payer, in the order of the doors."""
    rows = _moved(community, month, narrow, "unit__sort_key", "unit_id", "party_id")
    rows = rows.order_by(F("unit__sort_key").asc(nulls_last=True), "unit_id", "party_id")
    key, unit, party = [*asked.get("after", "").rsplit("~", 2), "", ""][:3]
    if is_row_number(party) and not whole:
        nowhere = Q(unit_id__isnull=True)
        if is_row_number(unit):
            later = Q(unit__sort_key=key, unit_id__gt=int(unit)) | Q(unit_id=int(unit), party_id__gt=int(party))
            rows = rows.filter(Q(unit__sort_key__gt=key) | later | nowhere)
        else:
            rows = rows.filter(nowhere, party_id__gt=int(party))
    most = whole or PAGE
    found = list(rows[: most + 1])
    more, found = len(found) > most, found[:most]
    units = Unit.objects.in_bulk({row["unit_id"] for row in found} - {None})
    parties = Party.objects.in_bulk({row["party_id"] for row in found})
    slips = _receipts(community, month, narrow, found)
    lines = []
    for row in found:
        named = units[row["unit_id"]].label if row["unit_id"] else "—"
        who = {**place, "unit": row["unit_id"] or NOWHERE, "party": row["party_id"]}
        statement = reverse("cashier:statement", args=[row["party_id"]])
        statement += f"?since={month.first}&until={month.last}"
        line = _row(
            sheet, month, named, row, who, "、".join(slips.get((row["unit_id"], row["party_id"]), [])), statement
        )
        lines.append(Row(line.label, line.cells, sub=mask_free_text(parties[row["party_id"]].name), url=line.url))
    block = Block("逐户", "房屋与付款人", lines, _row(sheet, month, "合计", total, place), empty="这个月没有账。")
    if more and whole:
        sheet.left_off = 1
    elif more:
        last = found[-1]
        mark = f"{last['unit__sort_key'] or ''}~{last['unit_id'] or ''}~{last['party_id']}"
        block.next_url = address("ledger", {"month": month.code, **place, "after": mark})
    return block


def _receipts(community: Any, month: Month, narrow: Q, found: list[Any]) -> dict[Any, list[str]]:
    """The receipts by which each paid in the month."""
    rows = Line.objects.filter(
        narrow, community=community, account=Account.RECEIVABLE, voucher__kind=Kind.ALLOCATE, voucher__reverses__isnull=True,
        day__gte=month.first, day__lte=month.last, party_id__in={row["party_id"] for row in found},
    )  # fmt: skip
    known: dict[Any, list[str]] = {}
    for unit, party, number in (
        rows.values_list("unit_id", "party_id", "receipt__number").distinct().order_by("receipt__number")
    ):
        known.setdefault((unit, party), []).append(str(number))
    return known


def _row(
    sheet: Sheet, month: Month, label: str, row: Mapping[str, int], place: Mapping[str, Any], slips: str = "", url: str = ""
) -> Row:  # fmt: skip
    taken = [-row[name] for name in NAMES[1:]]
    values = (row["opening"], row["billed"], *taken, row["closing"], slips)
    return Row(label, sheet.cells(values, _urls(month, place)), url=url)


def _urls(month: Month, place: Mapping[str, Any]) -> list[str]:
    """What stood at first, each movement, what stands at the end."""

    def owed(day: Any) -> str:
        return address("lines", {"day": day.isoformat(), "part": "all", "show": "left", **place})

    moves = [address("moves", {"month": month.code, "column": name, **place}) for name in NAMES]
    return [owed(month.before.last), *moves, owed(month.last)]


def _figures(community: Any, month: Month, total: Mapping[str, int], place: Mapping[str, str]) -> list[dict[str, str]]:
    """Whether it agrees to the cent, and with the bills themselves."""
    reckoned = total["opening"] + sum(total[name] for name in NAMES)
    agrees = reckoned == total["closing"]
    names, urls = ("opening", *NAMES, "closing"), _urls(month, place)
    words = {"opening": "期初欠费", "billed": "本月出账", "received": "本月收款", "closing": "期末欠费"}
    told = [
        {
            "label": words[name],
            "text": yuan(-total[name] if name == "received" else total[name]),
            "sub": "元",
            "url": url if total[name] else "",
        }
        for name, url in zip(names, urls, strict=True)
        if name in words
    ]
    told += [
        {
            "label": "恒等式",
            "text": "相符" if agrees else "不符",
            "sub": f"差 {yuan(reckoned - total['closing'])} 元",
            "url": "",
        },
    ]
    if is_today(month.last) and not place:
        of_bills = today_open(community)
        word = "相符" if of_bills == total["closing"] else "不符"
        told.append({"label": "与账单未缴核对", "text": word, "sub": f"账单未缴 {yuan(of_bills)} 元", "url": ""})
    return told
