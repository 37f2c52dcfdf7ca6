"""A second book-keeper, who knows nothing of vouchers: he counts money as a cashier with a pencil would."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

Order = Callable[[int, list[int], dict[int, int]], dict[int, int]]  # money, bills, what is open of them → its parts
ONE_DAY = timedelta(days=1)
A_DAY, AT_MOST = Fraction(3, 1000), Fraction(20, 100)  # what lateness costs by the contract


@dataclass
class Quarrel:
    """The bill was contested on these days; at its end somebody says whether they cost something after all."""

    begun: date
    over: date | None = None
    counts: bool = False

    def spares(self, day: date) -> bool:
        return not self.counts and self.begun <= day and (self.over is None or day <= self.over)


@dataclass
class Bill:
    amount: int
    due: date
    standing: str
    whose: int = 0
    late_after: date | None = None  # None: lateness costs nothing
    given: date | None = None  # the day that whoever owes it now was given
    of: int | None = None  # the bill whose lateness this one is for
    earned: bool = True  # ours; what is collected for the waterworks, or came over from somebody, is not
    rent: bool = False  # what was paid in advance for rent may pay it
    through: date | None = None  # and up to which day
    dead: bool = False
    let_off: int = 0
    set_against: int = 0  # of an adjustment in his favour what was used; of a debt what was settled by one
    from_deposits: int = 0
    gone_over: int = 0  # what somebody else owes now instead
    paid: dict[int, int] = field(default_factory=dict)  # receipt → how much of it
    rent_paid: dict[int, int] = field(default_factory=dict)  # of that, what the receipt held for rent
    diary: list[tuple[date, int]] = field(
        default_factory=list
    )  # at the end of which day the debt grew or shrank, by what
    quarrels: list[Quarrel] = field(default_factory=list)

    @property
    def rest(self) -> int:
        if self.dead:
            return 0
        if self.amount < 0:
            return self.amount + self.set_against
        settled = self.let_off + self.set_against + self.from_deposits + sum(self.paid.values())
        return self.amount - settled - self.gone_over

    @property
    def contested(self) -> bool:
        return any(one.over is None for one in self.quarrels)

    def cost_of_lateness(self, until: date) -> int:
        """Day by day on what was unpaid when the day began; not on days that a quarrel spares."""
        assert self.late_after is not None
        total, day = 0, self.late_after + ONE_DAY
        most = max(0, self.amount + sum(amount for on, amount in self.diary if on < day))
        while day <= until:
            if any(one.spares(day) for one in self.quarrels):
                day += ONE_DAY
                continue
            unpaid = self.amount + sum(amount for on, amount in self.diary if on < day)
            total, most, day = total + max(unpaid, 0), max(most, unpaid), day + ONE_DAY
        exact = min(total * A_DAY, most * AT_MOST)
        return int(exact + Fraction(1, 2))


@dataclass
class Slip:
    amount: int
    came: date
    whose: int | None  # None: nobody knows
    way: str = "cash"
    given_back: int = 0
    kept: int = 0  # as deposits
    for_rent: int = 0  # of what is free, what serves rent only
    agreed: bool = False  # the rest may be used for whatever he owes, without asking him again
    dead: bool = False


@dataclass
class Kept:
    """A deposit: out of which slip, and where it went."""

    slip: int
    amount: int
    given_back: int = 0
    used: dict[int, int] = field(default_factory=dict)  # bill → how much of it
    dead: bool = False

    @property
    def rest(self) -> int:
        return 0 if self.dead else self.amount - self.given_back - sum(self.used.values())


@dataclass
class Set:
    """An adjustment set against a debt."""

    favour: int
    bill: int
    amount: int
    dead: bool = False


@dataclass
class Turn:
    """Somebody else owes what was open of a bill."""

    was: int
    now: int
    amount: int
    dead: bool = False


@dataclass
class Invoice:
    """Somebody's bill to us: on which pages of the book it stands, and whether the money is gone."""

    pages: dict[str, int]
    paid: bool = False
    way: str = "bank"
    dead: bool = False

    @property
    def amount(self) -> int:
        return sum(self.pages.values())

    @property
    def rest(self) -> int:
        return 0 if self.dead or self.paid else self.amount


