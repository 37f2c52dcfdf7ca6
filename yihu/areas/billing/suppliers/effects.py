"""What the steps of a supplier's bill do: owed, paid and taken back in the ledger, on the account of what is passed through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.models import SupplierBill
from yihu.basics.money import yuan
from yihu.ground.ledger import paying, posting
from yihu.ground.ledger.paying import Part
from yihu.kernel.models import Attachment


def recorded(act: Any) -> None:
    for upload in act.data.get("scan") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    act.tell_post("finance_supervisor", f"{act.record.number} {act.record.summarise()[:80]}，请审核。")


def unexplained(bill: Any, by: Any) -> str:
    """A difference is explained before it is agreed to; nothing is added on top of what the supplier bills."""
    one = comparing.both(bill)
    if one.over and not bill.why_different:
        return f"出账比供应单位的账单多 {yuan(one.over)} 元。代收的不得加价，请退回，写明原因和怎么退还，再审核。"
    if one.loss and not bill.why_different:
        return f"账单与出账相差 {yuan(one.loss)} 元，还没有说明，请退回补写。"
    return ""


def approved(act: Any) -> None:
    bill = act.record
    shared = min(comparing.both(bill).shared, bill.through_fen)
    parts = [
        Part(bill.through_fen - shared, item=bill.supplier.item_id),
        Part(shared, item=bill.supplier.shared_item_id),
        Part(bill.own_fen, bill.own_cost),
    ]
    with posting.books(act.command, bill.community_id) as books:
        bill.payable = paying.incur(
            books, [part for part in parts if part.amount], payee=bill.supplier.name, words=f"{bill.number} {bill.summarise()}", record=bill
        )  # fmt: skip
    bill.approved_by = act.by
    act.tell_post("cashier", f"{bill.number} {bill.supplier.name} {yuan(bill.amount_fen)} 元，请付款。")


def paid(act: Any) -> None:
    bill = act.record
    with posting.books(act.command, bill.community_id) as books:
        paying.pay(
            books, bill.payable, method=bill.method, day=bill.paid_on, words=f"{bill.number} 付 {bill.supplier.name}"
        )
    act.tell([bill.opened_by], f"{bill.number} 已付 {yuan(bill.amount_fen)} 元。")


def unpaid(act: Any) -> None:
    bill = act.record
    with posting.books(act.command, bill.community_id) as books:
        paying.unpay(books, bill.payable, f"{bill.number} {bill.why_back}")
    bill.method, bill.paid_reference, bill.paid_on = "", "", None
    _not_settled(bill)
    act.tell_post("cashier", f"{bill.number} 付款没有到账，请重新付款。")


def cancelled(act: Any) -> None:
    """Never an edit: what was posted is taken back, and the right bill is a new one."""
    bill = act.record
    with posting.books(act.command, bill.community_id) as books:
        paying.cancel(books, bill.payable, f"{bill.number} {bill.why_back}")
    bill.live = False
    act.tell_post("accountant", f"{bill.number} 已冲销：{bill.why_back[:80]}。请按正确的账单重新登记。")


def sent_back(act: Any) -> None:
    act.tell_post("accountant", f"{act.record.number} 退回：{act.record.why_back[:80]}")


def settled(act: Any) -> None:
    """From now on both sides stand as they were."""
    act.record.told = comparing.both(act.record).told()


# -- once it was settled: only by a correction that another person has agreed to ---------------------------------------
def settled_anew(act: Any) -> None:
    _not_settled(act.record)
    act.tell_post("finance_supervisor", f"{act.record.number} 撤销了对账：{act.record.why_back[:80]}。请重新对账。")


def recorded_anew(act: Any) -> None:
    """Whatever was posted of it is taken back, the payment as well; it is asked for like a fresh one, by tomorrow."""
    bill = act.record
    with posting.books(act.command, bill.community_id) as books:
        paying.cancel(books, bill.payable, f"{bill.number} {bill.why_back}")
    bill.payable = bill.approved_by = bill.paid_on = None
    bill.method = bill.paid_reference = ""
    bill.due_at = act.at + timedelta(days=1)
    _not_settled(bill)
    act.tell_post("accountant", f"{bill.number} 已冲销：{bill.why_back[:80]}。请按正确的账单重新登记。")


def _not_settled(bill: SupplierBill) -> None:
    bill.told, bill.settled_words = {}, ""


def held(bill: Any, by: Any) -> str:
    if bill.payable_id:
        return "已经入账，不能撤回；错了请财务主管冲销。"
    return "这个月的账单到期就要登记，不能撤回。" if bill.pk else ""
