"""The rooms and meters that the lines of a sheet may mean, asked for once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from yihu.areas.billing.meters.bringing.lines import Line
from yihu.areas.billing.meters.models import Meter
from yihu.basics import rooms
from yihu.ground.estate.models import Unit

_MANY = 500  # names in one question


def in_parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[first : first + _MANY] for first in range(0, len(values), _MANY))


def units_of(community: Any, lines: Sequence[Line]) -> dict[str, list[Unit]]:
    """The rooms that these lines may mean, by the label as it is written, and by building, entrance and room."""
    spoken = sorted({line.room.strip() for line in lines})
    found: dict[str, list[Unit]] = defaultdict(list)
    for some in in_parts(spoken):
        keys = {" ".join(filter(None, key.folded())) for room in some for key in rooms.candidates(room)}
        rows = Unit.objects.filter(Q(label__in=some) | Q(search_key__in=keys), community=community)
        for unit in rows.select_related("building__cluster"):
            for key in {unit.label.casefold(), unit.search_key}:
                found[key].append(unit)
    return found


def meters_of(community: Any, lines: Sequence[Line], units: Mapping[str, Sequence[Unit]]) -> Iterator[Meter]:
    """Those of the numbers in the lines, and those in their rooms."""
    here = Meter.objects.filter(community=community, shown=True).select_related("unit", "building", "cluster")
    met: set[int] = set()
    numbers = sorted({one for line in lines for one in (line.number, line.fresh_number) if one})
    homes = sorted({unit.pk for some in units.values() for unit in some})
    for asked in (
        *(Q(number__in=some) for some in in_parts(numbers)),
        *(Q(unit_id__in=some) for some in in_parts(homes)),
    ):
        for meter in here.filter(asked):
            if meter.pk not in met:
                met.add(meter.pk)
                yield meter
