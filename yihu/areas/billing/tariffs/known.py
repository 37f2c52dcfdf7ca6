"""What must be known of some units to bill them, read with the same few questions for one unit and for five hundred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from yihu.areas.billing.tariffs.fitting import Profile
from yihu.areas.billing.tariffs.models import Developer, Holding, Tariff, Term
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.billing.tariffs.paying import EVER, NEVER, Household, Promise, Stay
from yihu.basics.periods import ONE_DAY
from yihu.ground.estate.models import Occupancy, Unit, UnitArea

OWNER, LESSEE = Occupancy.Role.OWNER.value, Occupancy.Role.LESSEE.value


class Area(NamedTuple):
    """The figures of a unit from a day on, as text: most of them are only compared."""

    first: date
    gross: str | None
    net: str | None
    billing: str | None


class Held(NamedTuple):
    what: str
    quantity: Decimal
    first: date
    last: date


@dataclass
class Known:
    """One unit."""

    unit: int
    label: str
    profile: Profile
    people: Household
    areas: list[Area] = field(default_factory=list)
    held: dict[int, list[Held]] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    _payers: dict[tuple[date, date], int | None] = field(default_factory=dict)

    def payer(self, first: date, last: date) -> int | None:
        """The one owner of all these days where nothing else is to be thought of; asked once for each period."""
        key = (first, last)
        if key not in self._payers:
            self._payers[key] = self.people.alone(first, last)
        return self._payers[key]


def among(column: str, units: Sequence[int]) -> Q:
    """Rows of these units. A run asks for hundreds that lie side by side: then two numbers say it, and whoever reads the
    rows leaves out the few between."""
    low, high = min(units, default=0), max(units, default=0)
    if len(units) > 1 and high - low < 2 * len(units):
        return Q(**{f"{column}__gte": low, f"{column}__lte": high})
    return Q(**{f"{column}__in": list(units)})


def during(first: date, last: date) -> Q:
    """Rows that hold on some day of a time."""
    return Q(from_on__lte=last) & (Q(to_on__isnull=True) | Q(to_on__gte=first))


def prices_of(community_id: int, kinds: Iterable[str], first: date, last: date) -> list[Tariff]:
    """Prices that hold on some day of a time, of items in use."""
    rows = Tariff.objects.filter(
        during(first, last), community_id=community_id, kind__in=list(kinds), cancelled=False, item__shown=True
    )
    return list(rows.select_related("item").order_by("item_id", "from_on", "pk"))


def profiles(community_id: int, units: Sequence[int]) -> dict[int, Profile]:
    """What prices ask about these units, in their order."""
    rows = Unit.objects.filter(among("pk", units), community_id=community_id)
    found = {pk: Profile(*asked) for pk, *asked in rows.values_list("pk", "kind", "use", "cluster_id", "building_id")}
    return {pk: found[pk] for pk in units if pk in found}


def learn(
    community_id: int,
    units: Sequence[int],
    first: date,
    last: date,
    *,
    builders: Mapping[int | None, Any] | None = None,
) -> dict[int, Known]:
    """What holds of these units on some day of a time, in their order. ``builders``: who would pay for what is not handed
    over, by cluster, where that is the question."""
    builders = _developers(community_id, first, last) if builders is None else builders
    wanted = list(units)
    known: dict[int, Known] = {}
    rows = Unit.objects.filter(among("pk", wanted), community_id=community_id).values_list(
        "pk", "label", "kind", "use", "cluster_id", "building_id", "handed_over_on", "moved_in_on"
    )
    for pk, label, kind, use, cluster, building, handed, moved_in in rows:
        people = Household(handed or moved_in, developers=builders.get(cluster) or builders.get(None) or ())
        known[pk] = Known(pk, label, Profile(kind, use, cluster, building), people)
    _add_people(known, wanted, first, last)
    _add_areas(known, wanted, last)
    _add_agreed(known, wanted, first, last)
    return {pk: known[pk] for pk in wanted if pk in known}


def _add_people(known: dict[int, Known], units: list[int], first: date, last: date) -> None:
    rows = Occupancy.objects.filter(
        Q(from_on__isnull=True) | Q(from_on__lte=last), Q(to_on__isnull=True) | Q(to_on__gte=first),
        among("unit", units), role__in=(OWNER, LESSEE),
    )  # fmt: skip
    ordered = rows.order_by("unit_id", "place", "pk").values_list("unit_id", "party_id", "role", "from_on", "to_on")
    for unit, party, role, begun, ended in ordered.iterator(chunk_size=5000):
        if unit in known:
            people = known[unit].people
            (people.owners if role == OWNER else people.lessees).append(Stay(party, begun or EVER, ended or NEVER))


def _add_areas(known: dict[int, Known], units: list[int], last: date) -> None:
    rows = UnitArea.objects.filter(among("unit", units), from_on__lte=last).order_by("unit_id", "from_on")
    texts = [Cast(name, CharField()) for name in ("gross_area", "net_area", "billing_area")]
    for unit, first, gross, net, billing in rows.values_list("unit_id", "from_on", *texts):
        if unit in known:
            known[unit].areas.append(Area(first, gross, net, billing))


def _add_agreed(known: dict[int, Known], units: list[int], first: date, last: date) -> None:
    held = Holding.objects.filter(during(first, last), among("unit", units)).order_by("pk")
    for unit, item, what, quantity, begun, ended in held.values_list(
        "unit_id", "item_id", "what", "quantity", "from_on", "to_on"
    ):
        if unit in known:
            known[unit].held.setdefault(item, []).append(Held(what, quantity, begun, ended or NEVER))
    for term in Term.objects.filter(during(first, last), among("unit", units)).order_by("pk"):
        if term.unit_id not in known:
            continue
        one = known[term.unit_id]
        if term.slot == Term.Slot.PAYER and term.party_id is not None:
            one.people.promises.append(
                Promise(term.item_id, term.party_id, term.from_on, term.to_on or NEVER, term.number)
            )
        else:
            one.terms.append(term)


def _developers(community_id: int, first: date, last: date) -> dict[int | None, list[Stay]]:
    found: dict[int | None, list[Stay]] = {}
    for row in Developer.objects.filter(during(first, last), community_id=community_id).order_by("from_on"):
        found.setdefault(row.cluster_id, []).append(Stay(row.party_id, row.from_on, row.to_on or NEVER))
    return found


def figures(areas: Sequence[Area], kind: str, first: date, last: date) -> list[tuple[date, date, Decimal | None, str]]:
    """The area that counts, cut where it was corrected: (from, to, figure, which one it is)."""
    before = [one for one in areas if one.first <= first][-1:]
    rows = before + [one for one in areas if first < one.first <= last]
    if not rows:
        return [(first, last, None, "")]
    starts = [max(first, one.first) for one in rows]
    ends = [day - ONE_DAY for day in starts[1:]] + [last]
    found: list[tuple[date, date, Decimal | None, str]] = []
    for begin, end, one in zip(starts, ends, rows, strict=True):
        figure, word = which(one, kind)
        found.append((begin, end, Decimal(figure) if figure else None, word))
    if starts[0] > first:
        found.insert(0, (first, starts[0] - ONE_DAY, None, ""))
    return found


def which(area: Area, kind: str) -> tuple[str | None, str]:
    """The billing area is the gross one where no other was entered."""
    if kind == Kind.NET:
        return area.net, "套内面积"
    if kind == Kind.BILLING and area.billing is not None:
        return area.billing, "计费面积"
    return area.gross, "建筑面积"
