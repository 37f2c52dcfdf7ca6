"""手续费 that the bank itself takes off the account: a cost of the office, known from the statement and from nowhere else."""

from __future__ import annotations

from datetime import date

from yihu.ground.ledger.models import Account, Voucher
from yihu.ground.ledger.posting import BOOKS, Books, Leg
from yihu.kernel.errors import Refused

Kind = Voucher.Kind


def charged(books: Books, amount: int, day: date, *, words: str) -> Voucher:
    """银行存款 → 手续费, on the day of the statement, or today where that is closed already: so the account in the books comes
    to what the bank says."""
    books.require(BOOKS, "您不能登记银行手续费，请找会计、财务主管。")
    if amount <= 0:
        raise Refused("手续费要大于零。")
    legs = [Leg(Account.FEE, amount), Leg(Account.BANK, -amount)]
    return books.post(Kind.BANK_FEE, legs, words=words, day=books.open_day(min(day, books.today)))


def not_charged(books: Books, voucher: Voucher, why: str) -> Voucher:
    """It was something else: taken back by another hand than the one that entered it."""
    books.require(BOOKS, "您不能冲销银行手续费，请找会计、财务主管。")
    if voucher.by_id == books.by.pk:
        raise Refused("手续费是您自己登记的，请另一位会计或财务主管撤销。")
    return books.reverse(voucher, why)
