"""A finance department, what it charges for, and one command to write in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pytest

from tests.support.doing import at
from yihu.areas.reception.models import Contact
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging, paying, receiving
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import Charge, CostItem, FeeItem, Payable, Receipt
from yihu.ground.ledger.paying import Part
from yihu.ground.ledger.posting import Books, books
from yihu.kernel.doors import command, open_record

NOON = "2026-11-10 12:00"


@dataclass
class Office:
    """会计, 收费员, 出纳 and 财务主管 of 云栖苑, and its items."""

    cast: Any

    def __post_init__(self) -> None:
        cast = self.cast
        self.accountant = cast.person("zhang", "张会计", "accountant")
        self.collector = cast.person("shou", "寿收费", "fee_collector")
        self.head = cast.person("cai", "蔡财务", "finance_supervisor")
        self.property_fee = self.item("WY", "物业服务费")
        self.water = self.item("SF", "代收水费", nature="pass_through", legal_class="essential")
        self.late_fee = self.item("WYJ", "违约金", standing="2")
        self.deposit = self.item("ZXYJ", "装修押金", nature="deposit")

    @cached_property
    def cashier(self) -> Any:
        return self.cast.person("na", "那出纳", "cashier")

    @cached_property
    def rent(self) -> FeeItem:
        return self.item("ZJ", "房屋租金", lease=True)

    @cached_property
    def cost(self) -> dict[str, CostItem]:
        """Three sub-accounts of spending, one of them of the common income."""
        named = (("Z07", "办公", "expense"), ("Z03", "维修材料", "expense"), ("G01", "公共设施更新", "common_cost"))
        return {code: self.cost_item(code, name, account=account) for code, name, account in named}

    def item(self, code: str, name: str, **more: Any) -> FeeItem:
        found, _ = FeeItem.objects.get_or_create(community=self.cast.yunqi, code=code, defaults={"name": name, **more})
        return found

    def cost_item(self, code: str, name: str, **more: Any) -> CostItem:
        return CostItem.objects.create(community=self.cast.yunqi, code=code, name=name, **more)

    def owe(self, *parts: Part, when: str = NOON) -> Payable:
        """A bill that came in; it stands on a paper of its own."""
        said = {
            "channel": "phone",
            "relation": "owner",
            "category": "other",
            "caller_name": "供应商",
            "content": "账单",
        }
        paper = open_record(
            Contact(community=self.cast.yunqi), by=self.cast.wang, data={**said, "unit": self.cast.home.pk}
        )
        facts = {"payee": "晨光文具", "words": "账单", "record": paper}
        return self.does(self.head, lambda books: paying.incur(books, parts, **facts), when)

    def pay_out(self, payable: Payable, when: str = NOON, method: str = "bank", day: date | None = None) -> Any:
        def work(books: Books) -> Any:
            return paying.pay(books, payable, method=method, day=day or books.today, words="付款")

        return self.does(self.cashier, work, when)

    def does(self, by: Any, work: Callable[[Books], Any], when: str = NOON, key: str | None = None) -> Any:
        with (
            command(by=by, key=key, at=at(when), verb="test.ledger") as commanding,
            books(commanding, self.cast.yunqi.pk) as opened,
        ):
            return work(opened)

    def owed(self, amount: int, month: int = 10, item: FeeItem | None = None, **more: Any) -> Owed:
        facts = {
            "party": self.cast.owner.pk, "unit": self.cast.home.pk, "item": item or self.property_fee,
            "from_on": date(2026, month, 1), "to_on": date(2026, month, 28), "due_on": date(2026, month, 28), "amount": amount,
        }  # fmt: skip
        return Owed(**{**facts, **more})

    def charge(
        self, amount: int, month: int = 10, item: FeeItem | None = None, when: str = NOON, **more: Any
    ) -> Charge:
        return self.does(
            self.accountant, lambda books: charging.charge(books, self.owed(amount, month, item, **more)), when
        )

    def receive(self, amount: int, party: Party | None = None, when: str = NOON, **more: Any) -> Receipt:
        facts = {"amount": amount, "method": "cash", "payer_name": "赵业主", "party": party or self.cast.owner, **more}
        return self.does(self.collector, lambda books: receiving.receive(books, **facts), when)

    def settle(self, receipt: Receipt, *charges: Charge, when: str = NOON) -> Any:
        return self.does(self.collector, lambda books: receiving.settle(books, receipt, charges or None), when)


@pytest.fixture
def office(cast: Any) -> Office:
    return Office(cast)
