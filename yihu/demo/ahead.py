"""Money that is not earned yet: a parking space paid for some months ahead, a deposit of who renovates (F91)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from yihu.areas.billing.tariffs import dating
from yihu.areas.billing.tariffs.models import Holding
from yihu.areas.cashier import household
from yihu.areas.cashier.till import Taking, take_money
from yihu.basics.months import Month
from yihu.demo.fees import PARKING, PRICES
from yihu.ground.estate.models import Occupancy, Unit
from yihu.ground.ledger.models import FeeItem

SPACES, MONTHS = ("B1-016", "B1-017", "B1-031"), 3
DEPOSIT, DEPOSIT_FEN, RENOVATES = "ZXYJ", 200_000, timedelta(days=90)


def rent_spaces(community: Any, month: Month, clerk: Any) -> None:
    """李主管 enters who has which space from the beginning of last month on."""
    item = FeeItem.objects.get(community=community, code=PARKING)
    for unit, space in zip(_homes(community, month.first), SPACES, strict=False):
        if not Holding.objects.filter(unit__community=community, item=item, what=space).exists():
            row = Holding(unit=unit, item=item, what=space, from_on=month.first)
            dating.keep(row, may="tariffs.draft", by=clerk, key=f"demo:space:{space}")


def pay_ahead(community: Any, today: date, collector: Any) -> None:
    """The first of them pays the rent of three months ahead; the home that was handed over last leaves a deposit."""
    holding = Holding.objects.filter(unit__community=community, item__code=PARKING).order_by("pk").first()
    if holding is not None:
        rent = int(Decimal(PRICES[community.code][PARKING]) * 100) * MONTHS
        told = {"ahead_item": holding.item_id, "ahead": rent}
        _take(holding.unit, rent, "card", collector, "demo:till:rent", told)
    home = _homes(community, today).order_by("-handed_over_on", "pk").first()
    if home is not None:
        item = FeeItem.objects.get(community=community, code=DEPOSIT)
        told = {"deposit_item": item.pk, "deposit": DEPOSIT_FEN, "deposit_back_on": today + RENOVATES}
        _take(home, DEPOSIT_FEN, "cash", collector, "demo:till:deposit", told)


def _take(unit: Any, amount: int, method: str, collector: Any, key: str, told: dict[str, Any]) -> None:
    owner = Occupancy.objects.filter(unit=unit, role=Occupancy.Role.OWNER, to_on=None).order_by("place", "pk").first()
    if owner is None:
        return
    party, reference = owner.party, "" if method == "cash" else f"{unit.pk:08d}YZ"
    taking = Taking(
        party=party.pk, unit=unit.pk, amount=amount, method=method, payer_name=party.name, seen=household.seen_of(party),
        reference=reference, **told,
    )  # fmt: skip
    take_money(taking, party, by=collector, key=key)


def _homes(community: Any, day: date) -> Any:
    rows = Unit.objects.filter(community=community, roll__isnull=False, handed_over_on__lte=day)
    return rows.order_by("sort_key", "pk")
