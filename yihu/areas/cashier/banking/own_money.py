"""Lines that come in and are our own money: what a till had carried to the bank, what a card terminal pays out.

Tied like the payments of lines that go out (``LinePayment``): a till's money is in the books since its slip's number was
entered, a terminal's is posted here, less the fee that its bank keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum

from yihu.areas.cashier.banking.models import BankLine, LinePayment
from yihu.areas.cashier.banking.sharing_out import shared_out
from yihu.areas.cashier.banking.taking import free, working
from yihu.areas.cashier.banking.tying import tie, tied, untie, write_down
from yihu.basics.money import yuan
from yihu.ground.ledger import carrying, posting
from yihu.ground.ledger.models import Account, Voucher
from yihu.kernel.errors import Conflict, Refused

Kind = Voucher.Kind
LOOK_BACK, MOST_FEE = 15, 5  # days; per cent of what was paid by card
CANNOT = "您不能核对银行流水，请找收费员。"


@dataclass(frozen=True)
class Banked:
    """A till's money that was carried to the bank; ``rest`` is what no line of the statement is yet, in 分."""

    pk: int
    day: date
    words: str
    url: str
    rest: int


def banked(community: Any, **more: Any) -> list[Banked]:
    """What waits for its line, the oldest first."""
    rows = Voucher.objects.filter(
        community=community, kind=Kind.CARRY, reverses__isnull=True, reversed_by__isnull=True,
        lines__account=Account.BANK, lines__amount__gt=0, **more,
    ).annotate(money=Sum("lines__amount"), tied=tied())  # fmt: skip
    waiting = rows.filter(tied__lt=F("money")).select_related("record").order_by("day", "pk")
    return [
        Banked(row.pk, row.day, row.words, row.record.get_absolute_url() if row.record else "", row.money - row.tied)
        for row in waiting
    ]


def ties_of(line: BankLine) -> QuerySet[LinePayment]:
    rows = LinePayment.objects.filter(line=line, held=True, voucher__reversed_by__isnull=True)
    return rows.select_related("voucher__record").order_by("pk")


def arrived(line: BankLine, vouchers: Sequence[int], *, by: Any, key: str | None = None) -> None:
    """A person says whose takings a line is. Cash and cheques of one till may arrive as two lines, several tills as one."""
    wanted = list(dict.fromkeys(vouchers))
    with working(line, by, key, "banked", wanted) as books:
        if books is None:
            return
        books.require(posting.COLLECT, CANNOT)
        if not wanted:
            raise Refused("请选这笔流水是哪一张日结单存的。")
        found = {one.pk: one for one in banked(line.community_id, pk__in=wanted)}
        gone = "选的缴存刚刚已经对上别的流水，请刷新看看。"
        too_much = f"选的缴存合计超过这笔流水的 {yuan(line.amount)} 元，请去掉几张。"
        for one, amount in shared_out(wanted, found, free(line), gone=gone, too_much=too_much):
            tie(books, line, one.pk, amount, f"对上“{one.words}”，{yuan(amount)} 元")


@dataclass(frozen=True)
class Guess:
    """Up to which day the terminal may have paid out, and what its bank would have kept, in 分."""

    day: date
    gross: int
    fee: int


def guess(line: BankLine) -> Guess | None:
    """The latest days whose money by card is this line and a fee that a bank may take."""
    for back in range(LOOK_BACK + 1):
        day = line.on - timedelta(days=back)
        gross = carrying.in_terminal(line.community_id, day)
        if line.amount <= gross and (gross - line.amount) * 100 <= gross * MOST_FEE:
            return Guess(day, gross, gross - line.amount)
    return None


def terminal(line: BankLine, fee: int, *, by: Any, key: str | None = None) -> None:
    """刷卡结算: the line and the fee together leave 刷卡在途, and the line is done."""
    with working(line, by, key, "terminal", fee) as books:
        if books is None:
            return
        if free(line) != line.amount:
            raise Conflict("这笔流水已经有一部分入账，不能整笔当刷卡结算，请刷新看看。", [])
        if fee * 100 > (line.amount + fee) * MOST_FEE:
            raise Refused(f"手续费超过刷卡金额的百分之{MOST_FEE}，请核对。")
        words = f"{line.on:%Y-%m-%d} 刷卡结算到账 {yuan(line.amount)}，手续费 {yuan(fee)}"
        voucher = carrying.terminal_pays(books, line.on, line.amount, fee, words=words)
        tie(books, line, voucher.pk, line.amount, f"对上“{words}”，{yuan(line.amount)} 元")


def let_go(line: BankLine, tie_pk: int, why: str, *, by: Any, key: str | None = None) -> None:
    """A wrong one. A till's money stays in the books as it was; a terminal's settlement is reversed with its tie."""
    with working(line, by, key, "own_back", [tie_pk, why]) as books:
        if books is None:
            return
        held = untie(ties_of(line), tie_pk, why)
        if held.voucher.kind == Kind.PAY_OUT:
            carrying.terminal_did_not_pay(books, held.voucher, why)
        else:
            books.require(posting.COLLECT, CANNOT)
        write_down(books, line, f"撤销对上的“{held.voucher.words}”，{yuan(held.amount)} 元：{why}")
