"""Whose money a line may be, how sure that is, and why. A person decides; nothing here writes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Sum
from django.utils import timezone

from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.banking.rooms import units_named
from yihu.ground.estate.models import Occupancy, Unit
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.errors import Refused

SURE, LIKELY, POSSIBLE = "有把握", "较像", "供参考"
SHOWN, _MANY = 4, 400
_PAID_FOR: Final = re.compile(r"^(?:代|帮|替)?(.{2,40}?)(?:补?交|缴|付|代缴|代交)")
_ROLES: Final = {"owner": 0, "lessee": 1, "resident": 2}


@dataclass
class Suggestion:
    """One household that may have paid. ``charge`` is the one bill of just this amount."""

    unit: Any
    party: Any
    owed: int
    charge: int | None = None
    room: bool = False  # the summary names it
    name: str = ""  # who of it paid or is named
    before: bool = False  # the payer has paid for it before
    amount: str = ""  # what of it equals the amount
    level: str = POSSIBLE
    reasons: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        return 3 * self.room + 2 * bool(self.name) + 2 * self.before + 2 * bool(self.amount)

    @property
    def token(self) -> str:
        return f"{self.unit.pk}-{self.party.pk}-{self.charge or 0}"

    def say(self) -> None:
        self.reasons = [
            word
            for word in (
                "摘要写了房号" if self.room else "",
                self.name,
                "以前替这户付过" if self.before else "",
                self.amount,
            )
            if word
        ]


def suggest(lines: Sequence[BankLine]) -> dict[int, list[Suggestion]]:
    """For lines of one community: the households that may have paid, the surest first."""
    return _Search(lines).found() if lines else {}


def names_in(line: BankLine) -> list[str]:
    """The payer, and whom the summary names as the one who is paid for."""
    named = _PAID_FOR.match(line.summary)
    return [name for name in dict.fromkeys((line.payer_name, named[1] if named else "")) if len(name) > 1]


class _Search:
    def __init__(self, lines: Sequence[BankLine]) -> None:
        self.lines, self.community = lines, lines[0].community_id
        self.named = units_named(self.community, (line.summary for line in lines))
        self.by_name = self._by_name()
        self.before = self._before()
        self.by_amount = self._by_amount()
        every = {
            unit for units in (*self.named.values(), *self.by_name.values(), *self.before.values()) for unit in units
        }
        every |= {unit for units in self.by_amount.values() for unit in units}
        self.units = Unit.objects.in_bulk(every)
        self.charges: dict[int, list[Any]] = defaultdict(list)
        self.people: dict[int, list[Any]] = defaultdict(list)
        for some in _some(sorted(every)):
            owed = Charge.objects.filter(unit__in=some, open__gt=0, community_id=self.community)
            for charge in owed.select_related("party", "item").order_by("due_on", "pk"):
                self.charges[charge.unit_id].append(charge)
            for stay in Occupancy.objects.on(timezone.localdate()).filter(unit__in=some).select_related("party"):
                self.people[stay.unit_id].append(stay)

    def found(self) -> dict[int, list[Suggestion]]:
        return {line.pk: self._of(line) for line in self.lines}

    def _by_name(self) -> dict[str, set[int]]:
        names = sorted({name for line in self.lines for name in names_in(line)})
        found: dict[str, set[int]] = defaultdict(set)
        for some in _some(names):
            stays = Occupancy.objects.on(timezone.localdate()).filter(
                party__name__in=some, unit__community_id=self.community
            )
            for name, unit in stays.filter(role__in=_ROLES).values_list("party__name", "unit_id"):
                found[name].add(unit)
        return found

    def _before(self) -> dict[str, set[int]]:
        names = sorted({line.payer_name for line in self.lines if line.payer_name})
        found: dict[str, set[int]] = defaultdict(set)
        for some in _some(names):
            paid = Receipt.objects.filter(community_id=self.community, payer_name__in=some, voided_by__isnull=True)
            for name, unit in paid.filter(unit__isnull=False).values_list("payer_name", "unit_id").distinct():
                found[name].add(unit)
        return found

    def _by_amount(self) -> dict[int, set[int]]:
        amounts = sorted({line.amount for line in self.lines})
        found: dict[int, set[int]] = defaultdict(set)
        owed = Charge.objects.filter(community_id=self.community, open__gt=0, unit__isnull=False)
        for some in _some(amounts):
            for amount, unit in owed.filter(open__in=some).values_list("open", "unit_id"):
                found[amount].add(unit)
            sums = owed.order_by().values("unit_id", "party_id").annotate(total=Sum("open")).filter(total__in=some)
            for row in sums:
                found[row["total"]].add(row["unit_id"])
        return found

    def _of(self, line: BankLine) -> list[Suggestion]:
        named = self.named.get(line.summary, [])
        names = names_in(line)
        meant = dict.fromkeys(named)
        for name in names:
            meant.update(dict.fromkeys(sorted(self.by_name.get(name, ()))))
        meant.update(dict.fromkeys(sorted(self.before.get(line.payer_name, ()))))
        meant.update(dict.fromkeys(sorted(self.by_amount.get(line.amount, ()))))
        found = [one for unit in meant if (one := self._one(line, unit, named, names)) is not None]
        found.sort(key=lambda one: (-one.points, one.unit.sort_key))
        _rank(found, len(named))
        return found[:SHOWN]

    def _one(self, line: BankLine, unit: int, named: list[int], names: list[str]) -> Suggestion | None:
        people = _in_order(self.people[unit])
        known = next((stay for name in names for stay in people if stay.party.name == name), None)
        party = _payer(self.charges[unit], people, known, line.amount)
        if party is None:
            return None
        rows = [charge for charge in self.charges[unit] if charge.party_id == party.pk]
        total = sum(charge.open for charge in rows)
        one = Suggestion(self.units[unit], party, total, room=unit in named)
        if known is not None:
            who = "付款人" if known.party.name == line.payer_name else "摘要里的姓名"
            one.name = f"{who}是这户{known.get_role_display()}"
        one.before = unit in self.before.get(line.payer_name, ())
        same = [charge for charge in rows if charge.open == line.amount]
        if total and total == line.amount:
            one.amount = "金额等于这户全部欠费"
        elif same:
            one.amount, one.charge = f"金额等于 {same[0]}", same[0].pk
        one.say()
        return one


def _payer(charges: Sequence[Any], people: Sequence[Any], known: Any, amount: int) -> Any:
    """Who of a household is meant: whose debt it is just, who is named, who owes at all, who stands first."""
    parties = list(dict.fromkeys(charge.party for charge in charges))
    for party in parties:
        if sum(charge.open for charge in charges if charge.party_id == party.pk) == amount:
            return party
    if known is not None and (not parties or known.party in parties):
        return known.party
    return parties[0] if parties else people[0].party if people else None


def households(units: Sequence[int], amount: int, line: BankLine) -> dict[int, Any]:
    """For units that a person named himself: whose receipt it will be."""
    names, found = names_in(line), {}
    for unit in units:
        charges = list(Charge.objects.filter(unit=unit, open__gt=0).select_related("party").order_by("due_on", "pk"))
        stays = Occupancy.objects.on(timezone.localdate()).filter(unit=unit).select_related("party")
        people = _in_order(stays)
        known = next((stay for name in names for stay in people if stay.party.name == name), None)
        party = _payer(charges, people, known, amount)
        if party is None:
            raise Refused("这户还没有登记客户，请先在房屋资料里登记。")
        found[unit] = party
    return found


def _in_order(stays: Any) -> list[Any]:
    return sorted(stays, key=lambda stay: (_ROLES.get(stay.role, 9), stay.place, stay.pk))


def _rank(found: list[Suggestion], rooms: int) -> None:
    """Sure only where two things speak for it, one of them the room or the amount, and nothing else comes near."""
    for one in found:
        alone = sum(other.points >= one.points for other in found) == 1
        who = bool(one.name) or one.before
        if alone and ((one.room and (who or one.amount)) or (one.amount and who)):
            one.level = SURE
        elif alone and ((one.room and rooms == 1) or who):
            one.level = LIKELY


def _some(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[first : first + _MANY] for first in range(0, len(values), _MANY)]
