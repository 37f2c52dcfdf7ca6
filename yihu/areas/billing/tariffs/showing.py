"""How prices look on lists, on the item's page and on the wall, and what one makes of a unit this month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.areas.billing.tariffs import known
from yihu.areas.billing.tariffs.models import Board, Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.billing.tariffs.plan import plan
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.pricing import plain
from yihu.basics.worktime import add_months
from yihu.ground.estate.models import Unit

MONTHS = 14  # how far ahead a period is looked for, so that a yearly price has its example too


def prices_on(community: Any, day: date) -> list[Tariff]:
    """In force on that day, item by item, the general price first."""
    rows = Tariff.objects.filter(known.during(day, day), community=community, cancelled=False, item__shown=True)
    found = rows.select_related("item", "cluster", "building", "unit")
    return sorted(found, key=lambda one: (one.item_id, one.unit_id or 0, one.scope_words != "全部", one.pk))


def prices_after(community: Any, day: date) -> list[Tariff]:
    """Decided, and in force only from a later day on; the soonest first."""
    rows = Tariff.objects.filter(community=community, cancelled=False, from_on__gt=day, item__shown=True)
    return list(rows.select_related("item", "cluster", "building", "unit").order_by("from_on", "pk"))


def state_of(tariff: Tariff, day: date) -> dict[str, str]:
    if tariff.cancelled:
        return {"word": "已撤回", "css": "state-void"}
    if tariff.from_on > day:
        return {"word": f"{tariff.from_on:%Y-%m-%d} 起", "css": "state-wait"}
    if tariff.to_on and tariff.to_on < day:
        return {"word": "已终止", "css": "state-void"}
    return {"word": "现行", "css": "state-done"}


def period_words(tariff: Tariff) -> str:
    return f"{tariff.from_on:%Y-%m-%d} 起" + (f"，至 {tariff.to_on:%Y-%m-%d}" if tariff.to_on else "")


def ground_words(tariff: Tariff) -> str:
    """By whose word the price is what it is."""
    number = f"（{tariff.document_no}）" if tariff.document_no else ""
    by = f"，{tariff.authority}" if tariff.authority else ""
    return f"{tariff.get_pricing_display()}：{tariff.document}{number}{by}"


def example(item: Any, unit: Unit | None) -> dict[str, Any] | None:
    """The next bill of this item for a unit, as it would be reckoned now; for the first unit if none is named."""
    mine = Unit.objects.filter(community_id=item.community_id).order_by("sort_key", "pk")
    unit = unit or mine.filter(areas__isnull=False, handed_over_on__isnull=False).first() or mine.first()
    if unit is None:
        return None
    here = Month.of(timezone.localdate())
    for ahead in range(MONTHS):
        month = Month.of(add_months(here.first, ahead))
        groups = [group for group in plan(item.community_id, month) if group.item.pk == item.pk]
        if not groups:
            continue
        first, last = min(group.first for group in groups), max(group.last for group in groups)
        one = known.learn(item.community_id, [unit.pk], first, last).get(unit.pk)
        rows = [row for group in groups for row in group.reckon(one)] if one else []
        if rows:
            return {"unit": unit, "month": str(month), "lines": [_told(row) for row in rows if isinstance(row, Reckoned)],
                    "odd": [row.words for row in rows if isinstance(row, Oddity)]}  # fmt: skip
    return {"unit": unit, "month": str(here), "lines": [], "odd": []}


def _told(row: Reckoned) -> dict[str, str]:
    return {
        "period": f"{row.from_on:%Y-%m-%d} 至 {row.to_on:%Y-%m-%d}",
        "words": row.words,
        "amount": yuan(row.amount),
        "due": f"{row.due_on:%Y-%m-%d}",
    }


def public_list(community: Any, day: date) -> dict[str, Any]:
    """《收费公示表》 as it hangs on the wall: item, basis, price, authority, period; whom to ring (FEE-01). A price that is decided
    stands beneath the one that it follows before it is asked for."""
    head = Board.objects.filter(community=community).first() or Board(community=community)
    return {
        "community": community.name,
        "company": head.company,
        "hotline": head.hotline,
        "oversight": head.oversight,
        "note": head.note,
        "day": f"{day:%Y年%m月%d日}",
        "lines": list(_public(prices_on(community, day), prices_after(community, day))),
    }


def _public(now: list[Tariff], later: list[Tariff]) -> Iterable[dict[str, Any]]:
    """What was agreed with one household alone does not hang on the wall."""
    before = None
    for tariff in sorted((*now, *later), key=lambda one: one.item_id):
        if tariff.unit_id is not None:
            continue
        vacant = (
            f"空置按 {plain(tariff.vacant_percent)}% 收（{tariff.vacant_ground}）"
            if tariff.vacant_percent is not None
            else ""
        )
        yield {
            "item": tariff.item.name if tariff.item_id != before else "",
            "scope": tariff.scope_words,
            "way": tariff.way,
            "price": tariff.price_words if not tariff.steps else "",
            "steps": tariff.steps_words,
            "ground": ground_words(tariff),
            "period": period_words(tariff),
            "coming": tariff in later,
            "more": vacant,
            "pass_through": tariff.kind in (Kind.METER, Kind.SHARE) and tariff.pricing == Tariff.Pricing.COST,
        }
        before = tariff.item_id
