"""Random histories of one customer agree to the cent with the second book-keeper, and the identities hold after each step."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.oracle import Bill, Invoice, Pencil, Slip
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging, deposits, paying, receiving
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Books, Charge, Deposit, Line, Payable, Receipt
from yihu.ground.ledger.paying import Part
from yihu.ground.ledger.posting import close_period
from yihu.kernel.errors import Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 10)
STEPS = 24


class History:
    """The same things happen to the ledger and to the pencil."""

    def __init__(self, office: Any, seed: int) -> None:
        self.office, self.dice, self.pencil = office, random.Random(seed), Pencil()
        self.charges: list[Charge] = []
        self.receipts: list[Receipt] = []
        self.party = Party.objects.create(community=office.cast.yunqi, name=f"客户{seed}")
        self.count = 0
        self.held: list[Deposit] = []
        self.owed: list[Payable] = []
        self.day = max(
            [TODAY, *(one + timedelta(days=1) for one in Books.objects.values_list("closed_through", flat=True) if one)]
        )
        self.frozen: tuple[date, Any] | None = None

    @property
    def noon(self) -> str:
        return f"{self.day} 12:00"

    def does(self, by: Any, work: Callable[[Any], Any]) -> Any:
        return self.office.does(by, work, self.noon)

    def step(self) -> None:
        does: list[Callable[[], None]] = [
            self.bill, self.bill, self.receive, self.receive, self.pay, self.pay, self.waive, self.refund, self.deposit,
            self.cancel_bill, self.cancel_receipt, self.favour, self.set_against, self.nobody, self.find_out, self.give_back,
            self.deduct, self.close, self.buy, self.buy, self.pay_out, self.pay_out, self.came_back, self.never_owed, self.other_page,
        ]  # fmt: skip
        self.dice.choice(does)()

    def bill(self) -> None:
        item = self.dice.choice([self.office.property_fee, self.office.water, self.office.late_fee])
        days, amount = self.dice.randint(-90, 30), self.dice.randint(1, 40000)
        self.count += 1
        owed = self.office.owed(
            amount, 10, item, due_on=TODAY + timedelta(days=days), part=str(self.count), party=self.party.pk, unit=None
        )
        made = self.does(self.office.accountant, lambda books: charging.charge(books, owed))
        self.charges.append(made)
        self.pencil.bills.append(Bill(amount, (TODAY - date(2026, 1, 1)).days + days, item.standing))

    def receive(self) -> None:
        amount = self.dice.randint(1, 60000)
        self.receipts.append(self.office.receive(amount, self.party, when=self.noon))
        self.pencil.slips.append(Slip(amount))

    def pay(self) -> None:
        if (slip := self.some_slip()) is not None and self.pencil.slips[slip].known:
            self.office.settle(Receipt.objects.get(pk=self.receipts[slip].pk), when=self.noon)
            self.pencil.pay(slip, (self.day - date(2026, 1, 1)).days)

    def waive(self) -> None:
        alive = [number for number, bill in enumerate(self.pencil.bills) if bill.rest > 0]
        if alive:
            number = self.dice.choice(alive)
            amount = self.dice.randint(1, self.pencil.bills[number].rest)
            self.does(self.office.head, lambda books: charging.waive(books, self.charges[number], amount, "协商"))
            self.pencil.bills[number].let_off += amount

    def refund(self) -> None:
        slip = self.some_slip()
        if slip is not None and self.pencil.free(slip):
            amount = self.dice.randint(1, self.pencil.free(slip))
            receipt = Receipt.objects.get(pk=self.receipts[slip].pk)
            self.does(
                self.office.head, lambda books: receiving.refund(books, receipt, amount, method="bank", why="多付")
            )
            self.pencil.slips[slip].given_back += amount

    def deposit(self) -> None:
        slip = self.some_slip()
        if slip is not None and self.pencil.free(slip) and self.pencil.slips[slip].known:
            amount = self.dice.randint(1, self.pencil.free(slip))
            receipt = Receipt.objects.get(pk=self.receipts[slip].pk)
            made = self.does(
                self.office.collector,
                lambda books: deposits.take_deposit(books, receipt, self.office.deposit, amount),
            )
            self.held.append(made)
            self.pencil.keep(slip, amount)

    def cancel_bill(self) -> None:
        alive = [number for number, bill in enumerate(self.pencil.bills) if not bill.dead]
        if alive:
            number = self.dice.choice(alive)
            charge = Charge.objects.get(pk=self.charges[number].pk)
            self.does(self.office.head, lambda books: charging.reverse_charge(books, charge, "重出"))
            self.pencil.cancel_bill(number)

    def cancel_receipt(self) -> None:
        slip = self.some_slip()
        if slip is None:
            return
        receipt = Receipt.objects.get(pk=self.receipts[slip].pk)

        def work(books: Any) -> None:
            receiving.reverse_receipt(books, receipt, "退票")

        if not self.pencil.may_cancel_slip(slip):
            with pytest.raises(Refused, match="已经退过"):
                self.does(self.office.head, work)
        else:
            self.does(self.office.head, work)
            self.pencil.cancel_slip(slip)

    def favour(self) -> None:
        """An adjustment in the customer's favour."""
        self.count += 1
        amount = -self.dice.randint(1, 20000)
        owed = self.office.owed(amount, 9, due_on=TODAY, part=str(self.count), party=self.party.pk, unit=None)
        self.charges.append(self.does(self.office.accountant, lambda books: charging.charge(books, owed)))
        self.pencil.bills.append(Bill(amount, (TODAY - date(2026, 1, 1)).days, "3"))

    def set_against(self) -> None:
        favours = [number for number, bill in enumerate(self.pencil.bills) if bill.rest < 0]
        bills = [number for number, bill in enumerate(self.pencil.bills) if bill.rest > 0]
        if favours and bills:
            one, other = self.dice.choice(favours), self.dice.choice(bills)
            amount = self.dice.randint(1, min(-self.pencil.bills[one].rest, self.pencil.bills[other].rest))
            self.does(
                self.office.accountant,
                lambda books: charging.offset(books, self.charges[one], self.charges[other], amount),
            )
            self.pencil.set_against(one, other, amount)

    def nobody(self) -> None:
        """A transfer whose payer is not known."""
        amount = self.dice.randint(1, 60000)
        made = self.does(
            self.office.collector,
            lambda books: receiving.receive(books, amount=amount, method="bank", payer_name="（未写户名）"),
        )
        self.receipts.append(made)
        self.pencil.slips.append(Slip(amount, known=False))

    def find_out(self) -> None:
        """The money goes over from nobody's to the customer's."""
        found = [
            n for n, slip in enumerate(self.pencil.slips) if not slip.known and not slip.dead and self.pencil.free(n)
        ]
        if found:
            slip = self.dice.choice(found)
            receipt = Receipt.objects.get(pk=self.receipts[slip].pk)
            self.does(self.office.collector, lambda books: receiving.identify(books, receipt, self.party))
            self.pencil.slips[slip].known = True

    def give_back(self) -> None:
        held = [number for number, one in enumerate(self.pencil.deposits) if one.rest]
        if held:
            number = self.dice.choice(held)
            amount = self.dice.randint(1, self.pencil.deposits[number].rest)
            deposit = Deposit.objects.get(pk=self.held[number].pk)
            self.does(
                self.office.head,
                lambda books: deposits.give_back(books, deposit, amount, method="bank", why="验收合格"),
            )
            self.pencil.deposits[number].given_back += amount

    def deduct(self) -> None:
        held = [number for number, one in enumerate(self.pencil.deposits) if one.rest]
        bills = [number for number, bill in enumerate(self.pencil.bills) if bill.rest > 0]
        if held and bills:
            number, bill = self.dice.choice(held), self.dice.choice(bills)
            amount = self.dice.randint(1, min(self.pencil.deposits[number].rest, self.pencil.bills[bill].rest))
            deposit = Deposit.objects.get(pk=self.held[number].pk)
            self.does(
                self.office.head,
                lambda books: deposits.deduct(books, deposit, self.charges[bill], amount, consent="同意书"),
            )
            self.pencil.use_deposit(number, bill, amount)

    def buy(self) -> None:
        """Somebody sends us his bill: for one thing or for two, or for water that we collect for him."""
        pages = {
            page: self.dice.randint(1, 30000)
            for page in self.dice.sample([*self.office.cost, "SF"], self.dice.randint(1, 2))
        }
        parts = [
            Part(amount, item=self.office.water.pk) if page == "SF" else Part(amount, self.office.cost[page])
            for page, amount in pages.items()
        ]
        self.owed.append(self.office.owe(*parts, when=self.noon))
        self.pencil.invoices.append(Invoice(pages))

    def some_invoice(self, **like: bool) -> int | None:
        """One that stands, and is paid or not as asked."""
        found = [
            number for number, one in enumerate(self.pencil.invoices)
            if not one.dead and all(getattr(one, name) == value for name, value in like.items())
        ]  # fmt: skip
        return self.dice.choice(found) if found else None

    def pay_out(self) -> None:
        if (number := self.some_invoice(paid=False)) is not None:
            self.office.pay_out(self.owed[number], self.noon, self.dice.choice(["bank", "cash"]))
            self.pencil.invoices[number].paid = True

    def came_back(self) -> None:
        if (number := self.some_invoice(paid=True)) is not None:
            self.does(self.office.head, lambda books: paying.unpay(books, self.owed[number], "账号错"))
            self.pencil.invoices[number].paid = False

    def never_owed(self) -> None:
        if (number := self.some_invoice()) is not None:
            self.does(self.office.head, lambda books: paying.cancel(books, self.owed[number], "重复"))
            self.pencil.invoices[number].dead = True

    def other_page(self) -> None:
        number = self.some_invoice()
        if number is None or "SF" in self.pencil.invoices[number].pages:
            return
        one, page = self.pencil.invoices[number], self.dice.choice(list(self.office.cost))
        if list(one.pages) != [page]:
            self.does(
                self.office.head, lambda books: paying.recode(books, self.owed[number], self.office.cost[page], "记错")
            )
            one.pages = {page: one.amount}

    def close(self) -> None:
        """The books are closed up to yesterday, and the next day begins; what was owed then stays as it was."""
        before = identities(self.office.cast.yunqi, self.day)
        yesterday, self.day = self.day, self.day + timedelta(days=1)
        self.does(self.office.accountant, lambda books: close_period(books, yesterday, "日结"))
        self.frozen = (yesterday, before)

    def some_slip(self) -> int | None:
        alive = [number for number, slip in enumerate(self.pencil.slips) if not slip.dead]
        return self.dice.choice(alive) if alive else None

    def compare(self) -> None:
        rests = dict(Charge.objects.filter(party=self.party).values_list("pk", "open"))
        assert [rests[one.pk] for one in self.charges] == [bill.rest for bill in self.pencil.bills]
        lefts = dict(Receipt.objects.filter(pk__in=[one.pk for one in self.receipts]).values_list("pk", "left"))
        assert [lefts[one.pk] for one in self.receipts] == [self.pencil.free(n) for n in range(len(self.receipts))]
        kept = dict(Deposit.objects.filter(party=self.party).values_list("pk", "left"))
        assert [kept[one.pk] for one in self.held] == [one.rest for one in self.pencil.deposits]
        rests = dict(Payable.objects.filter(pk__in=[one.pk for one in self.owed]).values_list("pk", "left"))
        assert [rests[one.pk] for one in self.owed] == [one.rest for one in self.pencil.invoices]
        for page in [*self.office.cost, "SF"]:
            assert self.posted_on(page) == self.pencil.spent_on(page)
        assert identities(self.office.cast.yunqi, self.day).hold
        if self.frozen is not None:
            day, then = self.frozen
            assert identities(self.office.cast.yunqi, day) == then

    def posted_on(self, page: str) -> tuple[int, int]:
        """What the lines say of a page of cost, or of the water that we owe the supplier."""
        rows = Line.objects.filter(payable__in=self.owed)
        of = rows.filter(item=self.office.water) if page == "SF" else rows.filter(cost=self.office.cost[page])
        sums = {kind: sum(one.amount for one in of.filter(voucher__kind=kind)) for kind in ("spend", "pay")}
        return sums["spend"], sums["pay"]


def run_through(office: Any, seed: int, *, steps: int = STEPS, at_each: bool = True) -> None:
    print(f"seed {seed}")
    history = History(office, seed)
    for _ in range(steps):
        history.step()
        if at_each:
            history.compare()
    history.compare()


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


@pytest.mark.parametrize("seed", range(20261110, 20261116))
def test_a_random_history_agrees_with_the_pencil(office: Any, seed: int) -> None:
    run_through(office, seed)
    assert faults() == []


@pytest.mark.exam
@pytest.mark.parametrize("hundred", range(100))
def test_ten_thousand_histories_agree_with_the_pencil(office: Any, hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        run_through(office, seed, steps=10, at_each=False)
    assert faults() == []


def test_a_book_keeper_who_loses_a_cent_is_noticed(office: Any) -> None:
    """The control: the comparison is not blind."""
    history = History(office, 7)
    history.bill()
    history.receive()
    history.pencil.bills[0].let_off = 1
    with pytest.raises(AssertionError):
        history.compare()
