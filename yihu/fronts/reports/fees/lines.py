"""What stands behind a figure: the bills themselves, or the households, with keyset pages; their sum is the figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils import timezone

from yihu.basics.identity import mask_free_text
from yihu.basics.shares import percent
from yihu.fronts.reports.fees import ages, asking
from yihu.fronts.reports.fees.asking import address, choice_of
from yihu.fronts.reports.fees.measures import NAMES, Choice, Measure, debts, sums
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.balances import AGES
from yihu.ground.ledger.models import Charge
from yihu.kernel.forms import is_row_number

PAGE = 100
PARTS = {"current": "本期账单", "prior": "往期欠费", "both": "本期与往期", "all": "全部账单", "late": "已到期的账单"}
SHOWS = {"base": "应收", "paid": "已收", "waived": "减免", "left": "未缴"}
HEADS = (
    Head("付款人", "text"), Head("项目", "text"), Head("服务期", "text"), Head("应缴日期", "text"),
    Head("应收"), Head("已收"), Head("减免"), Head("未缴"),
)  # fmt: skip
HOME_HEADS = (Head("应收"), Head("已收"), Head("减免"), Head("未缴"), Head("收费率", "rate"), Head("结果", "text"))


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """Bills, each with what stood on it at the end of the day."""
    choice, _ = choice_of(asked, community)
    part, show, age = _known(asked)
    rows = _measured(choice, part, age, "charge_id").filter(~Q(**{show: 0})).order_by("charge_id")
    sheet = Sheet(
        "lines", f"{PARTS[part]}：{SHOWS[show]}", _period(choice, part, age), HEADS, back=_back(choice, part, age)
    )
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
        "账单", "房屋", [_line(sheet, charges[row["charge_id"]], Measure.of(row)) for row in found],
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
    part = _known(asked)[0]
    rows = _measured(choice, part, "", "unit_id", "unit__sort_key").filter(unit_id__isnull=False)
    had = Q(left__gt=0) if part == "late" else Q(base__gt=0)
    rows = rows.filter(had).order_by("unit__sort_key", "unit_id")
    sheet = Sheet("households", f"{PARTS[part]}：按户", _period(choice, part, ""), HOME_HEADS, back=_back(choice, part, "late" if part == "late" else ""))  # fmt: skip
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
        url = address("lines", {**_plain(asked), "unit": row["unit_id"], "show": "base"})
        lines.append(Row(units[row["unit_id"]].label, sheet.cells(_home(one)), url=url))
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


def _known(asked: Mapping[str, str]) -> tuple[str, str, str]:
    part = asked.get("part", "") if asked.get("part") in PARTS else "all"
    show = asked.get("show", "") if asked.get("show") in SHOWS else "base"
    age = asked.get("age", "")
    return part, show, age if age == "favour" or (age.isdecimal() and int(age) < len(AGES)) else ""


def _measured(choice: Choice, part: str, age: str, *keys: str) -> Any:
    """Grouped by the keys, with base, paid, waived and left as the part counts them."""
    rows = debts(choice.community, choice.day, choice.narrow)
    if part == "both":
        either = {name: F(f"c_{name}") + F(f"p_{name}") for name in NAMES}
        wide = {**sums(choice.current, prefix="c_"), **sums(choice.prior, choice.begins, prefix="p_")}
        return rows.values(*keys).annotate(**wide).annotate(**either)
    which, begins = {"current": (choice.current, None), "prior": (choice.prior, choice.begins)}.get(part, (Q(), None))
    if part == "late":
        which = Q(charge__due_on__lt=choice.day, charge__amount__gt=0)
    if age == "favour":
        which &= Q(charge__amount__lt=0)
    elif age:
        which &= Q(charge__amount__gt=0) & ages.spans(choice.day)[int(age)]
    return rows.filter(which).values(*keys).annotate(**sums(Q(), begins))


def _line(sheet: Sheet, charge: Charge, one: Measure) -> Row:
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
    moves = address("moves", {"charge": charge.pk})
    subs = ("", charge.part, "", "已冲销" if charge.reversal_id else "")
    return Row(
        charge.unit.label if charge.unit else "—",
        sheet.cells(values, (reverse("cashier:statement", args=[charge.party_id]), "", "", "", moves), subs),
    )  # fmt: skip


def _period(choice: Choice, part: str, age: str) -> str:
    day = f"截至 {choice.day:%Y-%m-%d}"
    if age:
        return f"{day}，{'退补未用' if age == 'favour' else AGES[int(age)][1]}"
    if part in ("all", "late"):
        return day
    months = str(choice.first) if choice.first == choice.last else f"{choice.first}至{choice.last}"
    return f"账期 {months}，{day}" if part != "prior" else f"{choice.first}以前的账期，{day}"


def _back(choice: Choice, part: str, age: str) -> tuple[str, str]:
    if age or part in ("all", "late"):
        return address("ages", {"day": choice.day.isoformat()}), "欠费账龄"
    return address("rates", asking.query_of(choice)), "收费率"


def _plain(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value and name != "after"}


def today_open(community: Any) -> int:
    """What the bills themselves say is not settled; it must be what their lines add up to."""
    return int(Charge.objects.filter(community=community).aggregate(total=Sum("open", default=0))["total"])


def is_today(day: Any) -> bool:
    return bool(day >= timezone.localdate())
