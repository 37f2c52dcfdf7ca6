"""What stands behind a figure: the bills themselves, or the households, with keyset pages; their sum is the figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.basics.shares import percent
from yihu.fronts.reports.fees import ages, asking
from yihu.fronts.reports.fees.asking import address, choice_of
from yihu.fronts.reports.fees.measures import NAMES, Choice, Measure, counted, debts, sums
from yihu.fronts.reports.fees.placing import placed_words
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.balances import AGES
from yihu.ground.ledger.models import Charge
from yihu.kernel.forms import is_row_number

PAGE = 100
PARTS = {
    "current": "本期账单",
    "prior": "往期欠费",
    "both": "本期与往期",
    "ahead": "以后账期",
    "month": "当月账单",
    "service": "账期内的账单",
    "all": "全部账单",
    "late": "已到期的账单",
}
SHOWS = {"base": "应收", "paid": "已收", "waived": "减免", "left": "未缴"}
IN_MONTH = {**SHOWS, "paid": "月末前已收", "left": "月末未收"}
HEADS = (
    Head("付款人", "text"), Head("项目", "text"), Head("服务期", "text"), Head("应缴日期", "text"),
    *(Head(word) for word in SHOWS.values()),
)  # fmt: skip
MONTH_HEADS = (*HEADS[: -len(NAMES)], *(Head(word) for word in IN_MONTH.values()))
HOME_HEADS = (Head("应收"), Head("已收"), Head("减免"), Head("未缴"), Head("收费率", "rate"), Head("结果", "text"))


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """Bills, each with what stood on it at the end of the day."""
    choice, _ = choice_of(asked, community)
    part, show, age = known(asked)
    rows = _measured(choice, part, age, "charge_id").filter(~Q(**{show: 0})).order_by("charge_id")
    sheet = Sheet(
        "lines", "：".join(words_of(part, show)), _period(choice, part, age) + placed_words(asked, community), MONTH_HEADS if part == "month" else HEADS,
        back=_back(choice, part, age),
    )  # fmt: skip
    total = rows.order_by().aggregate(
        count=Count("charge_id"), **{f"all_{name}": Sum(name, default=0) for name in NAMES}
    )
    after = asked.get("after", "")
    if is_row_number(after) and not whole:
        rows = rows.filter(charge_id__gt=int(after))
    most = whole or PAGE
    found = list(rows[: most + 1])
    more, found = len(found) > most, found[:most]
    charges = Charge.objects.select_related("item", "unit", "party").in_bulk([row["charge_id"] for row in found])
    block = Block(
        "账单", "房屋", [_line(sheet, charges[row["charge_id"]], Measure.of(row), asked) for row in found],
        counted=f"共 {total['count']} 笔", empty="没有这样的账单。",
    )  # fmt: skip
    every = Measure.of(total, "all_")
    block.total = Row("合计", sheet.cells(("", "", "", "", every.base, every.paid, every.waived, every.left)))
    if more and whole:
        sheet.left_off = total["count"] - most
    elif more:
        block.next_url = address("lines", {**_plain(asked), "after": found[-1]["charge_id"]})
    sheet.blocks = [block]
    return sheet


def households(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """One line for each household that had something to pay: whether it is clear."""
    choice, _ = choice_of(asked, community)
    part = known(asked)[0]
    rows = _measured(choice, part, "", "unit_id", "unit__sort_key").filter(unit_id__isnull=False)
    had = Q(left__gt=0) if part == "late" else Q(base__gt=0)
    rows = rows.filter(had).order_by("unit__sort_key", "unit_id")
    sheet = Sheet(
        "households", f"{PARTS[part]}：按户", _period(choice, part, "") + placed_words(asked, community), HOME_HEADS,
        back=_back(choice, part, "late" if part == "late" else ""),
    )  # fmt: skip
    clear = Count("unit_id", filter=Q(left__lte=0))
    total = rows.order_by().aggregate(
        count=Count("unit_id"), clear=clear, **{f"all_{name}": Sum(name, default=0) for name in NAMES}
    )
    key, _, pk = asked.get("after", "").rpartition("~")
    if is_row_number(pk) and not whole:
        rows = rows.filter(Q(unit__sort_key__gt=key) | Q(unit__sort_key=key, unit_id__gt=int(pk)))
    most = whole or PAGE
    found = list(rows[: most + 1])
    more, found = len(found) > most, found[:most]
    units = Unit.objects.in_bulk([row["unit_id"] for row in found])
    lines = []
    for row in found:
        one = Measure.of(row)
        urls = [address("lines", {**_plain(asked), "unit": row["unit_id"], "show": name}) for name in NAMES]
        lines.append(Row(units[row["unit_id"]].label, sheet.cells(_home(one), urls), url=urls[0]))
    words = "" if part == "late" else f"，其中结清 {total['clear']} 户（{percent(total['clear'], total['count'])}）"
    block = Block("各户", "房屋", lines, counted=f"共 {total['count']} 户{words}", empty="没有这样的户。")
    block.total = Row("合计", sheet.cells(_home(Measure.of(total, "all_"))))
    if more and whole:
        sheet.left_off = total["count"] - most
    elif more:
        block.next_url = address(
            "households", {**_plain(asked), "after": f"{found[-1]['unit__sort_key']}~{found[-1]['unit_id']}"}
        )
    sheet.blocks = [block]
    return sheet  # fmt: skip


def _home(one: Measure) -> tuple[Any, ...]:
    rate = percent(one.paid, one.base)
    return one.base, one.paid, one.waived, one.left, rate, "已结清" if one.left <= 0 else "未结清"


def known(asked: Mapping[str, str]) -> tuple[str, str, str]:
    part = asked.get("part", "") if asked.get("part") in PARTS else "all"
    show = asked.get("show", "") if asked.get("show") in SHOWS else "base"
    age = asked.get("age", "")
    return part, show, age if age == "favour" or (age.isdecimal() and int(age) < len(AGES)) else ""


def words_of(part: str, show: str) -> list[str]:
    return [PARTS[part], (IN_MONTH if part == "month" else SHOWS)[show]]


def _measured(choice: Choice, part: str, age: str, *keys: str) -> Any:
    """Grouped by the keys, with base, paid, waived and left as the part counts them."""
    rows = debts(choice.community, choice.day, choice.narrow)
    if part == "both":
        either = {name: F(f"c_{name}") + F(f"p_{name}") for name in NAMES}
        wide = {**sums(choice.current, prefix="c_"), **sums(choice.prior, choice.begins, prefix="p_")}
        return rows.values(*keys).annotate(**wide).annotate(**either)
    which, begins, in_time = _which(choice, part)
    if part == "late":
        which = Q(charge__due_on__lt=choice.day, charge__amount__gt=0)
    if age == "favour":
        which &= Q(charge__amount__lt=0)
    elif age:
        which &= Q(charge__amount__gt=0) & ages.spans(choice.day)[int(age)]
    return rows.filter(which).values(*keys).annotate(**sums(Q(), begins, in_time=in_time))


def _which(choice: Choice, part: str) -> tuple[Q, date | None, Q | None]:
    """The charges of a part, from which day on it counts, and which lines came in time."""
    if part == "month":
        return choice.standing, None, choice.in_time
    if part == "prior":
        return choice.prior, choice.begins, None
    return getattr(choice, part) if part in ("current", "ahead", "service") else Q(), None, None


def counted_in(choice: Choice, part: str, show: str) -> Q:
    """Which lines one figure of a part adds up."""
    found = Q(pk__in=())
    for one in ("current", "prior") if part == "both" else (part,):
        which, begins, in_time = _which(choice, one)
        found |= which & counted(begins, in_time)[show]
    return found


def _line(sheet: Sheet, charge: Charge, one: Measure, asked: Mapping[str, str]) -> Row:
    period = f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}"
    values = (
        mask_free_text(charge.party.name),
        charge.item.name,
        period,
        f"{charge.due_on:%Y-%m-%d}",
        one.base,
        one.paid,
        one.waived,
        one.left,
    )
    moves = [address("moves", {**_plain(asked), "charge": charge.pk, "show": name}) for name in NAMES]
    subs = ("", charge.part, "", "已冲销" if charge.reversal_id else "")
    return Row(
        charge.unit.label if charge.unit else "—",
        sheet.cells(values, (reverse("cashier:statement", args=[charge.party_id]), "", "", "", *moves), subs),
    )  # fmt: skip


def _period(choice: Choice, part: str, age: str) -> str:
    day = f"截至 {choice.day:%Y-%m-%d}"
    if age:
        return f"{day}，{'退补未用' if age == 'favour' else AGES[int(age)][1]}"
    if part in ("all", "late"):
        return day
    several = choice.first != choice.last
    months = f"{choice.first}至{choice.last}" if several else str(choice.first)
    if part == "month":
        until = "各月月末" if several else f"{min(choice.last.last, choice.day):%Y-%m-%d}"
        return f"账期 {months}，账单{day}，收款截至{'' if several else ' '}{until}"
    if part == "prior":
        return f"{choice.opens}以前的账期，{day}"
    return f"账期 {months}，{day}"


def _back(choice: Choice, part: str, age: str) -> tuple[str, str]:
    if age or part in ("all", "late"):
        return address("ages", {"day": choice.day.isoformat()}), "欠费账龄"
    if part == "service":
        return address("years", {"year": choice.first.year}), "年度明细"
    if part == "month" and choice.first != choice.last:
        return address("quality", {"month": choice.last.code}), "收费质量"
    return address("rates", asking.query_of(choice)), "收费率"


def _plain(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value and name != "after"}


def today_open(community: Any) -> int:
    """What the bills themselves say is not settled; it must be what their lines add up to."""
    return int(Charge.objects.filter(community=community).aggregate(total=Sum("open", default=0))["total"])


def is_today(day: Any) -> bool:
    return bool(day >= timezone.localdate())
