"""What a person does with a line of the statement: confirm whose it is, park it, tie it, set it aside, take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from yihu.areas.cashier.banking.models import BankLine, LinePayment, LineReceipt
from yihu.areas.cashier.banking.tying import BOOK, write_down
from yihu.basics.money import yuan
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.ledger import posting, receiving
from yihu.ground.ledger.models import Charge, Receipt
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require
from yihu.kernel.settings_pages.numbers import Number, declare

NAMELESS = "（未写户名）"
RETURN_AFTER = declare(
    Number("banking.return_after", "银行流水：未认领几天后列入待退", "转账进来过这么多天仍不知是谁的，列出来原路退回", 60, "天", least=7, most=365)
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """What of a line is one household's, in 分; ``charge`` where it is for one bill."""

    unit: Any
    party: Any
    amount: int
    charge: int | None = None


def rest_of(line: BankLine) -> int:
    """What of a line is neither a receipt nor our own money yet, in 分. What was taken back does not count."""
    receipts = Receipt.objects.filter(bank_tie__line=line, voided_by__isnull=True)
    ours = LinePayment.objects.filter(line=line, held=True, voucher__reversed_by__isnull=True)
    return int(
        line.amount - sum(rows.aggregate(total=Coalesce(Sum("amount"), 0))["total"] for rows in (receipts, ours))
    )


def with_used(rows: QuerySet[BankLine]) -> QuerySet[BankLine]:
    """Lines that come in, each with what of it is in the books: ``used``, in 分."""
    receipts = (
        LineReceipt.objects.filter(line=OuterRef("pk"), receipt__voided_by__isnull=True).order_by().values("line")
    )
    ours = LinePayment.objects.filter(line=OuterRef("pk"), held=True, voucher__reversed_by__isnull=True)
    sums = (
        receipts.annotate(total=Sum("receipt__amount")).values("total"),
        ours.order_by().values("line").annotate(total=Sum("amount")).values("total"),
    )
    received, carried = (Coalesce(Subquery(one), 0) for one in sums)
    return rows.annotate(used=received + carried)


@contextmanager
def working(line: BankLine, by: Any, key: str | None, verb: str, body: Any) -> Iterator[Any]:
    """The books of the line's community are open, so nobody works on the same line meanwhile; None for a repetition."""
    with command(by=by, key=key, verb=f"{BOOK}.{verb}", body=[line.pk, body]) as commanding:
        if commanding.replayed:
            yield None
        else:
            with posting.books(commanding, line.community_id) as books:
                require(books.by, posting.SEE, line.community_id, "您不能核对银行流水，请找收费员。")
                line.refresh_from_db()
                yield books


def confirm(line: BankLine, parts: Sequence[Part], *, by: Any, key: str | None = None) -> None:
    """A person says whose the money is: a receipt for each household at once, used for what it owes."""
    body = [[part.unit and part.unit.pk, part.party.pk, part.amount, part.charge] for part in parts]
    with working(line, by, key, "confirm", body) as books:
        if books is None:
            return
        rest = free(line)
        if not parts or any(part.amount <= 0 for part in parts):
            raise Refused("请写明每一户多少钱。")
        if sum(part.amount for part in parts) > rest:
            raise Refused(f"这笔流水只剩 {yuan(rest)} 元没有入账，请核对各户的金额。")
        for part in parts:
            _give(books, line, part)


def _of_here(line: BankLine, part: Part) -> None:
    if {part.party.community_id, part.unit.community_id if part.unit else line.community_id} != {line.community_id}:
        raise Refused("房屋或客户不是这个项目的。")


def _give(books: Any, line: BankLine, part: Part) -> None:
    """One household's receipt, used for what it owes."""
    _of_here(line, part)
    receipt = _receive(books, line, part.amount, part.party, part.unit)
    use(books, receipt, part.charge)
    write_down(books, line, f"认给 {part.unit or part.party.journal_name}，{receipt.number}，{yuan(part.amount)} 元")


def park(line: BankLine, *, by: Any, key: str | None = None) -> None:
    """Nobody knows yet whose it is: it stands as 未认领, never as anybody's payment."""
    with working(line, by, key, "park", None) as books:
        if books is not None:
            receipt = _receive(books, line, free(line), None, None)
            write_down(books, line, f"暂记未认领，{receipt.number}")


def identify(line: BankLine, receipt: Receipt, part: Part, *, by: Any, key: str | None = None) -> None:
    """What was parked has found its owner."""
    with working(line, by, key, "identify", [receipt.pk, part.party.pk]) as books:
        if books is not None:
            if not line.ties.filter(receipt=receipt).exists():
                raise Refused("这张收据不是这笔流水的。")
            _of_here(line, part)
            receiving.identify(books, receipt, part.party, part.unit)
            use(books, receipt, part.charge)
            write_down(books, line, f"认领 {receipt.number}：{part.unit or part.party.journal_name}")


