"""欠费账龄 (FEE-10): what is owed at the end of a day, by how long it has been due; over three years the claim may be barred."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from yihu.fronts.reports.fees import asking
from yihu.fronts.reports.fees.asking import DayForm, address
from yihu.fronts.reports.fees.measures import debts
from yihu.fronts.reports.fees.placing import NOBODYS, NOWHERE, place_of, placed, placed_words
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.balances import AGES

HEADS = (*(Head(label) for _, label in AGES), Head("退补未用"), Head("合计"), Head("逾期户", "count"))
NOTES = (
    "账龄从应缴日的次日起算；“退补未用”是有利于付款人、还没有对冲的账单（负数），合计 = 各账龄之和 + 退补未用。",
    "逾期三年以上的，诉讼时效可能已经届满（民法典第 188 条）；催缴、承诺会使时效中断，以催缴记录为准。",
    "逾期户：有已到期未缴账单的户数。按楼管：照现在的“送达分工”，由谁送单就归谁。",
)  # fmt: skip


def spans(day: date) -> list[Q]:
    """In which span of days a charge fell due."""
    found, before = [Q(charge__due_on__gte=day)], 0
    for most, _ in AGES[1:]:
        span = Q(charge__due_on__lt=day - timedelta(days=before))
        if most is not None:
            span &= Q(charge__due_on__gte=day - timedelta(days=most))
            before = most
        found.append(span)
    return found


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    form = DayForm(asked, community, timezone.localdate())
    day = form.cleaned_data["day"]
    found = _rows(community, day, placed(asked))
    period = f"截至 {day:%Y-%m-%d}{placed_words(asked, community)}"
    sheet = Sheet("ages", "欠费账龄", period, HEADS, notes=NOTES, form=form)
    place = place_of(asked)
    carried = asking.stewards(community, found)
    for name, title, key, labels in (
        ("cluster", "按组团", "unit__cluster_id", asking.clusters(community)),
        ("building", "按楼栋", "unit__building_id", asking.buildings(community)),
        ("steward", "按楼管", "steward", carried),
        ("item", "按收费项目", "item_id", asking.items(community)),
    ):
        if name == "steward" and not carried:
            continue
        groups: dict[Any, list[Any]] = {}
        for row in found:
            groups.setdefault(row[key], []).append(row)
        nobody = NOBODYS if name == "steward" else "未挂房屋"
        order = [pk for pk in labels if pk in groups] + ([None] if None in groups else [])
        rows = [
            _row(sheet, day, labels[pk] if pk is not None else nobody, groups[pk], {**place, name: pk or NOWHERE})
            for pk in order
        ]
        if name != "cluster" or len(rows) > 1:
            total = _row(sheet, day, "合计", found, place)
            sheet.blocks.append(Block(title, title.removeprefix("按"), rows, total, empty="没有欠费。"))
    return sheet


def _rows(community: Any, day: date, narrow: Q) -> list[dict[str, Any]]:
    owing = Q(charge__amount__gt=0)
    asked = {f"age{place}": Sum("amount", filter=owing & span, default=0) for place, span in enumerate(spans(day))}
    asked["favour"] = Sum("amount", filter=~owing, default=0)
    keys = ("unit_id", "unit__cluster_id", "unit__building_id", "item_id")
    rows = debts(community, day, narrow).values(*keys).annotate(**asked, total=Sum("amount")).order_by()
    return [row for row in rows if any(row[name] for name in asked)]


def _row(sheet: Sheet, day: date, label: str, rows: list[dict[str, Any]], place: Mapping[str, Any]) -> Row:
    def lines(**more: str) -> str:
        return address("lines", {"day": day.isoformat(), "part": "all", "show": "left", **place, **more})

    amounts = [sum(row[f"age{at}"] for row in rows) for at in range(len(AGES))]
    late = {row["unit_id"] for row in rows if any(row[f"age{at}"] for at in range(1, len(AGES)))}
    values = [*amounts, sum(row["favour"] for row in rows), sum(row["total"] for row in rows), len(late - {None})]
    urls = [lines(age=str(at)) for at in range(len(AGES))] + [lines(age="favour"), lines()]
    homes = address("households", {"day": day.isoformat(), "part": "late", **place})
    return Row(label, sheet.cells(values, [*urls, homes]))
