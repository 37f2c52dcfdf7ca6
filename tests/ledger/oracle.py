"""A second book-keeper, who knows nothing of vouchers: he counts money as a cashier with a pencil would."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class Bill:
    amount: int
    due: int  # a day, counted
    standing: str
    dead: bool = False
    let_off: int = 0
    set_against: int = 0  # of an adjustment in his favour what was used; of a debt what was settled by one
    from_deposits: int = 0
    paid: dict[int, int] = field(default_factory=dict)  # receipt → how much of it

    @property
    def rest(self) -> int:
        if self.dead:
            return 0
        if self.amount < 0:
            return self.amount + self.set_against
        return self.amount - self.let_off - self.set_against - self.from_deposits - sum(self.paid.values())


@dataclass
class Slip:
    amount: int
    given_back: int = 0
    kept: int = 0  # as deposits
    known: bool = True  # whose it is
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
class Invoice:
    """Somebody's bill to us: on which pages of the book it stands, and whether the money is gone."""

    pages: dict[str, int]
    paid: bool = False
    dead: bool = False

    @property
    def amount(self) -> int:
        return sum(self.pages.values())

    @property
    def rest(self) -> int:
        return 0 if self.dead or self.paid else self.amount


class Pencil:
    """One customer, and what was bought meanwhile."""

    def __init__(self) -> None:
        self.invoices: list[Invoice] = []
        self.bills: list[Bill] = []
        self.slips: list[Slip] = []
        self.deposits: list[Kept] = []
        self.sets: list[Set] = []

    def free(self, slip: int) -> int:
        one = self.slips[slip]
        used = sum(bill.paid.get(slip, 0) for bill in self.bills)
        return 0 if one.dead else one.amount - one.given_back - one.kept - used

    def pay(self, slip: int, today: int) -> None:
        """As the law orders, each group of equals in proportion, the odd cents to the largest remainders."""
        owed = [number for number, bill in enumerate(self.bills) if bill.rest > 0]

        def rank(number: int) -> tuple[bool, str, int]:
            bill = self.bills[number]
            return bill.due > today, bill.standing, bill.due

        for place in sorted({rank(number) for number in owed}):
            group = [number for number in owed if rank(number) == place]
            money, total = self.free(slip), sum(self.bills[number].rest for number in group)
            rests = {number: self.bills[number].rest for number in group}
            if money >= total:
                parts = rests
            else:
                exact = {number: Fraction(money * rests[number], total) for number in group}
                parts = {number: int(exact[number]) for number in group}
                odd = money - sum(parts.values())
                for number in sorted(group, key=lambda number: (-(exact[number] - int(exact[number])), number))[:odd]:
                    parts[number] += 1
            for number, part in parts.items():
                if part:
                    paid = self.bills[number].paid
                    paid[slip] = paid.get(slip, 0) + part

    def keep(self, slip: int, amount: int) -> None:
        self.slips[slip].kept += amount
        self.deposits.append(Kept(slip, amount))

    def use_deposit(self, deposit: int, bill: int, amount: int) -> None:
        used = self.deposits[deposit].used
        used[bill] = used.get(bill, 0) + amount
        self.bills[bill].from_deposits += amount

    def set_against(self, favour: int, bill: int, amount: int) -> None:
        self.sets.append(Set(favour, bill, amount))
        self.bills[favour].set_against += amount
        self.bills[bill].set_against += amount

    def cancel_bill(self, number: int) -> None:
        """What was paid on it, set against it or taken from a deposit for it is free again."""
        bill = self.bills[number]
        for one in self.sets:
            if number in (one.favour, one.bill) and not one.dead:
                one.dead = True
                self.bills[one.favour].set_against -= one.amount
                self.bills[one.bill].set_against -= one.amount
        for deposit in self.deposits:
            deposit.used.pop(number, None)
        bill.dead, bill.paid, bill.let_off, bill.from_deposits = True, {}, 0, 0

    def may_cancel_slip(self, slip: int) -> bool:
        """Nothing of it went back to the payer, neither by itself nor as a deposit."""
        back = any(one.given_back for one in self.deposits if one.slip == slip and not one.dead)
        return not self.slips[slip].given_back and not back

    def cancel_slip(self, slip: int) -> None:
        for bill in self.bills:
            bill.paid.pop(slip, None)
        for deposit in self.deposits:
            if deposit.slip == slip and not deposit.dead:
                for number, amount in deposit.used.items():
                    self.bills[number].from_deposits -= amount
                deposit.used, deposit.dead = {}, True
        self.slips[slip].kept = 0
        self.slips[slip].dead = True

    def spent_on(self, page: str) -> tuple[int, int]:
        """What stands on a page of cost, and what of it is paid."""
        alive = [one for one in self.invoices if not one.dead]
        owed = sum(one.pages.get(page, 0) for one in alive)
        return owed, sum(one.pages.get(page, 0) for one in alive if one.paid)
