"""The units of a pool as they stood at the end of its period: area, floor, occupied or not, people. Five questions at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from yihu.areas.billing.sharing.models import SharePool
from yihu.areas.billing.sharing.reckon import AREA, HEADS, USAGE, Member, floor_of
from yihu.ground.estate.finding import find_units
from yihu.ground.estate.models import Occupancy, Unit, UnitArea

M = SharePool.Method
LIVES = (Occupancy.Role.OWNER, Occupancy.Role.LESSEE, Occupancy.Role.RESIDENT)


def units_of(pool: SharePool) -> Any:
    """The units in the pool's scope, in the order of their codes."""
    rows = Unit.objects.filter(community_id=pool.community_id)
    if pool.scope == SharePool.Scope.CLUSTER:
        rows = rows.filter(cluster_id=pool.cluster_id)
    elif pool.scope in (SharePool.Scope.BUILDING, SharePool.Scope.ENTRANCE):
        rows = rows.filter(building_id=pool.building_id)
    if pool.scope == SharePool.Scope.ENTRANCE:
        rows = rows.filter(entrance=pool.entrance)
    if pool.unit_kind:
        rows = rows.filter(kind=pool.unit_kind)
    if pool.method == M.FIXED:
        rows = rows.filter(pk__in=[int(pk) for pk in pool.parts])
    return rows.order_by("sort_key", "pk")


def members(pool: SharePool, day: date, used: dict[int, Decimal] | None = None) -> list[Member]:
    """``used``: each unit's use in the period, for a pool that is divided by use."""
    units = list(units_of(pool))
    pks = [unit.pk for unit in units]
    areas = _areas(pks, day) if pool.method == AREA else {}
    people = _people(units, day) if pool.method == HEADS else {}
    return [
        Member(
            unit=unit.pk, code=unit.sort_key, label=str(unit), area=areas.get(unit.pk), floor=floor_of(unit.room),
            occupied=occupied(unit, day), heads=people.get(unit.pk, 0),
            usage=(used or {}).get(unit.pk) if pool.method == USAGE else None,
            parts=Decimal(pool.parts[str(unit.pk)]) if pool.method == M.FIXED else None,
        )
        for unit in units
    ]  # fmt: skip


def occupied(unit: Any, day: date) -> bool:
    """入住 begins with the fit-out; what is entered as 空置 is empty again."""
    begun = [on for on in (unit.renovation_begun_on, unit.moved_in_on) if on is not None]
    return any(on <= day for on in begun) and unit.use != Unit.Use.VACANT


def _areas(pks: Iterable[int], day: date) -> dict[int, Decimal]:
    """The billing area in force, else the gross area."""
    found: dict[int, Decimal] = {}
    for row in UnitArea.objects.filter(unit_id__in=pks, from_on__lte=day).order_by("from_on"):
        figure = row.billing_area or row.gross_area
        if figure:
            found[row.unit_id] = figure
    return found


def _people(units: Iterable[Any], day: date) -> dict[int, int]:
    """Who lives there by the household's file: the lessees where it is let, else the owners; residents always."""
    let = {unit.pk for unit in units if unit.use == Unit.Use.LET}
    rows = Occupancy.objects.on(day).filter(unit__in=[unit.pk for unit in units], role__in=LIVES, party__kind="person")
    found: dict[int, set[int]] = defaultdict(set)
    for unit, role, party in rows.values_list("unit", "role", "party"):
        away = Occupancy.Role.OWNER if unit in let else Occupancy.Role.LESSEE
        if role != away:
            found[unit].add(party)
    return {unit: len(people) for unit, people in found.items()}


def read_parts(text: str, community_id: int) -> tuple[dict[str, str], list[str]]:
    """约定份数 as typed, one unit a line (A1-1-0101 1.5): each unit's parts, and what cannot be read."""
    parts: dict[str, str] = {}
    wrong: list[str] = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        room, _, figure = line.replace("：", " ").replace("\t", " ").rpartition(" ")
        unit = _the_unit(room.strip(), community_id)
        if unit is None:
            wrong.append(f"“{line[:30]}”：没有找到这一户，请写成“A1-1-0101 1.5”。")
        elif not _is_parts(figure):
            wrong.append(f"“{line[:30]}”：份数要是大于零的数，最多四位小数。")
        elif str(unit.pk) in parts:
            wrong.append(f"“{line[:30]}”：这一户写了两次。")
        else:
            parts[str(unit.pk)] = figure
    return parts, wrong


def _the_unit(room: str, community_id: int) -> Any:
    if not room:
        return None
    exact = Unit.objects.filter(community_id=community_id, label=room).first()
    if exact is not None:
        return exact
    found = [unit for unit in find_units(room, [community_id]) if not unit.rank]  # type: ignore[attr-defined]
    return found[0] if len(found) == 1 else None


def _is_parts(figure: str) -> bool:
    whole, _, rest = figure.partition(".")
    plain = figure.isascii() and whole.isdigit() and (rest.isdigit() or not rest) and len(whole) < 7 and len(rest) < 5
    return plain and Decimal(figure) > 0
