"""What the tests of prices and bills need: items, prices, and units with their people and areas."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from yihu.areas.billing.tariffs.models import Developer, Tariff
from yihu.ground.estate.models import Occupancy, Party, Unit, UnitArea
from yihu.ground.ledger.models import Charge, FeeItem

START = date(2025, 1, 1)


def item_of(community: Any, code: str = "WY", name: str = "物业服务费", **more: Any) -> FeeItem:
    found, _ = FeeItem.objects.get_or_create(community=community, code=code, defaults={"name": name, **more})
    return found


def tariff_of(item: FeeItem, price: str = "2.80", kind: str = "area_gross", **more: Any) -> Tariff:
    facts = {"from_on": START, "document": "前期物业服务合同", **more}
    return Tariff.objects.create(community=item.community, item=item, kind=kind, price=Decimal(price), **facts)


def area_of(unit: Unit, area: str = "128.36", since: date = START, **more: Any) -> UnitArea:
    return UnitArea.objects.create(unit=unit, gross_area=Decimal(area), from_on=since, **more)


def stay_of(unit: Unit, name: str, role: str = "owner", since: Any = None, until: Any = None, place: int = 0) -> Party:
    party, _ = Party.objects.get_or_create(community=unit.community, name=name)
    Occupancy.objects.create(unit=unit, party=party, role=role, from_on=since, to_on=until, place=place)
    return party


def household(cast: Any, room: str, owner: str = "孙业主", area: str = "128.36", handed: date | None = START) -> Unit:
    """A home handed over long ago, with its area and its owner."""
    unit: Unit = cast.unit(room)
    Unit.objects.filter(pk=unit.pk).update(handed_over_on=handed)
    area_of(unit, area)
    stay_of(unit, owner)
    unit.refresh_from_db()
    return unit


def late_entry_of(cast: Any, office: Any) -> dict[str, Any]:
    """What the entry of a developer says who began last month, when another one was billed: 0299 is not handed over."""
    month = timezone.localdate().replace(day=1) - timedelta(days=1)
    first, here = month.replace(day=1), {"community": cast.yunqi}
    home = Unit.objects.filter(room="0299", **here).first() or cast.unit("0299")
    was, now = (Party.objects.get_or_create(name=name, **here)[0] for name in ("云栖置业", "新置业"))
    one = Developer.objects.filter(cluster=None, **here).first()
    one = one or Developer.objects.create(party=was, from_on=date(2020, 1, 1), **here)
    if not Charge.objects.filter(unit=home).exists():
        said = {"party": one.party_id, "unit": home.pk, "from_on": first, "to_on": month, "due_on": month}
        office.charge(35941, month.month, basis={"rule": "area_gross"}, **said)
    return {"party": now.pk, "from_on": f"{first}", "reason": "移交协议上月才送到"}
