"""自来水公司, two households that used its water, and the way of its bill of a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.doing import at
from tests.support.paying import counter_of
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.ground.ledger.balances import trial_balance
from yihu.kernel.doors import perform
from yihu.kernel.invariants import check_all
from yihu.kernel.rhythms import come_round

END = "2026-10-31 10:00"


def supplied(cast: Any) -> Any:
    """自来水公司, and two households that used water from the 21st to the 20th; one of them has paid."""
    office = counter_of(cast)
    office.shared = office.item("GT", "公摊水费", nature="pass_through", legal_class="essential")
    office.works = Supplier.objects.create(
        community=cast.yunqi,
        name="云溪自来水",
        kind="water",
        account_no="8801",
        item=office.water,
        shared_item=office.shared,
    )
    days = {"from_on": date(2026, 9, 21), "to_on": date(2026, 10, 20), "when": "2026-10-25 09:00"}
    office.first = office.charge(6000, 10, office.water, **days)
    office.charge(3000, 10, office.water, part="2", **days)
    office.charge(500, 10, office.shared, **days)
    office.settle(office.receive(6000, when="2026-10-28 09:00"), office.first, when="2026-10-28 09:00")
    return office


def due(office: Any) -> SupplierBill:
    (bill,) = come_round(at("2026-10-26 09:00"), "supplier-bills")
    return bill


def step(bill: Any, name: str, by: Any, when: str = END, **data: Any) -> Any:
    return perform(SupplierBill.objects.get(pk=bill.pk), name, by=by, data=data, at=at(when))


def recorded(office: Any, amount: str = "100", **more: Any) -> Any:
    said = {"from_on": "2026-09-21", "to_on": "2026-10-20", "previous": "1200", "current": "1225", "multiplier": "1",
            "amount_fen": amount, "invoice_no": "S-1", "why_different": "总表与分表的损耗", **more}  # fmt: skip
    return step(due(office), "record", office.accountant, **said)


def to_pay(office: Any, **more: Any) -> Any:
    return step(recorded(office, **more), "approve", office.head)


def paid(office: Any, **more: Any) -> Any:
    said = {"method": "bank", "paid_reference": "W-77", "paid_on": "2026-10-31"}
    return step(to_pay(office, **more), "pay", office.cashier, **said)


def accounts(office: Any) -> dict[str, int]:
    found: dict[str, int] = trial_balance(office.cast.yunqi, date(2026, 12, 31))
    return {name: found.get(name, 0) for name in ("pass_through", "payable", "bank", "expense")}


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]
