"""Our own money goes from one place to another: a till's takings to the bank, a card terminal's day into the account.

Nothing is earned or owed by it; without it the books would keep in the till what lies in the bank (domain.md §5.7: cash is
banked on the same or the next working day; T+1 settlement).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account, Line, Voucher
from yihu.ground.ledger.posting import BOOKS, COLLECT, REVERSE, Books, Leg
from yihu.kernel.errors import Refused

Kind = Voucher.Kind


def carried(record: Any) -> Voucher | None:
    """The voucher by which what this paper says went to the bank."""
    rows = Voucher.objects.filter(record=record, kind=Kind.CARRY, reverses__isnull=True, reversed_by__isnull=True)
    return rows.order_by("pk").first()


def to_the_bank(
    books: Books, sums: Mapping[str, int], *, words: str, record: Any = None, may: str = COLLECT
) -> Voucher:
    """库存现金, 支票 → 银行存款: what lay in the till lies in the account, in 分 by the way it was paid. ``may``: whose
    posting it is, where it is not the one of the 出纳 who carried it."""
    books.require(may, "您不能登记存款，请找出纳。")
    legs = [Leg(Account(method), -amount) for method, amount in sums.items() if amount]
    if any(leg.amount > 0 for leg in legs) or not legs:
        raise Refused("存入银行的金额要大于零。")
    return books.post(
        Kind.CARRY, [Leg(Account.BANK, -sum(leg.amount for leg in legs)), *legs], words=words, record=record
    )


def came_back(books: Books, method: str, amount: int, *, words: str, record: Any = None) -> Voucher:
    """银行存款 → 支票: a cheque that was paid in comes back from the bank, before its receipt is taken back."""
    books.require(REVERSE, "您不能登记退票，请找财务主管。")
    return books.post(
        Kind.CARRY, [Leg(Account(method), amount), Leg(Account.BANK, -amount)], words=words, record=record
    )


def fetched(books: Books, amount: int, *, words: str) -> Voucher:
    """银行存款 → 库存现金: cash for what is paid in cash (提取备用金), as the bank's statement says."""
    books.require(BOOKS, "您不能登记提取备用金，请找会计、财务主管。")
    if amount <= 0:
        raise Refused("提取的金额要大于零。")
    return books.post(Kind.CARRY, [Leg(Account.CASH, amount), Leg(Account.BANK, -amount)], words=words)


def not_fetched(books: Books, voucher: Voucher, why: str) -> Voucher:
    """It was something else that left the account."""
    books.require(BOOKS, "您不能撤销提取备用金，请找会计、财务主管。")
    return books.reverse(voucher, why)


def in_terminal(community: Any, day: date) -> int:
    """刷卡在途: what was paid by card up to the end of a day and no settlement has brought to the account yet, in 分."""
    of_days = Q(day__lte=day) | Q(voucher__kind=Kind.PAY_OUT)
    rows = Line.objects.filter(of_days, community=community, account=Account.CARD)
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def terminal_pays(books: Books, day: date, amount: int, fee: int, *, words: str) -> Voucher:
    """The terminal's bank has paid out, less its fee: 刷卡在途 → 银行存款 and 手续费; no more than was paid by card by then."""
    books.require(COLLECT, "您不能登记刷卡结算，请找收费员、出纳。")
    gross, held = amount + fee, in_terminal(books.community_id, day)
    if amount <= 0 or fee < 0:
        raise Refused("刷卡结算的金额要大于零，手续费不能是负数。")
    if gross > held:
        raise Refused(
            f"到 {day:%Y-%m-%d} 为止，刷卡收了还没有到账的只有 {yuan(held)} 元，少于到账加手续费 {yuan(gross)} 元，请核对。"
        )
    legs = [Leg(Account.BANK, amount), Leg(Account.FEE, fee), Leg(Account.CARD, -gross)]
    return books.post(Kind.PAY_OUT, [leg for leg in legs if leg.amount], words=words)


def terminal_did_not_pay(books: Books, voucher: Voucher, why: str) -> Voucher:
    """It was other money: what was paid by card is on its way again."""
    books.require(REVERSE, "您不能撤销刷卡结算，请找财务主管。")
    return books.reverse(voucher, why)
