"""《业主基本情况汇总表》 (F35): the columns of the paper sheet for any set of units, read in slices of a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from yihu.ground.estate.models import Occupancy, ParkingSpace, Unit, UnitArea, Vehicle
from yihu.kernel.exports import Column

TITLE = "业主基本情况汇总表"
COLUMNS = [
    Column("组团", "code"), Column("楼栋", "code"), Column("单元", "code", 8), Column("房号", "code", 10), Column("建筑面积", "number"),
    Column("套内面积", "number"), Column("业主姓名", "code"), Column("证件号码", "code", 20), Column("联系电话", "code", 14),
    Column("备用电话", "code", 14), Column("交房日期", "date"), Column("装修办理日期", "date"), Column("入住日期", "date"),
    Column("使用情况", "code", 10), Column("租户姓名", "code"), Column("租户电话", "code", 14), Column("车位号", "code", 10),
    Column("车牌号", "code", 12), Column("资料核对日期", "date"), Column("备注"),
]  # fmt: skip
SLICE = 500
# what becomes of a personal value on its way to the sheet: as it is, it is its mask
Personal = Callable[[Any], str]


def as_masked(value: Any) -> Any:
    return value


def lines(units: Any, personal: Personal = as_masked) -> Iterator[list[Any]]:
    """A line for each unit, in the order of the query; a long list takes no more memory than a short one."""
    found: list[Unit] = []
    for unit in units.select_related("cluster", "building").iterator(chunk_size=SLICE):
        found.append(unit)
        if len(found) == SLICE:
            yield from of_units(found, personal)
            found = []
    yield from of_units(found, personal)


def of_units(units: list[Unit], personal: Personal = as_masked) -> Iterator[list[Any]]:
    """Lines for units at hand; four questions, however many they are."""
    people, areas, things = people_of(units), areas_of(units), _things_of(units)
    for unit in units:
        owners, lessees = people.get((unit.pk, "owner"), []), people.get((unit.pk, "lessee"), [])
        area = areas.get(unit.pk)
        yield [
            str(unit.cluster or ""), str(unit.building), unit.entrance, unit.room, getattr(area, "gross_area", None),
            getattr(area, "net_area", None), _names(owners), *(_numbers(owners, field, personal) for field in ("id_no", "phone", "phone2")),
            unit.handed_over_on, unit.renovation_begun_on, unit.moved_in_on, unit.get_use_display() if unit.use else "",
            _names(lessees), _numbers(lessees, "phone", personal), "、".join(things.get(("space", unit.pk), [])),
            "、".join(things.get(("plate", unit.pk), [])), unit.verified_on, unit.remark,
        ]  # fmt: skip


def people_of(units: Iterable[Unit]) -> dict[tuple[int, str], list[Occupancy]]:
    """Today's owners and lessees of each unit, in the order of the roll."""
    stays = Occupancy.objects.filter(unit__in=[unit.pk for unit in units], role__in=("owner", "lessee"))
    found: dict[tuple[int, str], list[Occupancy]] = {}
    for stay in stays.on(timezone.localdate()).select_related("party").order_by("place", "pk"):
        found.setdefault((stay.unit_id, stay.role), []).append(stay)
    return found


def areas_of(units: Iterable[Unit]) -> Mapping[int, UnitArea]:
    areas = UnitArea.objects.filter(unit__in=[unit.pk for unit in units], from_on__lte=timezone.localdate())
    return {area.unit_id: area for area in areas.order_by("from_on")}


def _things_of(units: list[Unit]) -> dict[tuple[str, int], list[str]]:
    pks, things = [unit.pk for unit in units], {}  # type: ignore[var-annotated]
    for unit_id, plate in Vehicle.objects.filter(unit__in=pks).order_by("plate").values_list("unit_id", "plate"):
        things.setdefault(("plate", unit_id), []).append(plate)
    for unit_id, code in ParkingSpace.objects.filter(unit__in=pks).order_by("code").values_list("unit_id", "code"):
        things.setdefault(("space", unit_id), []).append(code)
    return things


def _names(stays: list[Occupancy]) -> str:
    return "、".join(stay.party.name for stay in stays)


def _numbers(stays: list[Occupancy], field: str, personal: Personal) -> str:
    values = (getattr(stay.party, field) for stay in stays)
    return "、".join(str(personal(value)) for value in values if value)
