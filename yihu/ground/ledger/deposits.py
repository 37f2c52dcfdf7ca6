"""Deposits: taken out of a receipt, kept apart, given back, or used with the payer's written word."""

from __future__ import annotations

from datetime import date
from typing import Any

from yihu.basics.money import yuan
from yihu.ground.ledger.charging import bring_up, receivable
from yihu.ground.ledger.models import Account, Charge, Deposit, FeeItem, Receipt, Voucher
from yihu.ground.ledger.posting import COLLECT, REVERSE, Books, Leg
from yihu.kernel.errors import Refused

Kind = Voucher.Kind


def take_deposit(
    books: Books, receipt: Receipt, item: FeeItem, amount: int, *, due_back_on: date | None = None, record: Any = None
) -> Deposit:
    """Part of what was received is a deposit: our debt, never income."""
    books.require(COLLECT, "您不能收押金，请找收费员。")
    if item.nature != FeeItem.Nature.DEPOSIT:
        raise Refused(f"“{item}”不是押金。")
    if receipt.party_id is None:
        raise Refused("还不知道是谁付的，请先认领，再登记押金。")
    if amount <= 0:
        raise Refused("押金金额要大于零。")
    deposit = Deposit.objects.create(
        community_id=books.community_id, party_id=receipt.party_id, unit_id=receipt.unit_id, item=item, receipt=receipt,
        amount=amount, due_back_on=due_back_on, record_id=record.pk if record is not None else None,
    )  # fmt: skip
    credit = Leg(Account.CREDIT, amount, party=receipt.party_id, unit=receipt.unit_id, receipt=receipt.pk)
    books.post(Kind.DEPOSIT, [credit, _held(deposit, -amount)], words=f"{receipt.number} {item}", record=record)
    receipt.refresh_from_db()
    deposit.refresh_from_db()
    return deposit


def deduct(books: Books, deposit: Deposit, charge: Charge, amount: int, *, consent: str) -> Voucher:
    """Use a deposit for what its payer owes; only with his written consent, which is named."""
    books.require(REVERSE, "您不能动用押金，请找财务主管。")
    if not consent.strip():
        raise Refused("动用押金要有付款人的书面同意，请写明依据。")
    if deposit.party_id != charge.party_id:
        raise Refused("押金和账单不是同一个付款人的。")
    if amount <= 0:
        raise Refused("抵扣金额要大于零。")
    bring_up(books, [charge], books.today)
    legs = [_held(deposit, amount), receivable(charge, -amount, deposit=deposit.pk)]
    return books.post(Kind.DEDUCT, legs, words=f"{deposit.item} 抵 {charge}：{consent}", record=deposit.record)


def give_back(books: Books, deposit: Deposit, amount: int, *, method: str, why: str, record: Any = None) -> Voucher:
    books.require(REVERSE, "您不能退押金，请找财务主管。")
    if amount <= 0:
        raise Refused("退款金额要大于零。")
    legs = [_held(deposit, amount), Leg(Account(method), -amount, receipt=deposit.receipt_id, deposit=deposit.pk)]
    return books.post(Kind.RETURN, legs, words=f"退 {deposit.item} {yuan(amount)}：{why}", record=record)


def _held(deposit: Deposit, amount: int) -> Leg:
    return Leg(
        Account.DEPOSIT, amount, party=deposit.party_id, unit=deposit.unit_id, item=deposit.item_id,
        receipt=deposit.receipt_id, deposit=deposit.pk,
    )  # fmt: skip