class Pencil:
    """Two customers, one of whom answers for the other, and what was bought meanwhile."""

    def __init__(self) -> None:
        self.today = date.min
        self.invoices: list[Invoice] = []
        self.bills: list[Bill] = []
        self.slips: list[Slip] = []
        self.deposits: list[Kept] = []
        self.sets: list[Set] = []
        self.turns: list[Turn] = []
        self.carried, self.fees = 0, 0  # from the till to the bank; what the bank took for itself

    def free(self, slip: int) -> int:
        one = self.slips[slip]
        used = sum(bill.paid.get(slip, 0) for bill in self.bills)
        return 0 if one.dead else one.amount - one.given_back - one.kept - used

    def owed_by(self, whose: int | None) -> list[int]:
        """The one that fell due first comes first."""
        found = [number for number, bill in enumerate(self.bills) if bill.rest > 0 and bill.whose == whose]
        return sorted(found, key=lambda number: (self.bills[number].due, number))

    def write(self, number: int, amount: int, on: date | None = None) -> None:
        self.bills[number].diary.append((on or self.today, amount))

    def fees_of(self, number: int) -> list[int]:
        return [other for other, bill in enumerate(self.bills) if bill.of == number and not bill.dead]

    def bring_up(self, numbers: Iterable[int], day: date) -> None:
        """What lateness has cost by that day and is not written down becomes a bill; what was too much goes back."""
        found = []
        for number in numbers:
            bill, fees = self.bills[number], [self.bills[fee] for fee in self.fees_of(number)]
            if bill.dead or bill.late_after is None or bill.contested:
                continue
            last = max((fee.through for fee in fees if fee.through), default=None)
            until = max(day, last or day)
            more = bill.cost_of_lateness(until) - sum(fee.amount for fee in fees)
            first = min((last or bill.late_after) + ONE_DAY, until) if more > 0 else until
            if more:
                found.append(Bill(more, first, "2", bill.whose, of=number, through=until))
        self.bills += found
        for place, fee in enumerate(found, len(self.bills) - len(found)):
            assert fee.of is not None
            for number in [*sorted(self.fees_of(fee.of), reverse=True), fee.of] if fee.amount < 0 else []:
                amount = min(-fee.rest, max(self.bills[number].rest, 0))
                if amount:
                    self.set_against(place, number, amount)

    def may_contest(self, number: int) -> bool:
        """What is late and nobody contests yet, neither itself nor the bill whose lateness it is for."""
        bill = self.bills[number]
        quarrel = bill.contested or (bill.of is not None and self.bills[bill.of].contested)
        return bill.rest > 0 and max(bill.due, bill.given or bill.due) < self.today and not quarrel

    def contest(self, number: int) -> None:
        self.bills[number].quarrels.append(Quarrel(self.today))

    def decide(self, number: int, counts: bool) -> None:
        """What was paid meanwhile is asked for no more: its lateness is written down now."""
        bill = self.bills[number]
        for one in bill.quarrels:
            if one.over is None:
                one.over, one.counts = self.today, counts
        if bill.rest == 0:
            self.bring_up([number], self.today)

    def by_law(self, money: int, numbers: list[int], rests: dict[int, int]) -> dict[int, int]:
        """As the law orders, each group of equals in proportion, the odd cents to the largest remainders."""

        def rank(number: int) -> tuple[bool, str, date]:
            bill = self.bills[number]
            return bill.due > self.today, bill.standing, bill.due

        given: dict[int, int] = {}
        for place in sorted({rank(number) for number in numbers}):
            group = sorted(number for number in numbers if rank(number) == place and rests[number] > 0)
            total = sum(rests[number] for number in group)
            if money >= total:
                parts = {number: rests[number] for number in group}
            else:
                exact = {number: Fraction(money * rests[number], total) for number in group}
                parts = {number: int(exact[number]) for number in group}
                odd = money - sum(parts.values())
                for number in sorted(group, key=lambda number: (-(exact[number] - int(exact[number])), number))[:odd]:
                    parts[number] += 1
            money -= sum(parts.values())
            given |= {number: part for number, part in parts.items() if part}
        return given

    def as_told(self, money: int, numbers: list[int], rests: dict[int, int]) -> dict[int, int]:
        given: dict[int, int] = {}
        for number in numbers:
            if part := min(money, rests[number]):
                given[number], money = part, money - part
        return given

    def share(self, slip: int, numbers: list[int], order: Order) -> dict[int, int]:
        """What the slip holds for rent goes to rent, then the rest of it to whatever is owed still."""
        rests = {number: self.bills[number].rest for number in numbers}
        rent = self.slips[slip].for_rent
        if not rent:
            return order(self.free(slip), numbers, rests)
        bound = order(rent, [number for number in numbers if self.bills[number].rent], rests)
        after = {number: rest - bound.get(number, 0) for number, rest in rests.items()}
        free = order(self.free(slip) - rent, numbers, after)
        sums = {number: bound.get(number, 0) + free.get(number, 0) for number in numbers}
        return {number: part for number, part in sums.items() if part}

    def pay(self, slip: int) -> None:
        came, whose = min(self.slips[slip].came, self.today), self.slips[slip].whose
        self.bring_up(self.owed_by(whose), came)
        parts = self.share(slip, self.owed_by(whose), self.by_law)
        for number, part in parts.items():
            self.pay_one(slip, number, part)
        self.bring_up(parts, came)

    def pay_named(self, slip: int, numbers: list[int]) -> None:
        came = min(self.slips[slip].came, self.today)
        parts = self.share(slip, numbers, self.as_told)
        self.bring_up(parts, came)
        for number, part in parts.items():
            self.pay_one(slip, number, part)
        self.bring_up(parts, came)

    def goes_by_itself(self, whose: int) -> None:
        """Nobody clicks: first what was meant for rent, then what he said may be used; the money that came first goes first,
        and nothing goes to what is contested."""
        mine = [number for number, slip in enumerate(self.slips) if slip.whose == whose and not slip.dead]
        mine.sort(key=lambda number: (self.slips[number].came, number))
        for slip in [number for number in mine if self.slips[number].for_rent]:
            self.use(slip, [number for number in self.at_peace(whose) if self.bills[number].rent], for_rent=True)
        for slip in [number for number in mine if self.slips[number].agreed]:
            if self.free(slip) > self.slips[slip].for_rent:
                self.use(slip, self.at_peace(whose), for_rent=False)

    def at_peace(self, whose: int) -> list[int]:
        """What he owes and does not contest, nor the bill whose lateness it is for."""
        of = {number: self.bills[number].of for number in self.owed_by(whose)}
        return [
            n for n, was in of.items() if not self.bills[n].contested and (was is None or not self.bills[was].contested)
        ]

    def use(self, slip: int, numbers: list[int], *, for_rent: bool) -> None:
        one = self.slips[slip]
        came, known = min(one.came, self.today), len(self.bills)
        self.bring_up(numbers, came)
        if for_rent:
            parts = self.by_law(one.for_rent, numbers, {number: self.bills[number].rest for number in numbers})
        else:
            fresh = [n for n in range(known, len(self.bills)) if self.bills[n].rest > 0]
            parts = self.share(slip, [n for n in [*numbers, *fresh] if self.bills[n].rest > 0], self.by_law)
        for number, part in parts.items():
            self.pay_one(slip, number, part)
        self.bring_up(parts, came)

    def pay_one(self, slip: int, number: int, amount: int) -> None:
        paid = self.bills[number].paid
        paid[slip] = paid.get(slip, 0) + amount
        if self.bills[number].rent and (rent := min(amount, self.slips[slip].for_rent)):
            self.slips[slip].for_rent -= rent
            held = self.bills[number].rent_paid
            held[slip] = held.get(slip, 0) + rent
        self.write(number, -amount, min(self.slips[slip].came, self.today))

    def give_back(self, slip: int, amount: int) -> None:
        """What was meant for rent goes last."""
        self.slips[slip].given_back += amount
        self.slips[slip].for_rent = min(self.slips[slip].for_rent, self.free(slip))

    def let_off(self, number: int, amount: int) -> None:
        self.bills[number].let_off += amount
        self.write(number, -amount)

    def keep(self, slip: int, amount: int) -> None:
        self.slips[slip].kept += amount
        self.deposits.append(Kept(slip, amount))

    def use_deposit(self, deposit: int, bill: int, amount: int) -> None:
        self.bring_up([bill], self.today)
        used = self.deposits[deposit].used
        used[bill] = used.get(bill, 0) + amount
        self.bills[bill].from_deposits += amount
        self.write(bill, -amount)

    def set_against(self, favour: int, bill: int, amount: int) -> None:
        self.sets.append(Set(favour, bill, amount))
        self.bills[favour].set_against += amount
        self.bills[bill].set_against += amount
        self.write(bill, -amount)

    def turn(self, number: int, whose: int, pay_by: date) -> None:
        """The other one owes what is open, and is late only after the day that he was given."""
        self.bring_up([number], self.today)
        bill, rest = self.bills[number], self.bills[number].rest
        bill.gone_over += rest
        self.write(number, -rest)
        late_after = max(pay_by, bill.due) if bill.late_after is not None else None
        self.bills.append(Bill(rest, bill.due, bill.standing, whose, late_after, pay_by, earned=False, rent=bill.rent))
        self.turns.append(Turn(number, len(self.bills) - 1, rest))

    def may_cancel_bill(self, number: int) -> bool:
        """Nothing of it, nor of what its lateness cost, is owed by somebody else now."""
        gone = any(one.was == number and not one.dead for one in self.turns)
        return not gone and all(self.may_cancel_bill(fee) for fee in self.fees_of(number))

    def cancel_bill(self, number: int) -> None:
        """What was paid on it, set against it or taken from a deposit for it is free again; so is what its lateness cost,
        and what came over from somebody is owed by him again."""
        for fee in self.fees_of(number):
            self.cancel_bill(fee)
        bill = self.bills[number]
        for one in self.sets:
            if number in (one.favour, one.bill) and not one.dead:
                one.dead = True
                self.bills[one.favour].set_against -= one.amount
                self.bills[one.bill].set_against -= one.amount
                self.write(one.bill, one.amount)
        for turn in self.turns:
            if turn.now == number and not turn.dead:
                turn.dead = True
                self.bills[turn.was].gone_over -= turn.amount
                self.write(turn.was, turn.amount)
        for deposit in self.deposits:
            deposit.used.pop(number, None)
        for slip, amount in bill.rent_paid.items():
            self.slips[slip].for_rent += amount
        bill.dead, bill.paid, bill.rent_paid, bill.let_off, bill.from_deposits = True, {}, {}, 0, 0

    def may_cancel_slip(self, slip: int) -> bool:
        """Nothing of it went back to the payer, neither by itself nor as a deposit."""
        back = any(one.given_back for one in self.deposits if one.slip == slip and not one.dead)
        return not self.slips[slip].given_back and not back

    def cancel_slip(self, slip: int) -> None:
        for number, bill in enumerate(self.bills):
            bill.rent_paid.pop(slip, None)
            if amount := bill.paid.pop(slip, 0):
                self.write(number, amount)
        for deposit in self.deposits:
            if deposit.slip == slip and not deposit.dead:
                for number, amount in deposit.used.items():
                    self.bills[number].from_deposits -= amount
                    self.write(number, amount)
                deposit.used, deposit.dead = {}, True
        self.slips[slip].kept = self.slips[slip].for_rent = 0
        self.slips[slip].dead = True

    def left_over(self) -> tuple[int, int]:
        """What was earned less what was let off and spent: ours, and the owners' common income."""
        earned = sum((bill.amount if bill.earned else 0) - bill.let_off for bill in self.bills if not bill.dead)
        ours = sum(self.spent_on(page)[0] for page in ("Z07", "Z03"))
        return earned - ours - self.fees, -self.spent_on("G01")[0]

    def lies(self) -> tuple[int, int]:
        """What is in the till and what at the bank; what goes back to customers goes back over the bank."""
        came = {
            way: sum(one.amount for one in self.slips if one.way == way and not one.dead) for way in ("cash", "bank")
        }
        paid = {
            way: sum(one.amount for one in self.invoices if one.way == way and one.paid and not one.dead)
            for way in came
        }
        back = sum(one.given_back for one in [*self.slips, *self.deposits])
        return came["cash"] - paid["cash"] - self.carried, came["bank"] - paid["bank"] - back + self.carried - self.fees

    def spent_on(self, page: str) -> tuple[int, int]:
        """What stands on a page of cost, and what of it is paid."""
        alive = [one for one in self.invoices if not one.dead]
        owed = sum(one.pages.get(page, 0) for one in alive)
        return owed, sum(one.pages.get(page, 0) for one in alive if one.paid)
