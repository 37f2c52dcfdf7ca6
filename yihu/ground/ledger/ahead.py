"""预收抵缴: money that came in before its bill meets it as soon as the bill is posted, without anybody's click (domain.md §5.6).

What was paid in advance for one item (``earmarking``) meets the bills of this item: that is what its payer said. Other money
meets whatever else he owes where he agreed: as he paid (``Receipt.agreed``), or on a paper that an area keeps (``word``).
Money that came for one unit serves that unit alone; what is contested waits. Each use is a payment like any other, one voucher
for a bill, told apart by its rule; taken back with its bill, it is again what it was before.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from yihu.ground.ledger import receiving
from yihu.ground.ledger.contested import uncontested
from yihu.ground.ledger.models import Account, Charge, Line, Receipt, Voucher
from yihu.ground.ledger.ordering import AGREED, PURPOSE
from yihu.ground.ledger.posting import COLLECT, Books
from yihu.kernel.errors import Conflict

AHEAD = (PURPOSE, AGREED)
NOBODY = Q(pk__in=())  # no word besides those on the receipts
ON_RECEIPT = Q(agreed=True, withdrawn=False)


def payers(community_id: int, after: int = 0, word: Any = NOBODY) -> QuerySet[Any]:
    """Who has money here that may meet a bill of his now, beyond a payer's number, in the order of their numbers. ``word``:
    a condition on receipts, whose payers agreed on a paper."""
    owed = Charge.objects.filter(
        community=community_id, party=OuterRef("party"), open__gt=0, reversal__isnull=True
    )  # fmt: skip
    rent = Q(Exists(owed.filter(item=OuterRef("bound_to"))), bound__gt=0)
    rest = (ON_RECEIPT | Q(word)) & Q(Exists(owed), left__gt=F("bound"))
    rows = Receipt.objects.filter(rent | rest, community=community_id, left__gt=0, party__gt=after)
    return rows.order_by("party").values_list("party", flat=True).distinct()


def use(books: Books, party: int, word: Any = NOBODY) -> int:
    """All that a payer's money may meet; gives how much, in 分. What serves one item only goes first, then what came for one
    unit, the oldest first."""
    receipts = Receipt.objects.filter(community=books.community_id, party=party, left__gt=0)
    receipts = receipts.order_by(F("unit").asc(nulls_last=True), "received_at", "pk")
    used = 0
    for receipt in receipts.filter(bound__gt=0):
        rent = _owed(receipt).filter(item=receipt.bound_to_id)
        used += _meet(books, receipt, rent, PURPOSE, keep=receipt.free)
    for receipt in receipts.filter(ON_RECEIPT | Q(word), left__gt=F("bound")):
        used += _meet(books, receipt, _owed(receipt), AGREED)
    return used


def _meet(books: Books, receipt: Receipt, owed: QuerySet[Charge], rule: str, keep: int = 0) -> int:
    before = receipt.left
    receiving.settle(books, receipt, among=owed, keep=keep, rule=rule)
    return before - receipt.left


def _owed(receipt: Receipt) -> QuerySet[Charge]:
    rows = Charge.objects.filter(community=receipt.community_id, party=receipt.party_id, reversal__isnull=True)
    if receipt.unit_id is not None:
        rows = rows.filter(unit=receipt.unit_id)
    return uncontested(receipt.community_id, rows)


def withdraw(books: Books, receipt: Receipt) -> None:
    """The payer no longer agrees: from now on nobody uses this money without asking him."""
    books.require(COLLECT, "您不能改抵缴同意，请找收费员。")
    if not Receipt.objects.filter(ON_RECEIPT, pk=receipt.pk).update(withdrawn=True):
        raise Conflict("这张收据没有同意自动抵缴，或者已经收回了，请刷新看看。", [])


def uses() -> QuerySet[Line]:
    """The lines that settled a bill in this way and hold today."""
    return Line.objects.filter(
        account=Account.RECEIVABLE, amount__lt=0, voucher__kind=Voucher.Kind.ALLOCATE, voucher__rule__in=AHEAD,
        voucher__reverses__isnull=True, voucher__reversed_by__isnull=True,
    )  # fmt: skip


def met(community_id: int, bills: Q) -> dict[int, int]:
    """How much of which bill was settled in this way, in 分; ``bills``: a condition on the lines' charges."""
    rows = uses().filter(bills, voucher__community=community_id).order_by().values_list("charge")
    return {pk: -total for pk, total in rows.annotate(total=Sum("amount")) if pk is not None}
