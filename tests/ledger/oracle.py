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
    paid: dict[int, int] = field(default_factory=dict)  # receipt → how much of it

    @property
    def rest(self) -> int:
        return 0 if self.dead else self.amount - self.let_off - sum(self.paid.values())


@dataclass
class Slip:
    amount: int
    given_back: int = 0
    kept: int = 0  # as deposits
    dead: bool = False


class Pencil:
    """One customer."""

    def __init__(self) -> None:
        self.bills: list[Bill] = []
        self.slips: list[Slip] = []

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

    def cancel_bill(self, number: int) -> None:
        bill = self.bills[number]
        bill.dead, bill.paid, bill.let_off = True, {}, 0

    def cancel_slip(self, slip: int) -> None:
        for bill in self.bills:
            bill.paid.pop(slip, None)
        self.slips[slip].kept = 0
        self.slips[slip].dead = True
