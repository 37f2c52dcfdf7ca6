"""Who pays for a unit on which days: the owner; the developer until it is handed over; the lessee where that was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from yihu.basics.periods import ONE_DAY

EVER, NEVER = date.min, date.max


class Stay(NamedTuple):
    """A party on the unit, between days; owners in the order of the roll."""

    party: int
    first: date
    last: date


class Promise(NamedTuple):
    """That a lessee pays, for one item or (None) for every one."""

    item: int | None
    party: int
    first: date
    last: date
    number: str


class Pays(NamedTuple):
    """Who pays on some days, and as what; ``party`` None: nobody is known, ``why`` says what is wanting."""

    first: date
    last: date
    party: int | None
    as_what: str
    why: str = ""
    agreed: str = ""
    owner: int | None = None


OWNER, LESSEE, DEVELOPER = "owner", "lessee", "developer"
NO_OWNER, NO_DEVELOPER, NOT_HANDED, LESSEE_LEFT = "no_owner", "no_developer", "not_handed_over", "lessee_left"


@dataclass
class Household:
    """What is known of one unit's people, as far as it matters to who pays."""

    handed: date | None
    owners: list[Stay] = field(default_factory=list)
    lessees: list[Stay] = field(default_factory=list)
    developers: Sequence[Stay] = ()
    promises: list[Promise] = field(default_factory=list)

    @property
    def since(self) -> date | None:
        """From when it is handed over: without a day, whoever has let it out has long had it."""
        return EVER if self.handed is None and self.lessees else self.handed

    def payers(self, item: int | None, first: date, last: date) -> list[Pays]:
        """The days cut where another pays. Without gaps."""
        found: list[Pays] = []
        for begin, end in self._cuts(first, last):
            one = self._on(item, begin, end)
            if found and found[-1][2:] == one[2:]:
                one = found.pop()._replace(last=end)
            found.append(one)
        return found

    def alone(self, first: date, last: date) -> int | None:
        """The one owner of all these days, where nothing else is to be thought of; else None."""
        if self.promises or self.handed is None or self.handed > first:
            return None
        for stay in self.owners:
            if stay.first <= first and stay.last >= last:
                return stay.party
            if stay.first <= last and stay.last >= first:
                return None
        return None

    def _cuts(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        rows: Iterable[Stay | Promise] = (*self.owners, *self.lessees, *self.developers, *self.promises)
        days = {first, self.since or first}
        for row in rows:
            days.add(row.first)
            days.add(row.last + ONE_DAY if row.last < NEVER else first)
        within = sorted(day for day in days if first <= day <= last)
        yield from zip(within, [day - ONE_DAY for day in within[1:]] + [last], strict=True)

    def _on(self, item: int | None, day: date, end: date) -> Pays:
        if self.since is None or day < self.since:
            developer = _holds(self.developers, day)
            if developer is not None:
                return Pays(day, end, developer.party, DEVELOPER)
            return Pays(day, end, None, DEVELOPER, NOT_HANDED if self.since is None and self.owners else NO_DEVELOPER)
        owner = _holds(self.owners, day)
        mine = [one for one in self.promises if one.first <= day <= one.last and one.item in (item, None)]
        promise = max(mine, key=lambda one: one.item is not None, default=None)
        if promise is not None and any(
            one.party == promise.party and one.first <= day <= one.last for one in self.lessees
        ):
            # 物业管理条例第41条: the owner answers for it together with him
            return Pays(day, end, promise.party, LESSEE, agreed=promise.number, owner=owner.party if owner else None)
        if owner is None:
            return Pays(day, end, None, OWNER, NO_OWNER)
        return Pays(day, end, owner.party, OWNER, LESSEE_LEFT if promise else "")


def _holds(stays: Sequence[Stay], day: date) -> Stay | None:
    return next((one for one in stays if one.first <= day <= one.last), None)
