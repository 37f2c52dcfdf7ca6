"""开发商付费 entered late: which posted bills would have had another payer, and who was billed to nobody at the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Max, Min, Q

from yihu.areas.billing.tariffs import known
from yihu.areas.billing.tariffs.models import Developer, PayerChange
from yihu.areas.billing.tariffs.models.agreements import LESS
from yihu.areas.billing.tariffs.paying import NEVER, Stay
from yihu.areas.billing.tariffs.plan import RECKONED
from yihu.basics.money import yuan
from yihu.basics.periods import ONE_DAY
from yihu.basics.worktime import OFFICE_ZONE, add_months
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.models import Charge

BILLED = 12  # months that are looked at together: a year that was paid in advance
RULE = "correction"
OURS = {*RECKONED, *LESS, RULE}
PASSED = ("month", "reading")  # in the basis of a shared or a measured cost: whose turn of the pool, which reading
NEIGHBOURS = 300  # units by whose bills it is told what was billed here
SLICE = 500
NAMED = 3  # units that a sentence names

Period = tuple[int, date, date]


@dataclass(frozen=True)
class Entry:
    """Who is to pay for what is not handed over, of a cluster or of the whole site."""

    community: int
    cluster: int | None
    party: int
    from_on: date
    to_on: date | None = None


@dataclass
class Touch:
    """What an entry concerns, added up: the bills themselves may be years of a whole site, and are never held together.
    ``unbilled`` are units whose months were billed to nobody; ``orphans`` of the bills those for which nobody would pay on
    some day."""

    bills: int = 0
    total: int = 0
    first: date = NEVER
    last: date = date.min
    months: set[tuple[int, int]] = field(default_factory=set)
    units: dict[int, str] = field(default_factory=dict)
    unbilled: set[int] = field(default_factory=set)
    periods: list[Period] = field(default_factory=list)
    orphans: int = 0

    def __bool__(self) -> bool:
        return bool(self.bills or self.unbilled)

    def add(self, row: Charge) -> None:
        self.bills, self.total = self.bills + 1, self.total + row.amount
        self.first, self.last = min(self.first, row.from_on), max(self.last, row.to_on)
        self.months.add((row.to_on.year, row.to_on.month))
        self.units.setdefault(row.unit_id or 0, str(row.unit) if len(self.units) < NAMED else "")

    @property
    def words(self) -> str:
        told = []
        if self.bills:
            names = "、".join(name for name in self.units.values() if name)
            named = names + (f" 等 {len(self.units)} 户" if len(self.units) > NAMED else "")
            told.append(
                f"已经出的账单 {self.bills} 笔、{yuan(self.total)} 元（{len(self.months)} 个月的，{named}，"
                f"{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}）"
            )
        if self.unbilled:
            told.append(f"当时没有付款人、没有出账的 {len(self.unbilled)} 户")
        return "影响" + "，".join(told)


def in_scope(entry: Entry | PayerChange, units: Sequence[int] | None = None) -> Any:
    """Units of its cluster that were not handed over on its first day."""
    rows = Unit.objects.filter(community_id=_community(entry))
    if (cluster := _cluster(entry)) is not None:
        rows = rows.filter(cluster=cluster)
    if units is not None:
        rows = rows.filter(known.among("pk", units))
    return rows.filter(Q(handed_over_on__isnull=True) | Q(handed_over_on__gt=entry.from_on))


def _community(entry: Any) -> int:
    return int(entry.community if isinstance(entry, Entry) else entry.community_id)


def _cluster(entry: Any) -> int | None:
    found: int | None = entry.cluster if isinstance(entry, Entry) else entry.cluster_id
    return found


def touching(entry: Entry) -> Touch:
    """What of the posted bills the entry would concern, were it in force, as far back as the books go."""
    found = Touch()
    for bills in each_batch(entry, found):
        for row in bills:
            found.add(row)
    return found


def each_batch(entry: Entry, found: Touch) -> Iterator[list[Charge]]:
    """The bills, some units and one year at a time; whom nobody was billed for and what would have no payer, in ``found``."""
    units = list(in_scope(entry).order_by("pk").values_list("pk", flat=True))
    years = [(since, until, billed_here(entry.community, since, until)) for since, until in years_of(entry, units)]
    found.periods = sorted({period for *_, periods in years for period in periods})
    for place in range(0, len(units), SLICE):
        for at, (since, until, periods) in enumerate(years):
            begins = Q(to_on__gte=since) if not at else Q(from_on__gte=since)
            yield _look(entry, units[place : place + SLICE], begins & Q(from_on__lte=until), periods, found)


def years_of(entry: Entry, units: Sequence[int]) -> list[tuple[date, date]]:
    """From its first day to its last, a year at a time, within what was billed to these units or to others here."""
    others = Unit.objects.filter(community_id=entry.community, handed_over_on__isnull=False).order_by("pk")[:NEIGHBOURS]
    bounds: list[tuple[date, date]] = []
    for place in range(0, len(units) or 1, SLICE):
        some = units[place : place + SLICE] + (list(others.values_list("pk", flat=True)) if not place else [])
        rows = Charge.objects.filter(unit__in=some, reversal__isnull=True, to_on__gte=entry.from_on)
        told = rows.filter(from_on__lte=entry.to_on or NEVER).aggregate(first=Min("from_on"), last=Max("from_on"))
        if told["first"]:
            bounds.append((told["first"], told["last"]))
    if not bounds:
        return []
    since, last = max(entry.from_on, min(first for first, _ in bounds)), max(last for _, last in bounds)
    found = []
    while since <= max(last, entry.from_on):
        after = add_months(since.replace(day=1), BILLED)
        found.append((since, min(after - ONE_DAY, entry.to_on or NEVER)))
        since = after
    return found


def _look(entry: Entry, units: list[int], when: Q, periods: Sequence[Period], found: Touch) -> list[Charge]:
    rows = Charge.objects.filter(when, unit__in=units, reversal__isnull=True)
    bills = [
        row for row in rows.select_related("item", "unit", "party").order_by("unit", "from_on", "pk") if _made(row)
    ]
    days = [day for row in bills for day in (row.from_on, row.to_on)]
    days += [day for _, first, last in periods for day in (first, last)]
    if not days:
        return []
    first, last = min(days), max(days)
    now = known.learn(entry.community, units, first, last)
    then = known.learn(entry.community, units, first, last, builders=would(entry))
    concerned = []
    for row in bills:
        was, is_then = (_who(some[row.unit_id or 0], row.from_on, row.to_on) for some in (now, then))
        if was != is_then:
            concerned.append(row)
            found.orphans += any(party is None for *_, party in is_then)
    had = {(row.unit_id, row.item_id) for row in bills}
    for unit in units:
        if any(
            (unit, item) not in had
            and None in (was := [one[2] for one in _who(now[unit], begin, end)])
            and was != [one[2] for one in _who(then[unit], begin, end)]
            for item, begin, end in periods
        ):
            found.unbilled.add(unit)
    return concerned


def _who(one: known.Known, first: date, last: date) -> list[tuple[date, date, int | None]]:
    return [(pays.first, pays.last, pays.party) for pays in one.people.payers(None, first, last)]


def _made(row: Charge) -> bool:
    """By prices, pools or meters; what somebody entered by hand is in his hands."""
    basis = row.basis or {}
    return basis.get("rule") in OURS or any(name in basis for name in PASSED)


def would(entry: Entry) -> dict[int | None, list[Stay]]:
    """The developers as they would stand: who was there before pays until the day before."""
    found: dict[int | None, list[Stay]] = {entry.cluster: [Stay(entry.party, entry.from_on, entry.to_on or NEVER)]}
    for row in Developer.objects.filter(community_id=entry.community).order_by("from_on"):
        last = row.to_on or NEVER
        if row.cluster_id == entry.cluster and row.from_on < entry.from_on <= last:
            last = entry.from_on - ONE_DAY
        found.setdefault(row.cluster_id, []).append(Stay(row.party_id, row.from_on, last))
    return {cluster: sorted(stays, key=lambda one: one.first) for cluster, stays in found.items()}


def succeeded(entry: Entry) -> Any:
    """Who pays there on its first day, and stops."""
    rows = Developer.objects.filter(community_id=entry.community, cluster=entry.cluster, from_on__lt=entry.from_on)
    return rows.filter(Q(to_on__isnull=True) | Q(to_on__gte=entry.from_on))


def in_its_way(entry: Entry) -> Developer | None:
    """Who is entered for days within its time, and began after it."""
    rows = Developer.objects.filter(community_id=entry.community, cluster=entry.cluster, from_on__gte=entry.from_on)
    return rows.filter(from_on__lte=entry.to_on or NEVER).select_related("party").first()


def billed_after(row: Developer, day: date) -> bool:
    """Whether he was billed, as the developer, for days after this one."""
    rows = Charge.objects.filter(party=row.party_id, community=row.community_id, reversal__isnull=True, to_on__gt=day)
    rows = rows.filter(unit__in=in_scope(Entry(row.community_id, row.cluster_id, row.party_id, day)))
    return any(_made(one) for one in rows.iterator())


def billed_here(community_id: int, since: date, until: date) -> list[Period]:
    """What was billed by prices in these days, told by some units that were handed over long ago."""
    old = Unit.objects.filter(community_id=community_id, handed_over_on__lte=since).order_by("pk")[:NEIGHBOURS]
    rows = Charge.objects.filter(unit__in=list(old.values_list("pk", flat=True)), reversal__isnull=True)
    rows = rows.filter(from_on__gte=since.replace(day=1), from_on__lte=until)
    told = rows.order_by().values_list("item", "from_on", "to_on", "basis")
    return sorted(
        {(item, first, last) for item, first, last, basis in told.iterator() if (basis or {}).get("rule") in RECKONED}
    )


def approved_since(community_id: int, day: date) -> list[PayerChange]:
    """Changes that the runs of these months put into bills."""
    since = datetime.combine(day, time(0), OFFICE_ZONE)
    rows = PayerChange.objects.filter(community_id=community_id, state=PayerChange.State.DONE, approved_at__gte=since)
    return list(rows.order_by("pk"))


def concerned(changes: Sequence[PayerChange], units: Sequence[int]) -> dict[int, date]:
    """Of these units: from when the changes concern them, however long ago."""
    found: dict[int, date] = {}
    wanted = set(units)
    for change in changes:
        for unit in in_scope(change, units).values_list("pk", flat=True):
            if unit in wanted:
                found[unit] = min(found.get(unit, NEVER), change.from_on)
    return found


def billed_then(changes: Sequence[PayerChange]) -> Iterator[Period]:
    for change in changes:
        for item, first, last in change.periods:
            yield int(item), date.fromisoformat(first), date.fromisoformat(last)


def as_json(periods: Sequence[Period]) -> list[list[Any]]:
    return [[item, first.isoformat(), last.isoformat()] for item, first, last in periods]


def entry_of(change: PayerChange) -> Entry:
    return Entry(change.community_id, change.cluster_id, change.party_id or 0, change.from_on, change.to_on)


def agreed_late(agreement: Any, today: date) -> list[Charge]:
    """Posted bills of the last year that an agreement with one household would put right (空置减收 and the like)."""
    since, until = max(agreement.from_on, add_months(today.replace(day=1), -BILLED)), agreement.to_on or NEVER
    rows = Charge.objects.filter(unit=agreement.unit, reversal__isnull=True, to_on__gte=since, from_on__lte=until)
    if agreement.item_id is not None:
        rows = rows.filter(item=agreement.item_id)
    found = rows.select_related("item", "unit", "party").order_by("from_on", "pk")
    return [row for row in found if (row.basis or {}).get("rule") in OURS]
