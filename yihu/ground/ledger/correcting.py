"""Where the money itself was otherwise than the books thought: a till that does not agree, a payment that never left."""

from __future__ import annotations

from typing import Any

from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account, Voucher
from yihu.ground.ledger.posting import COLLECT, REVERSE, Books, Leg
from yihu.kernel.errors import Refused

Kind = Voucher.Kind


def over_short(books: Books, method: str, amount: int, why: str, *, record: Any = None) -> Voucher:
    """What was counted beyond what the receipts say; negative where it is short. Booked with its reason (domain.md §5.7)."""
    books.require(COLLECT, "您不能登记长短款，请找出纳。")
    if not amount:
        raise Refused("点算的金额与账上相同，没有长短款。")
    if not why.strip():
        raise Refused("长短款要写明原因。")
    word = "长款" if amount > 0 else "短款"
    legs = [Leg(Account(method), amount), Leg(Account.OVER_SHORT, -amount)]
    return books.post(Kind.OVER_SHORT, legs, words=f"{word} {yuan(abs(amount))}：{why}", record=record)


def never_left(books: Books, voucher: Voucher, why: str) -> Voucher:
    """A refund or a returned deposit that could not be paid out: the money is the payer's in our hands again."""
    books.require(REVERSE, "您不能撤销付款，请找财务主管。")
    if voucher.kind not in (Kind.REFUND, Kind.RETURN):
        raise Refused("这张凭证不是退款，不能按未付出撤销。")
    return books.reverse(voucher, why)
