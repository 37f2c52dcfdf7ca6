"""补收与更正: what became known after its month was billed (a late hand-over, title that had passed, an area that was measured).

An entry of who pays for what is not handed over (开发商付费) counts once another hand has agreed to it (``late_entry``).
The bills are not touched: the difference between what should have been billed and what was is a line of its own, to the
payer whom it concerns (domain §5.1, §5.3). Only for units in which something changed, and only where the item was billed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from typing import NamedTuple

from django.db.models import Min

from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.areas.billing.tariffs import known, late_entry, switching
from yihu.areas.billing.tariffs.known import Known
from yihu.areas.billing.tariffs.late_entry import BILLED, OURS, RULE
from yihu.areas.billing.tariffs.models import PayerChange
from yihu.areas.billing.tariffs.noticing import changed_units, told_since
from yihu.areas.billing.tariffs.plan import FARTHEST, RECKONED, Group, groups_in
from yihu.areas.billing.tariffs.prices import due_on
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.periods import ONE_DAY
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import Charge

NOTICED = 3  # months back in which a change is looked for, or in which it was told
ROUND_ABOUT = 50  # neighbours by whose bills it is told whether an item was billed at all
EARLIER = "更早的账单"

Bills = dict[tuple[int, int], list[Charge]]


class _Asked(NamedTuple):
    """Which units changed, from when; ``told`` of them only now."""

    community_id: int
    units: Sequence[int]
    changed: Mapping[int, date]
    late: Sequence[PayerChange]
    told: Set[int] = frozenset()


class CorrectionSource:
    """Differences to what was billed in the months before; the second source of the prices."""

    slug = "corrections"
    label = "补收与更正"

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterator[Reckoned | Oddity]:
        since, farthest = add_months(month.first, -NOTICED), add_months(month.first, -BILLED)
        changed = changed_units(units, since, month.before.last)
        told = told_since(units, since)
        changed |= dict.fromkeys(told, farthest)
        late = late_entry.approved_since(community_id, since)
        concerned = late_entry.concerned(late, units) if late else {}
        changed |= {unit: max(farthest, min(day, changed.get(unit, day))) for unit, day in concerned.items()}
        yield from switching.switched(community_id, month, concerned)
        older = {unit: day for unit, day in concerned.items() if day < farthest}
        yield from self._year(month, month, _Asked(community_id, units, changed, late, told - set(older)))
        until, begun = Month.of(farthest), _begun(older, late) if older else farthest
        while begun < until.first:  # an entry that came years late: year by year
            older = {unit: day for unit, day in older.items() if day < until.first}
            yield from self._year(month, until, _Asked(community_id, units, older, late))
            until = Month.of(add_months(until.first, -BILLED))

    def _year(self, month: Month, until: Month, asked: _Asked) -> Iterator[Reckoned | Oddity]:
        """The twelve months before ``until``, put right by the bills of ``month``."""
        community_id, units, changed, late, told = asked
        groups = _billed_before(community_id, until) if changed else []
        groups = [group for group in groups if group.last >= min(changed.values())]
        if not groups:
            return
        farthest = add_months(month.first, -BILLED)
        first, last = min(group.first for group in groups), max(group.last for group in groups)
        bills = _bills({*changed, *units[:ROUND_ABOUT]}, first, last)
        billed = {(row.item_id, row.from_on, row.to_on) for rows in bills.values() for row in rows if _stands(row)}
        billed |= set(late_entry.billed_then(late))
        groups = [group for group in groups if _was_billed(group, billed)]
        earliest: dict[tuple[int, int], date] = {}
        people = known.learn(community_id, sorted(changed), first, last)
        for one in people.values():
            for group in groups:
                if group.last < changed[one.unit]:
                    continue
                rows = bills.get((one.unit, group.item.pk), [])
                found = list(_differences(one, group, month, rows))
                yield from found
                if (
                    found
                    and one.unit in told
                    and changed[one.unit] == farthest
                    and not any(row.from_on < group.first for row in rows)
                ):
                    earliest[one.unit, group.item.pk] = group.first
        yield from _beyond(earliest, people)


def _begun(units: Iterable[int], late: Sequence[PayerChange]) -> date:
    """Since when anything was billed to these units, or would have been: nothing older is looked at."""
    rows = Charge.objects.filter(unit__in=list(units), reversal__isnull=True)
    found = [rows.aggregate(first=Min("from_on"))["first"], *(first for _, first, _ in late_entry.billed_then(late))]
    return min((day for day in found if day is not None), default=date.max)


def _beyond(earliest: dict[tuple[int, int], date], people: dict[int, Known]) -> Iterator[Oddity]:
    """The difference reaches as far back as we look: what was billed before that is for a person to put right."""
    if not earliest:
        return
    units, items = zip(*earliest, strict=True)
    rows = Charge.objects.filter(
        unit__in=set(units), item__in=set(items), to_on__lt=max(earliest.values()), reversal__isnull=True
    )
    older = rows.order_by().values_list("unit", "item", "item__name").annotate(begun=Min("from_on"))
    for unit, item, name, begun in older:
        until = earliest.get((unit, item))
        if until is not None and begun < until:
            said = (
                f"{people[unit].label} 补登的资料影响到更早的账单：{name} {begun:%Y年%-m月}至{until - ONE_DAY:%Y年%-m月}"
                f"已经出过账，超过 {BILLED} 个月的不自动更正，请核对后手工补收或退补。"
            )
            yield Oddity(unit, EARLIER, said)


def _billed_before(community_id: int, month: Month) -> list[Group]:
    """What was to be billed in the months before. How a unit is used has no dates: prices by use are left alone."""
    tariffs = known.prices_of(
        community_id, RECKONED, add_months(month.first, -BILLED - FARTHEST), add_months(month.last, FARTHEST)
    )
    found, past = [], month
    for _ in range(BILLED):
        past = past.before
        found += [group for group in groups_in(tariffs, past) if not any(one.use for one in group.tariffs)]
    return found


def _bills(units: Iterable[int], first: date, last: date) -> Bills:
    """Every bill of these units in that time, those taken back too."""
    found: Bills = defaultdict(list)
    for row in Charge.objects.filter(unit__in=list(units), from_on__gte=first, to_on__lte=last).order_by("pk"):
        found[row.unit_id or 0, row.item_id].append(row)
    return found


def _stands(row: Charge) -> bool:
    return row.reversal_id is None and (row.basis or {}).get("rule") in OURS


def _was_billed(group: Group, billed: set[tuple[int, date, date]]) -> bool:
    """What was billed before this program came, or not at all, is nobody's difference."""
    return any(item == group.item.pk and group.first <= begin and end <= group.last for item, begin, end in billed)


