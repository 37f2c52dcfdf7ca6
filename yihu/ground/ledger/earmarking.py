"""预收定用途: money paid in advance for one item. It stands apart on the account of prepayments and serves nothing else.

Why: rent of real estate that is paid in advance is taxed on the day on which it comes in (财税〔2016〕36号 附件1 第四十五条
第（二）项: 提供租赁服务采取预收款方式的，纳税义务发生时间为收到预收款的当天), other services when they are rendered. So money
for rent is told apart as it comes in: it may be invoiced there and then, and is not invoiced again when it meets the rent.
"""

from __future__ import annotations

from django.db.models import F

from yihu.ground.ledger.models import Account, FeeItem, Line, Receipt, Voucher
from yihu.ground.ledger.posting import COLLECT, Books, Leg, legs_of
from yihu.kernel.errors import Refused

Kind = Voucher.Kind


def earmark(books: Books, receipt: Receipt, item: FeeItem, amount: int) -> Voucher:
    """So much of what is left was paid in advance for this item."""
    books.require(COLLECT, "您不能给预收定用途，请找收费员。")
    if not item.lease:
        raise Refused(f"“{item}”不是不动产租赁的项目，预收不用定用途，抵缴的时候再开票。")
    receipt.refresh_from_db()
    if receipt.party_id is None:
        raise Refused("这笔款还不知道是谁付的，请先认领。")
    if amount <= 0:
        raise Refused("预收的金额要大于零。")
    if receipt.bound_to_id not in (None, item.pk) and standing(receipt):
        raise Refused(f"这张收据的预收已经定为“{receipt.bound_to}”，一张收据只能定一个项目；请先改回一般预收。")
    Receipt.objects.filter(pk=receipt.pk).update(bound_to=item)
    legs = [_credit(receipt, amount), _credit(receipt, -amount, item.pk)]
    voucher = books.post(Kind.EARMARK, legs, words=f"{receipt.number} 预收{item}")
    receipt.refresh_from_db()
    return voucher


def release(books: Books, receipt: Receipt, amount: int, why: str) -> None:
    """So much of it serves anything again, or goes back. Each marking is taken back whole, the newest first, and what of them
    has met its charges already is written anew: so an invoice that stands on one of them is seen to be out of date."""
    receipt.refresh_from_db()
    if not 0 < amount <= receipt.bound:
        raise Refused("没有这么多定了用途的预收，请刷新看看。")
    taken = 0
    for voucher in standing(receipt):
        if taken >= amount:
            break
        legs = [leg._replace(amount=-leg.amount) for leg in legs_of(voucher)]
        books.post(voucher.kind, legs, words=f"冲销：{why}", reverses=voucher, moves=False)
        taken += max(leg.amount for leg in legs)
    if taken > amount:
        legs = [_credit(receipt, taken - amount), _credit(receipt, amount - taken, receipt.bound_to_id)]
        books.post(Kind.EARMARK, legs, words=f"{receipt.number} 预收{receipt.bound_to}", moves=False)
    Receipt.objects.filter(pk=receipt.pk).update(bound=F("bound") - amount)
    receipt.refresh_from_db()


def standing(receipt: Receipt) -> list[Voucher]:
    """The markings that hold, the newest first."""
    touched = Line.objects.filter(receipt=receipt, voucher__kind=Kind.EARMARK).values("voucher")
    rows = Voucher.objects.filter(pk__in=touched, reverses__isnull=True, reversed_by__isnull=True)
    return list(rows.select_related("record").order_by("-pk"))


def _credit(receipt: Receipt, amount: int, item: int | None = None) -> Leg:
    return Leg(
        Account.CREDIT, amount, party=receipt.party_id, unit=receipt.unit_id, item=item, receipt=receipt.pk
    )  # fmt: skip
