"""Money in: a receipt at once, its use for what is owed, what is left over, what goes back, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from yihu.basics.money import yuan
from yihu.ground.ledger import earmarking, ordering
from yihu.ground.ledger.charging import bring_up, receivable
from yihu.ground.ledger.models import Account, Charge, Line, Receipt, Voucher
from yihu.ground.ledger.models.postings import MONEY
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
    agreed: bool = False,
) -> Receipt:
    """A receipt with the next number. Without ``party`` nobody knows yet whose it is. One reference comes in once. ``agreed``:
    its payer said that what is left of it is used for his later bills (``ahead``)."""
    books.require(COLLECT, "您不能收款，请找收费员。")
    if amount <= 0:
        raise Refused("收款金额要大于零。")
    receipt = Receipt(
        community_id=books.community_id, number=_number(books), party=party, unit=unit, payer_name=payer_name[:80],
        method=method, reference=reference[:80], amount=amount, received_at=received_at or books.at, collector=books.by,
        agreed=agreed,
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
    """Use a receipt's money for charges, each its own voucher so that each can be taken back alone; what was paid in advance
    for the charge's item first, by a voucher of its own, for its tax is another's (``earmarking``). What these have cost by
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
        if charge.party_id != receipt.party_id:
            raise Refused(
                f"{charge} 不是这张收据的客户的账单，不能用他的钱缴；替别人交的，请开给那位客户，交款人写代交的人。"
            )
        for part, item in _parts(receipt, charge, amount):
            legs = [_credit(receipt, part, item), receivable(charge, -part, receipt=receipt.pk)]
            made.append(books.post(Kind.ALLOCATE, legs, words=f"{receipt.number} 缴 {charge}", rule=rule))
    if paid_on < books.today:
        bring_up(books, late, paid_on)
    receipt.refresh_from_db()
    return made


def paid_day(books: Books, receipt: Receipt) -> date:
    return min(timezone.localdate(receipt.received_at), books.today)


def _parts(receipt: Receipt, charge: Charge, amount: int) -> list[tuple[int, int | None]]:
    """Bound money and free, in memory: the guard of the row itself sees what others have used meanwhile."""
    bound = min(amount, receipt.bound) if charge.item_id == receipt.bound_to_id else 0
    receipt.bound -= bound
    return [(part, item) for part, item in ((bound, charge.item_id), (amount - bound, None)) if part]


def settle(
    books: Books, receipt: Receipt, charges: Sequence[Charge] | None = None, *, among: Any = None, keep: int = 0,
    rule: str = ordering.BY_LAW,
) -> list[Voucher]:  # fmt: skip
    """Use what is left: for the charges that the payer named, in his order; else for all that he owes (or what of it is
    ``among`` these), as the law orders. ``keep``: so much of it stays; ``rule``: on whose word, where nobody clicks. What these
    debts have cost by the day on which the money came in is posted first."""
    if charges is not None:
        given = _given(receipt, charges, keep, ordering.as_told)
        return allocate(books, receipt, given, rule=ordering.INSTRUCTED)
    owed = Charge.objects.filter(party_id=receipt.party_id, community_id=books.community_id) if among is None else among
    owed = owed.filter(open__gt=0).select_related("item").order_by("due_on", "pk")
    rows = list(owed)
    if bring_up(books, rows, paid_day(books, receipt)):
        rows = list(owed.all())
    given = _given(receipt, rows, keep, lambda money, owing: ordering.by_law(money, owing, books.today))
    return allocate(books, receipt, given, rule=rule)


def _given(
    receipt: Receipt,
    rows: Sequence[Charge],
    keep: int,
    order: Callable[[int, Sequence[Charge]], list[tuple[Charge, int]]],
) -> list[tuple[Charge, int]]:
    """Money for one item to its charges, then the rest to all that is owed still."""
    if not receipt.bound:
        return order(receipt.left - keep, rows)
    bound = order(receipt.bound, [one for one in rows if one.item_id == receipt.bound_to_id])
    sums = {one.pk: amount for one, amount in bound}
    for one, amount in bound:
        one.open -= amount  # in memory only: what the other money finds
    free = order(receipt.free - keep, rows)
    for one, amount in bound:
        one.open += amount
    for one, amount in free:
        sums[one.pk] = sums.get(one.pk, 0) + amount
    return [(one, sums[one.pk]) for one in rows if one.pk in sums]


def refund(books: Books, receipt: Receipt, amount: int, *, method: str, why: str, record: Any = None) -> Voucher:
    """Give back what is left of a receipt, what was paid in advance for one item last. To whose account, and who agreed,
    stands in the application (F93)."""
    books.require(REVERSE, "您不能退款，请找财务主管。")
    if amount <= 0:
        raise Refused("退款金额要大于零。")
    receipt.refresh_from_db()
    if receipt.free < amount <= receipt.left:
        earmarking.release(books, receipt, amount - receipt.free, "退款")
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
    receipt.refresh_from_db()
    if receipt.voided_by_id is None and given_back(receipt):
        raise Refused("这张收据的钱已经退过一部分，不能作废。")
    _take_back(books, receipt, why)


def given_back(receipt: Receipt) -> int:
    """What of it went back to its payer and stayed with him, also of deposits that it brought; in 分."""
    return given_back_of([receipt]).get(receipt.pk, 0)


def given_back_of(receipts: Sequence[Receipt]) -> dict[int, int]:
    """The same of many, where it is anything."""
    rows = Line.objects.filter(
        receipt__in=receipts, account__in=MONEY, voucher__kind__in=(Kind.REFUND, Kind.RETURN),
        voucher__reverses__isnull=True, voucher__reversed_by__isnull=True,
    )  # fmt: skip
    sums = rows.order_by().values_list("receipt").annotate(total=Sum("amount"))
    return {pk: -total for pk, total in sums if pk is not None}


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
    """All that still holds of a receipt, the newest first; what it was meant for after what it met, its own the last."""
    receipt.refresh_from_db()
    if receipt.voided_by_id is not None:
        raise Conflict("这张收据已经作废了，请刷新看看。", [])
    touched = Line.objects.filter(receipt=receipt).values("voucher")
    rows = Voucher.objects.filter(pk__in=touched, reverses__isnull=True, reversed_by__isnull=True)
    last = {Kind.EARMARK: 1, Kind.IDENTIFY: 2, Kind.RECEIPT: 3}
    found = rows.select_related("record").order_by("-pk")
    return sorted(found, key=lambda one: last.get(Kind(one.kind), 0))


def _credit(receipt: Receipt, amount: int, item: int | None = None) -> Leg:
    """The payer's money in our hands, be it for one item alone, or somebody's whom we do not know yet."""
    account = Account.UNIDENTIFIED if receipt.party_id is None else Account.CREDIT
    return Leg(account, amount, party=receipt.party_id, unit=receipt.unit_id, item=item, receipt=receipt.pk)


def _number(books: Books) -> str:
    """YQ-SJ-2026-000001: without gaps, for it is taken in the transaction that uses it."""
    prefix = f"{books.row.community.code}-SJ-{timezone.localtime(books.at):%Y}"
    return f"{prefix}-{take(prefix):06d}"
