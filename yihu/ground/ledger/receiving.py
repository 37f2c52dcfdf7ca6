"""Money in: a receipt at once, its use for what is owed, what is left over, what goes back, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yihu.basics.money import yuan
from yihu.ground.ledger import ordering
from yihu.ground.ledger.charging import bring_up, receivable
from yihu.ground.ledger.models import Account, Charge, Line, Receipt, Voucher
from yihu.ground.ledger.posting import COLLECT, REVERSE, Books, Leg
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.numbers import take

Kind = Voucher.Kind


def receive(
    books: Books,
    *,
    amount: int,
    method: str,
    payer_name: str,
    party: Any = None,
    unit: Any = None,
    reference: str = "",
    received_at: datetime | None = None,
) -> Receipt:
    """A receipt with the next number. Without ``party`` nobody knows yet whose it is. One reference comes in once."""
    books.require(COLLECT, "您不能收款，请找收费员。")
    if amount <= 0:
        raise Refused("收款金额要大于零。")
    receipt = Receipt(
        community_id=books.community_id, number=_number(books), party=party, unit=unit, payer_name=payer_name[:80],
        method=method, reference=reference[:80], amount=amount, received_at=received_at or books.at, collector=books.by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except IntegrityError:
        raise Conflict(f"流水号 {reference} 已经收过款了，没有重复入账。", []) from None
    legs = [Leg(receipt.account, amount, receipt=receipt.pk), _credit(receipt, -amount)]
    books.post(Kind.RECEIPT, legs, words=f"{receipt.number} 收 {payer_name}")
    receipt.refresh_from_db()
    return receipt


def identify(books: Books, receipt: Receipt, party: Any, unit: Any = None) -> None:
    """A person has found out whose money it is."""
    books.require(COLLECT, "您不能认领款项，请找收费员。")
    if not Receipt.objects.filter(pk=receipt.pk, party__isnull=True).update(party=party, unit=unit):
        raise Conflict("这笔款已经有人认领了，请刷新看看。", [])
    receipt.refresh_from_db(fields=["left"])
    if not receipt.left:
        raise Refused("这笔款已经退回去了，不能再认领。")
    amount, was = receipt.left, Leg(Account.UNIDENTIFIED, receipt.left, receipt=receipt.pk)
    receipt.party, receipt.unit = party, unit
    books.post(Kind.IDENTIFY, [was, _credit(receipt, -amount)], words=f"{receipt.number} 认领为 {party}")


def allocate(books: Books, receipt: Receipt, given: Sequence[tuple[Charge, int]], *, rule: str) -> list[Voucher]:
    """Use a receipt's money for charges, each its own voucher so that each can be taken back alone. What these have cost by
    the day on which the money came in is posted first; money that came in before today may have stopped a late fee that
    was posted for the days since."""
    books.require(COLLECT, "您不能收款，请找收费员。")
    if receipt.party_id is None:
        raise Refused("这笔款还不知道是谁付的，请先认领。")
    paid_on, late = paid_day(books, receipt), [charge for charge, _ in given]
    bring_up(books, late, paid_on)
    made = []
    for charge, amount in given:
        if amount <= 0:
            raise Refused("分配的金额要大于零。")
        legs = [_credit(receipt, amount), receivable(charge, -amount, receipt=receipt.pk)]
        made.append(books.post(Kind.ALLOCATE, legs, words=f"{receipt.number} 缴 {charge}", rule=rule))
    if paid_on < books.today:
        bring_up(books, late, paid_on)
    receipt.refresh_from_db()
    return made


def paid_day(books: Books, receipt: Receipt) -> date:
    return min(timezone.localdate(receipt.received_at), books.today)


def settle(
    books: Books, receipt: Receipt, charges: Sequence[Charge] | None = None, *, among: Any = None
) -> list[Voucher]:
    """Use what is left: for the charges that the payer named, in his order; else for all that he owes (or what of it is
    ``among`` these), as the law orders. What these debts have cost by the day on which the money came in is posted first."""
    if charges is not None:
        return allocate(books, receipt, ordering.as_told(receipt.left, charges), rule=ordering.INSTRUCTED)
    owed = Charge.objects.filter(party_id=receipt.party_id, community_id=books.community_id) if among is None else among
    owed = owed.filter(open__gt=0).select_related("item").order_by("due_on", "pk")
    rows = list(owed)
    if bring_up(books, rows, paid_day(books, receipt)):
        rows = list(owed.all())
    return allocate(books, receipt, ordering.by_law(receipt.left, rows, books.today), rule=ordering.BY_LAW)


def refund(books: Books, receipt: Receipt, amount: int, *, method: str, why: str, record: Any = None) -> Voucher:
    """Give back what is left of a receipt. To whose account, and who agreed, stands in the application (F93)."""
    books.require(REVERSE, "您不能退款，请找财务主管。")
    if amount <= 0:
        raise Refused("退款金额要大于零。")
    legs = [_credit(receipt, amount), Leg(Account(method), -amount, receipt=receipt.pk)]
    return books.post(Kind.REFUND, legs, words=f"{receipt.number} 退 {yuan(amount)}：{why}", record=record)


def take_apart(books: Books, receipt: Receipt, why: str) -> None:
    """Money that nobody has claimed turns out to be several people's: its one receipt goes, theirs are written in the same
    command. Nothing leaves our hands, so whoever takes money in may do it."""
    books.require(COLLECT, "您不能分开未认领款，请找收费员。")
    receipt.refresh_from_db()
    if receipt.party_id is not None:
        raise Conflict("这笔款已经有人认领了，请刷新看看。", [])
    if receipt.voided_by_id is None and receipt.left != receipt.amount:
        raise Refused("这笔款已经退过一部分，不能再分给几户。")
    _take_back(books, receipt, why)


def reverse_receipt(books: Books, receipt: Receipt, why: str) -> None:
    """A cheque bounced, a wrong entry: everything that was paid with it is open again. What was given back stays given."""
    books.require(REVERSE, "您不能作废收据，请找财务主管。")
    held = _vouchers(receipt)
    if any(voucher.kind in (Kind.REFUND, Kind.RETURN) for voucher in held):
        raise Refused("这张收据的钱已经退过一部分，不能作废。")
    _take_back(books, receipt, why)


def _take_back(books: Books, receipt: Receipt, why: str) -> None:
    for voucher in _vouchers(receipt):
        last = books.reverse(voucher, why)
    Receipt.objects.filter(pk=receipt.pk).update(voided_by=last)
    receipt.refresh_from_db()


def pay_out(books: Books, gross: int, fee: int, *, words: str) -> Voucher:
    """A channel has paid out what it held for us, less its fee: 线上在途 → 银行存款 and 手续费."""
    books.require(COLLECT, "您不能登记渠道结算，请找出纳。")
    if not 0 <= fee < gross:
        raise Refused("渠道结算的金额要大于手续费，手续费不能是负数。")
    legs = [Leg(Account.BANK, gross - fee), Leg(Account.FEE, fee), Leg(Account.ONLINE, -gross)]
    return books.post(Kind.PAY_OUT, [leg for leg in legs if leg.amount], words=words)


def _vouchers(receipt: Receipt) -> list[Voucher]:
    """All that still holds of a receipt, the newest first; its own is the last."""
    receipt.refresh_from_db()
    if receipt.voided_by_id is not None:
        raise Conflict("这张收据已经作废了，请刷新看看。", [])
    touched = Line.objects.filter(receipt=receipt).values("voucher")
    rows = Voucher.objects.filter(pk__in=touched, reverses__isnull=True, reversed_by__isnull=True)
    return list(rows.select_related("record").order_by("-pk"))


def _credit(receipt: Receipt, amount: int) -> Leg:
    """The payer's money in our hands, or somebody's whom we do not know yet."""
    account = Account.UNIDENTIFIED if receipt.party_id is None else Account.CREDIT
    return Leg(account, amount, party=receipt.party_id, unit=receipt.unit_id, receipt=receipt.pk)


def _number(books: Books) -> str:
    """YQ-SJ-2026-000001: without gaps, for it is taken in the transaction that uses it."""
    prefix = f"{books.row.community.code}-SJ-{timezone.localtime(books.at):%Y}"
    return f"{prefix}-{take(prefix):06d}"