def divide(line: BankLine, receipt: Receipt, parts: Sequence[Part], *, by: Any, key: str | None = None) -> None:
    """What was parked is several households': its receipt goes, each gets its own, in one command."""
    body = [receipt.pk, [[part.unit and part.unit.pk, part.party.pk, part.amount] for part in parts]]
    with working(line, by, key, "divide", body) as books:
        if books is None:
            return
        if not line.ties.filter(receipt=receipt).exists():
            raise Refused("这张收据不是这笔流水的。")
        if any(part.amount <= 0 for part in parts):
            raise Refused("请写明每一户多少钱。")
        if sum(part.amount for part in parts) != receipt.amount:
            raise Refused(f"各户合计要正好等于这笔款 {yuan(receipt.amount)} 元，请核对各户的金额。")
        receiving.take_apart(books, receipt, f"分给 {len(parts)} 户")
        write_down(books, line, f"未认领的 {receipt.number} 分给 {len(parts)} 户")
        for part in parts:
            _give(books, line, part)


def tie(line: BankLine, receipt: Receipt, *, by: Any, key: str | None = None) -> None:
    """The cashier has taken this transfer already: nothing is received a second time."""
    with working(line, by, key, "tie", receipt.pk) as books:
        if books is None:
            return
        books.require(posting.COLLECT, "您不能核对银行流水，请找收费员。")
        rest = free(line)
        fits = Receipt.objects.filter(pk=receipt.pk, community_id=line.community_id, method=Receipt.Method.BANK)
        if not fits.filter(voided_by__isnull=True, bank_tie__isnull=True, amount__lte=rest).exists():
            raise Conflict("这张收据已经对上别的流水，或者金额大于流水，请刷新看看。", [])
        LineReceipt.objects.create(line=line, receipt=receipt)
        write_down(books, line, f"对上已开的收据 {receipt.number}")


def set_aside(line: BankLine, why: str, *, by: Any, key: str | None = None) -> None:
    """Interest, a transfer between our own accounts: no customer's payment. Empty ``why`` puts it back."""
    with working(line, by, key, "aside", why) as books:
        if books is None:
            return
        books.require(posting.COLLECT, "您不能核对银行流水，请找收费员。")
        if why and (rest_of(line) != line.amount or line.aside):
            raise Conflict("这笔流水已经有人处理，请刷新看看。", [])
        BankLine.objects.filter(pk=line.pk).update(aside=why[:60])
        write_down(books, line, f"不是客户缴款：{why}" if why else "改回待认领")


def take_back(line: BankLine, receipt: Receipt, why: str, *, by: Any, key: str | None = None) -> None:
    """A wrong match: the receipt is reversed in the ledger, the line waits again."""
    with working(line, by, key, "back", [receipt.pk, why]) as books:
        if books is None:
            return
        if not line.ties.filter(receipt=receipt).exists():
            raise Refused("这张收据不是这笔流水的。")
        if not why.strip():
            raise Refused("请写明为什么认错了。")
        receiving.reverse_receipt(books, receipt, why)
        write_down(books, line, f"冲销 {receipt.number}：{why}")


def use(books: Any, receipt: Receipt, charge: int | None) -> None:
    """For the one bill that was meant; else for what the household owes, then for what else the payer owes."""
    if charge is not None:
        receiving.settle(books, receipt, list(Charge.objects.filter(pk=charge, open__gt=0)))
    elif receipt.unit_id is not None:
        owed = Charge.objects.filter(party_id=receipt.party_id, unit_id=receipt.unit_id, open__gt=0)
        receiving.settle(books, receipt, among=owed)
    if receipt.left:
        receiving.settle(books, receipt)


def free(line: BankLine) -> int:
    rest = rest_of(line)
    if line.amount < 0 or line.aside:
        raise Refused("这笔流水不是客户缴款，不能入账。")
    if not rest:
        raise Conflict("这笔流水刚刚已经有人入账，请刷新看看。", [])
    return rest


def _receive(books: Any, line: BankLine, amount: int, party: Any, unit: Any) -> Receipt:
    receipt = receiving.receive(
        books, amount=amount, method=Receipt.Method.BANK, payer_name=line.payer_name or NAMELESS, party=party, unit=unit,
        reference=f"LS{line.pk}-{line.ties.count() + 1}", received_at=datetime.combine(line.on, time(0), OFFICE_ZONE),
    )  # fmt: skip
    LineReceipt.objects.create(line=line, receipt=receipt)
    return receipt
