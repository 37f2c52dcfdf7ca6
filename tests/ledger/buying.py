"""What is bought meanwhile, in a random history: bills that come in, payments that go out, and their corrections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.ledger.oracle import Invoice, Pencil
from yihu.ground.ledger import paying
from yihu.ground.ledger.models import Line, Payable
from yihu.ground.ledger.paying import Part


class Buying:
    """Suppliers' bills happen to the ledger and to the pencil."""

    office: Any
    dice: Any
    pencil: Pencil
    noon: str
    owed: list[Payable]
    does: Callable[..., Any]

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
            way = self.dice.choice(["bank", "cash"])
            self.office.pay_out(self.owed[number], self.noon, way)
            self.pencil.invoices[number].paid, self.pencil.invoices[number].way = True, way

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

    def posted_on(self, page: str) -> tuple[int, int]:
        """What the lines say of a page of cost, or of the water that we owe the supplier."""
        rows = Line.objects.filter(payable__in=self.owed)
        of = rows.filter(item=self.office.water) if page == "SF" else rows.filter(cost=self.office.cost[page])
        sums = {kind: sum(one.amount for one in of.filter(voucher__kind=kind)) for kind in ("spend", "pay")}
        return sums["spend"], sums["pay"]