def _differences(one: Known, group: Group, month: Month, rows: Sequence[Charge]) -> Iterator[Reckoned]:
    """Payer by payer. Where a person has taken bills back or entered some by hand, it is in his hands."""
    mine = [row for row in rows if group.first <= row.from_on and row.to_on <= group.last]
    standing = [row for row in mine if _stands(row)]
    if any((row.basis or {}).get("kind") == "hand" for row in mine) or (mine and not standing):
        return
    should: dict[int, int] = defaultdict(int)
    was: dict[int, int] = defaultdict(int)
    for line in group.reckon(one):
        if isinstance(line, Oddity):
            if line.stops:
                return
        else:
            should[line.party] += line.amount
    for row in standing:
        was[row.party_id] += row.amount
    for party in sorted({*should, *was}):
        less = should[party] - was[party]
        if less:
            said = f"更正 {group.first:%Y-%m-%d} 至 {group.last:%Y-%m-%d}：应为 {yuan(should[party])}元，已出账 {yuan(was[party])}元"
            yield Reckoned(
                party, one.unit, group.item.pk, group.first, group.last, due_on(group.tariffs[0], month), less, said,
                f"更正{month.year}{month.month:02}-{party}", {"rule": RULE, "should": should[party], "billed": was[party]},
            )  # fmt: skip
