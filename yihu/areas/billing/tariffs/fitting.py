"""Which price holds for a unit on which days: the nearest one; two of which neither is nearer are a question to a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from yihu.areas.billing.tariffs.models import Tariff
from yihu.basics.periods import ONE_DAY


class Profile(NamedTuple):
    """What a price asks about a unit."""

    unit_kind: str
    use: str
    cluster: int | None
    building: int | None


@dataclass(frozen=True)
class Fit:
    """The price of some days; None where there is none, and ``rivals`` where two fit equally."""

    first: date
    last: date
    tariff: Tariff | None
    rivals: tuple[Tariff, ...] = ()


def fits(tariff: Tariff, unit: int, profile: Profile) -> bool:
    if tariff.unit_id is not None:
        return tariff.unit_id == unit
    return (
        tariff.unit_kind in ("", profile.unit_kind)
        and tariff.use in ("", profile.use)
        and tariff.cluster_id in (None, profile.cluster)
        and tariff.building_id in (None, profile.building)
    )


def nearness(tariff: Tariff) -> tuple[int, int, int]:
    """By place (unit, building, cluster, everywhere), type and use; one is nearer if it is in nothing farther."""
    if tariff.unit_id is not None:
        return 3, 1, 1
    place = 2 if tariff.building_id is not None else int(tariff.cluster_id is not None)
    return place, int(tariff.unit_kind != ""), int(tariff.use != "")


def nearer(one: Tariff, than: Tariff) -> bool:
    """Whether the one takes the place of the other where both hold."""
    mine, others = nearness(one), nearness(than)
    return mine != others and all(a >= b for a, b in zip(mine, others, strict=True))


def nearest(tariffs: Sequence[Tariff]) -> list[Tariff]:
    """Those than which no other is nearer; more than one means that nobody said which."""
    return [one for one in tariffs if not any(nearer(other, one) for other in tariffs)]


def fitting(tariffs: Iterable[Tariff], unit: int, profile: Profile, first: date, last: date) -> list[Fit]:
    """The days from ``first`` to ``last`` cut where the price changes; empty where no price ever fits."""
    mine = [
        one
        for one in tariffs
        if one.from_on <= last and (one.to_on is None or one.to_on >= first) and fits(one, unit, profile)
    ]
    if not mine:
        return []
    starts = {first}
    for one in mine:
        starts |= {one.from_on, one.to_on + ONE_DAY if one.to_on else first}
    days = sorted(day for day in starts if first <= day <= last)
    found: list[Fit] = []
    for begin, after in zip(days, [*days[1:], last + ONE_DAY], strict=True):
        near = nearest([one for one in mine if one.from_on <= begin and (one.to_on is None or one.to_on >= begin)])
        tariff, rivals = (near[0], ()) if len(near) == 1 else (None, tuple(near))
        if found and (found[-1].tariff, found[-1].rivals) == (tariff, rivals):
            found[-1] = Fit(found[-1].first, after - ONE_DAY, tariff, rivals)
        else:
            found.append(Fit(begin, after - ONE_DAY, tariff, rivals))
    return found
