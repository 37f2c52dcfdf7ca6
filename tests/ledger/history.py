"""A random history of two customers, one of whom answers for the other: it happens to the ledger and to the pencil alike."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.buying import Buying
from tests.ledger.oracle import ONE_DAY, Bill, Pencil, Slip
from tests.support.doing import at
from yihu.areas.billing.dunning.models import DunningCase, LateFeeRule
from yihu.ground.estate.models import Party
from yihu.ground.ledger import ahead, bank_fees, carrying, charging, deposits, earmarking, receiving
from yihu.ground.ledger.balances import identities
from yihu.ground.ledger.models import Account, Books, Charge, Deposit, Line, Payable, Receipt
from yihu.ground.ledger.posting import close_period
from yihu.ground.ledger.surplus import Whose, differences
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Refused

TODAY = date(2026, 11, 10)
LATE = {"daily_percent": "0.3", "cap_percent": 20, "clause": "《物业服务合同》第十八条"}


class History(Buying):
    """The same things happen to the ledger and to the pencil."""

    def __init__(self, office: Any, seed: int) -> None:
        self.office, self.dice, self.pencil = office, random.Random(seed), Pencil()
        self.charges: list[Charge] = []
        self.receipts: list[Receipt] = []
        names = (f"客户{seed}", f"业主{seed}")
        self.parties = [Party.objects.create(community=office.cast.yunqi, name=name) for name in names]
        LateFeeRule.objects.get_or_create(community=office.cast.yunqi, from_on=date(2020, 1, 1), defaults=LATE)
        self.count = 0
        self.held: list[Deposit] = []
        self.owed: list[Payable] = []
        self.day = self.pencil.today = max(
            [TODAY, *(one + ONE_DAY for one in Books.objects.values_list("closed_through", flat=True) if one)]
        )
        self.frozen: tuple[date, Any] | None = None
        self.left_before, self.lay_before = self.left_over(), self.lies()

    @property
    def noon(self) -> str:
        return f"{self.day} 12:00"

    def does(self, by: Any, work: Callable[[Any], Any]) -> Any:
        return self.office.does(by, work, self.noon)

    def step(self) -> None:
        does: list[Callable[[], None]] = [
            self.bill, self.bill, self.bill, self.receive, self.receive, self.pay, self.pay, self.pay, self.pay_named,
            self.waive, self.refund, self.deposit, self.cancel_bill, self.cancel_receipt, self.favour, self.set_against,
            self.nobody, self.find_out, self.give_back, self.deduct, self.close, self.days_pass, self.days_pass, self.ask,
            self.turn, self.contest, self.contest, self.decide, self.decide, self.buy, self.buy, self.pay_out, self.pay_out, self.came_back, self.never_owed, self.other_page,
            self.for_rent, self.for_rent, self.for_anything, self.carry, self.bank_takes,
            self.by_itself, self.by_itself, self.by_itself, self.word_back,
        ]  # fmt: skip
        self.dice.choice(does)()
        self.find_new()

    def find_new(self) -> None:
        """What the ledger wrote down of its own: the cost of lateness."""
        rows = Charge.objects.filter(party__in=self.parties).exclude(pk__in=[one.pk for one in self.charges])
        self.charges += rows.order_by("pk")

    def some_bill(self, **like: Any) -> int | None:
        """One of which something is open."""
        found = [
            number for number, one in enumerate(self.pencil.bills)
            if one.rest > 0 and all(getattr(one, name) == value for name, value in like.items())
        ]  # fmt: skip
        return self.dice.choice(found) if found else None

    def bill(self) -> None:
        item = self.dice.choice(
            [self.office.property_fee, self.office.rent, self.office.rent, self.office.water, self.office.late_fee]
        )
        due, amount, whose = (
            self.day + timedelta(days=self.dice.randint(-90, 30)),
            self.dice.randint(1, 40000),
            self.who(),
        )
        self.count += 1
        party = self.parties[whose].pk
        owed = self.office.owed(amount, 10, item, due_on=due, part=str(self.count), party=party, unit=None)
        self.does(self.office.accountant, lambda books: charging.charge(books, owed))
        self.pencil.bills.append(
            Bill(
                amount, due, item.standing, whose, due if item in (self.office.property_fee, self.office.rent) else None,
                earned=item != self.office.water, rent=item == self.office.rent,
            )
        )  # fmt: skip

    def who(self) -> int:
        return self.dice.choice([0, 0, 1])

    def receive(self) -> None:
        self.money(self.who(), "cash", self.day)

    def money(self, whose: int | None, method: str, came: date) -> None:
        amount, when = self.dice.randint(1, 60000), at(f"{came} 09:00")
        party = None if whose is None else self.parties[whose]
        agreed = whose is not None and self.dice.random() < 0.3
        facts = {
            "amount": amount,
            "method": method,
            "payer_name": "某人",
            "party": party,
            "received_at": when,
            "agreed": agreed,
        }
        self.receipts.append(self.does(self.office.collector, lambda books: receiving.receive(books, **facts)))
        self.pencil.slips.append(Slip(amount, came, whose, method, agreed=agreed))

    def by_itself(self) -> None:
        """Some minutes later: what was meant for rent, or may be used, meets its bills."""
        whose = self.who()
        used = self.does(authority().system(), lambda books: ahead.use(books, self.parties[whose].pk))
        before = sum(self.pencil.free(number) for number in range(len(self.pencil.slips)))
        self.pencil.goes_by_itself(whose)
        assert used == before - sum(self.pencil.free(number) for number in range(len(self.pencil.slips)))

    def word_back(self) -> None:
        """He wants to be asked from now on."""
        agreed = [number for number, slip in enumerate(self.pencil.slips) if slip.agreed]
        if agreed:
            slip = self.dice.choice(agreed)
            self.does(self.office.collector, lambda books: ahead.withdraw(books, self.receipts[slip]))
            self.pencil.slips[slip].agreed = False

    def pay(self) -> None:
        if (slip := self.some_slip()) is not None and self.pencil.slips[slip].whose is not None:
            self.office.settle(Receipt.objects.get(pk=self.receipts[slip].pk), when=self.noon)
            self.pencil.pay(slip)

    def pay_named(self) -> None:
        """The payer says which of his bills it is for."""
        if (slip := self.some_slip()) is not None and (whose := self.pencil.slips[slip].whose) is not None:
            owed = [number for number, bill in enumerate(self.pencil.bills) if bill.rest > 0 and bill.whose == whose]
            named = self.dice.sample(owed, min(len(owed), self.dice.randint(1, 2)))
            if named:
                bills = [Charge.objects.get(pk=self.charges[number].pk) for number in named]
                self.office.settle(Receipt.objects.get(pk=self.receipts[slip].pk), *bills, when=self.noon)
                self.pencil.pay_named(slip, named)

    def ask(self) -> None:
        """He is asked for all that he owes: what it has cost to be late by today is written down."""
        whose = self.who()
        rows = list(Charge.objects.filter(party=self.parties[whose], open__gt=0).order_by("due_on", "pk"))
        self.does(self.office.accountant, lambda books: charging.bring_up(books, rows, books.today))
        self.pencil.bring_up(self.pencil.owed_by(whose), self.day)

    def contest(self) -> None:
        """He says that a bill is wrong; whoever dunns puts it down."""
        found = [number for number in range(len(self.pencil.bills)) if self.pencil.may_contest(number)]
        if not found:
            return
        number = self.dice.choice(found)
        party, when = self.parties[self.pencil.bills[number].whose], at(self.noon)
        case = DunningCase.objects.filter(open_of=party).first()
        if case is None:
            made = DunningCase(community=self.office.cast.yunqi)
            case = open_record(made, by=self.office.accountant, data={"party": party.pk}, at=when)
        if case.state != DunningCase.State.PAUSED:
            said = {"charges": [self.charges[number].pk], "words": "面积量错了"}
            perform(case, "dispute", by=self.office.accountant, data=said, at=when)
            self.pencil.contest(number)

    def decide(self) -> None:
        """Somebody else looks into it: right, wrong, or they come to terms."""
        found = [number for number, bill in enumerate(self.pencil.bills) if bill.contested]
        if found:
            number, outcome = self.dice.choice(found), self.dice.choice(["upheld", "rejected", "rejected", "agreed"])
            case = DunningCase.objects.get(disputes__charge=self.charges[number].pk, disputes__to_on=None)
            said = {"charges": [self.charges[number].pk], "outcome": outcome, "words": "复核过"}
            perform(case, "settle", by=self.office.head, data=said, at=at(self.noon))
            self.pencil.decide(number, outcome == "rejected")

    def turn(self) -> None:
        """What one has not paid is asked of the other, who has some days for it."""
        if (number := self.some_bill()) is None:
            return
        whose, pay_by = 1 - self.pencil.bills[number].whose, self.day + timedelta(days=self.dice.randint(0, 20))

        def work(books: Any) -> None:
            charging.bring_up(books, [Charge.objects.get(pk=self.charges[number].pk)], books.today)
            was, basis = Charge.objects.get(pk=self.charges[number].pk), {"pay_by": pay_by.isoformat()}
            charging.transfer(books, was, self.parties[whose].pk, words="转由业主清偿", basis=basis)

        self.does(self.office.head, work)
        self.pencil.turn(number, whose, pay_by)

    def days_pass(self) -> None:
        self.day = self.pencil.today = self.day + timedelta(days=self.dice.randint(1, 40))

    def waive(self) -> None:
        if (number := self.some_bill()) is not None:
            amount = self.dice.randint(1, self.pencil.bills[number].rest)
            self.does(self.office.head, lambda books: charging.waive(books, self.charges[number], amount, "协商"))
            self.pencil.let_off(number, amount)

    def refund(self) -> None:
        slip = self.some_slip()
        if slip is not None and self.pencil.free(slip):
            amount = self.dice.randint(1, self.pencil.free(slip))
            receipt = Receipt.objects.get(pk=self.receipts[slip].pk)
            self.does(
                self.office.head, lambda books: receiving.refund(books, receipt, amount, method="bank", why="多付")
            )
            self.pencil.give_back(slip, amount)

    def for_rent(self) -> None:
        """The payer says that so much of it is rent in advance."""
        slip = self.some_slip()
        if slip is not None and self.pencil.slips[slip].whose is not None and (free := self.unbound(slip)):
            amount, receipt = self.dice.randint(1, free), Receipt.objects.get(pk=self.receipts[slip].pk)
            self.does(self.office.collector, lambda books: earmarking.earmark(books, receipt, self.office.rent, amount))
            self.pencil.slips[slip].for_rent += amount

    def for_anything(self) -> None:
        slip = self.some_slip()
        if slip is not None and (bound := self.pencil.slips[slip].for_rent):
            amount, receipt = self.dice.randint(1, bound), Receipt.objects.get(pk=self.receipts[slip].pk)
            self.does(self.office.collector, lambda books: earmarking.release(books, receipt, amount, "改用途"))
            self.pencil.slips[slip].for_rent -= amount

    def unbound(self, slip: int) -> int:
        return self.pencil.free(slip) - self.pencil.slips[slip].for_rent

    def carry(self) -> None:
        """Takings go to the bank, or cash is fetched there."""
        amount = self.dice.randint(1, 50000)
        if self.dice.random() < 0.7:
            self.does(self.office.collector, lambda books: carrying.to_the_bank(books, {"cash": amount}, words="缴存"))
            self.pencil.carried += amount
        else:
            self.does(self.office.accountant, lambda books: carrying.fetched(books, amount, words="备用金"))
            self.pencil.carried -= amount

    def bank_takes(self) -> None:
        """A fee of the bank; now and then it was none, as another hand finds."""
        amount = self.dice.randint(1, 3000)
        made = self.does(
            self.office.accountant, lambda books: bank_fees.charged(books, amount, self.day, words="手续费")
        )
        self.pencil.fees += amount
        if self.dice.random() < 0.3:
            self.does(self.office.head, lambda books: bank_fees.not_charged(books, made, "不是"))
            self.pencil.fees -= amount

    def deposit(self) -> None:
        slip = self.some_slip()
        if slip is not None and self.unbound(slip) and self.pencil.slips[slip].whose is not None:
            amount = self.dice.randint(1, self.unbound(slip))
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

            def work(books: Any) -> None:
                charging.reverse_charge(books, charge, "重出")

            if not self.pencil.may_cancel_bill(number):
                with pytest.raises(Refused, match="已经转给别的付款人"):
                    self.does(self.office.head, work)
            else:
                self.does(self.office.head, work)
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
        whose = self.who()
        party = self.parties[whose].pk
        owed = self.office.owed(amount, 9, due_on=self.day, part=str(self.count), party=party, unit=None)
        self.does(self.office.accountant, lambda books: charging.charge(books, owed))
        self.pencil.bills.append(Bill(amount, self.day, "3", whose))

    def set_against(self) -> None:
        favours = [number for number, bill in enumerate(self.pencil.bills) if bill.rest < 0]
        one = self.dice.choice(favours) if favours else None
        other = self.some_bill(whose=self.pencil.bills[one].whose) if one is not None else None
        if one is not None and other is not None:
            amount = self.dice.randint(1, min(-self.pencil.bills[one].rest, self.pencil.bills[other].rest))
            self.does(
                self.office.accountant,
                lambda books: charging.offset(books, self.charges[one], self.charges[other], amount),
            )
            self.pencil.bring_up([other], self.day)
            self.pencil.set_against(one, other, amount)

    def nobody(self) -> None:
        """A transfer whose payer is not known; it may have come in some days ago."""
        self.money(None, "bank", self.day - timedelta(days=self.dice.randint(0, 60)))

    def find_out(self) -> None:
        """The money goes over from nobody's to the customer's."""
        found = [
            n
            for n, slip in enumerate(self.pencil.slips)
            if slip.whose is None and not slip.dead and self.pencil.free(n)
        ]
        if found:
            slip, whose = self.dice.choice(found), self.who()
            receipt = Receipt.objects.get(pk=self.receipts[slip].pk)
            self.does(self.office.collector, lambda books: receiving.identify(books, receipt, self.parties[whose]))
            self.pencil.slips[slip].whose = whose

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
        number = self.dice.choice(held) if held else None
        whose = self.pencil.slips[self.pencil.deposits[number].slip].whose if number is not None else None
        bill = self.some_bill(whose=whose)
        if number is not None and bill is not None:
            amount = self.dice.randint(1, min(self.pencil.deposits[number].rest, self.pencil.bills[bill].rest))
            deposit = Deposit.objects.get(pk=self.held[number].pk)
            self.does(
                self.office.head,
                lambda books: deposits.deduct(books, deposit, self.charges[bill], amount, consent="同意书"),
            )
            self.pencil.use_deposit(number, bill, amount)

    def close(self) -> None:
        """The books are closed up to yesterday, and the next day begins; what was owed then stays as it was."""
        before = identities(self.office.cast.yunqi, self.day)
        yesterday, self.day = self.day, self.day + ONE_DAY
        self.pencil.today = self.day
        self.does(self.office.accountant, lambda books: close_period(books, yesterday, "日结"))
        self.frozen = (yesterday, before)

    def some_slip(self) -> int | None:
        alive = [number for number, slip in enumerate(self.pencil.slips) if not slip.dead]
        return self.dice.choice(alive) if alive else None

    def left_over(self) -> tuple[int, int]:
        """What the books say is left of income, the office's and the owners'."""
        found = differences(self.office.cast.yunqi, date.max)
        return found[Whose.OFFICE], found[Whose.OWNERS]

    def lies(self) -> tuple[int, int]:
        """What the books have in the till and at the bank."""
        rows = Line.objects.filter(community=self.office.cast.yunqi)
        cash, bank = (sum(one.amount for one in rows.filter(account=where)) for where in (Account.CASH, Account.BANK))
        return cash, bank

    def compare(self) -> None:
        owed = Charge.objects.filter(party__in=self.parties).order_by("pk")
        assert [(one.amount, one.open, one.due_on, one.party_id) for one in owed] == [
            (bill.amount, bill.rest, bill.due, self.parties[bill.whose].pk) for bill in self.pencil.bills
        ]
        lefts = dict(Receipt.objects.filter(pk__in=[one.pk for one in self.receipts]).values_list("pk", "left"))
        assert [lefts[one.pk] for one in self.receipts] == [self.pencil.free(n) for n in range(len(self.receipts))]
        bound = dict(Receipt.objects.filter(pk__in=[one.pk for one in self.receipts]).values_list("pk", "bound"))
        assert [bound[one.pk] for one in self.receipts] == [one.for_rent for one in self.pencil.slips]
        assert tuple(now - then for now, then in zip(self.lies(), self.lay_before, strict=True)) == self.pencil.lies()
        kept = dict(Deposit.objects.filter(party__in=self.parties).values_list("pk", "left"))
        assert [kept[one.pk] for one in self.held] == [one.rest for one in self.pencil.deposits]
        rests = dict(Payable.objects.filter(pk__in=[one.pk for one in self.owed]).values_list("pk", "left"))
        assert [rests[one.pk] for one in self.owed] == [one.rest for one in self.pencil.invoices]
        for page in [*self.office.cost, "SF"]:
            assert self.posted_on(page) == self.pencil.spent_on(page)
        assert (
            tuple(now - then for now, then in zip(self.left_over(), self.left_before, strict=True))
            == self.pencil.left_over()
        )
        assert identities(self.office.cast.yunqi, self.day).hold
        if self.frozen is not None:
            day, then = self.frozen
            assert identities(self.office.cast.yunqi, day) == then
