"""The people of the finance department and the papers of money, as the stories of the till need them."""

from __future__ import annotations

from typing import Any

from tests.ledger.conftest import Office
from tests.support.doing import at, photo
from yihu.areas.cashier.applying.counting import till_of
from yihu.areas.cashier.applying.models import DepositReturn, RedLetter, Refund, TillClose, Waiver
from yihu.basics.money import yuan
from yihu.ground.ledger import deposits
from yihu.ground.ledger.models import Deposit, FeeItem, Receipt
from yihu.kernel.doors import open_record, perform

NOON = "2026-11-10 12:00"
ACCOUNT = {"method": "bank", "account_name": "赵业主", "bank": "平安银行云栖支行", "account_no": "6222020200112233445"}


class Counter(Office):
    """寿收费, 出纳 钱, 蔡财务 and 项经理, and what they do with applications and tills."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.cashier = self.cast.person("qian", "钱出纳", "cashier")
        self.second = self.cast.person("shou2", "于收费", "fee_collector")

    def ask(self, model: Any, by: Any = None, when: str = NOON, files: Any = None, **data: Any) -> Any:
        person = by or self.collector
        return open_record(model(community=self.cast.yunqi), by=person, data=data, files=files or {}, at=at(when))

    def step(self, record: Any, name: str, by: Any, when: str = NOON, **data: Any) -> Any:
        return perform(type(record).objects.get(pk=record.pk), name, by=by, data=data, at=at(when))

    def waiver(self, charge: Any, fen: int, **more: Any) -> Any:
        said = {
            "charge": charge.pk,
            "how": "amount",
            "amount": yuan(fen),
            "why": "service",
            "reason": "电梯停了五天",
        }
        return self.ask(Waiver, **{"files": {"evidence": [photo()]}, **said, **more})

    def refund(self, receipt: Any, amount: int, **more: Any) -> Any:
        return self.ask(Refund, **{**refund_of(receipt, amount), **more})

    def held(self, amount: int = 200000, when: str = NOON) -> Deposit:
        receipt = self.receive(amount, unit=self.cast.home, when=when)
        found: Deposit = self.does(
            self.collector, lambda books: deposits.take_deposit(books, receipt, self.deposit, amount), when
        )
        return found

    def giving_back(self, deposit: Deposit, **more: Any) -> Any:
        return self.ask(DepositReturn, **{**return_of(deposit), **more})

    def red(self, when: str = NOON, by: Any = None, **more: Any) -> Any:
        said = {"way": "red", "why": "entry", "reason": "收错了户"}
        return self.ask(RedLetter, by=by, when=when, files={"evidence": [photo()]}, **{**said, **more})

    def void(self, receipt: Receipt, when: str = NOON, by: Any = None, **more: Any) -> Any:
        return self.ask(RedLetter, by=by, when=when, **{**void_of(receipt), **more})

    def close(self, by: Any = None, when: str = NOON, why: str = "", **counted: int) -> Any:
        """Count the till: what the receipts say, except where ``counted`` says otherwise (in 分)."""
        person = by or self.collector
        return self.ask(TillClose, by=person, when=when, **self.count(person, why=why, **counted))

    def count(self, person: Any, record: Any = None, why: str = "", **counted: int) -> dict[str, str]:
        till = till_of(self.cast.yunqi.pk, person, record)
        amounts = {f"counted_{method}": yuan(counted.get(method, system)) for method, _, _, system in till.methods()}
        return {**amounts, "shown": till.token, "why": why}


def refund_of(receipt: Any, amount: int) -> dict[str, Any]:
    return {"receipt": receipt.pk, "amount": yuan(amount), "reason": "多交了", **ACCOUNT}


def return_of(deposit: Any) -> dict[str, Any]:
    said = {"acceptance": "装修验收单 031，合格", "original": "returned", "reason": "装修完工"}
    return {"deposit": deposit.pk, **said, **ACCOUNT}


def void_of(receipt: Any) -> dict[str, Any]:
    return {"receipt": receipt.pk, "way": "void", "copies_back": "on", "why": "entry", "reason": "开错了抬头"}


def counter_of(cast: Any) -> Counter:
    """The one counter of a cast."""
    found: Counter | None = getattr(cast, "_counter", None)
    if found is None:
        found = cast._counter = Counter(cast)
    return found


def fresh_charge(cast: Any, amount: int = 10000) -> Any:
    """Another bill each time: a new item."""
    counter, count = counter_of(cast), FeeItem.objects.count()
    return counter.charge(amount, 10, counter.item(f"N{count}", f"费用{count}"))
