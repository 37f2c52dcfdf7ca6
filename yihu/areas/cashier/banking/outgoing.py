"""Lines that go out of the bank: which payments of the books wait for one, what a person says each line is, and takes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from yihu.areas.cashier.banking.models import BankLine, LinePayment
from yihu.areas.cashier.banking.sharing_out import shared_out
from yihu.areas.cashier.banking.tying import BOOK, tie, tied, untie, write_down
from yihu.basics.money import yuan
from yihu.ground.ledger import bank_fees, carrying, posting
from yihu.ground.ledger.models import Account, Voucher
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused

MATCH, CANNOT = "banking.match_out", "您不能核对银行支出，请找会计或财务主管。"
Kind = Voucher.Kind
KINDS, WAYS = (Kind.PAY, Kind.REFUND, Kind.RETURN, Kind.CARRY), (Account.BANK, Account.CHEQUE)
ASIDE = ("本公司账户互转", "付出又退回", "其他")
FEE_WORDS = ("手续费", "工本费", "账户管理费", "账户维护费", "汇划费", "回单费", "短信服务费", "网银服务费")
ALIVE = Q(payments__held=True, payments__voucher__reversed_by__isnull=True)


@dataclass(frozen=True)
class Payment:
    """Money that left by the bank or by cheque, as the books say; ``rest`` is what no line of the statement is yet, in 分."""

    pk: int
    day: date
    kind: str
    payee: str
    words: str
    number: str
    url: str
    rest: int

    @property
    def token(self) -> str:
        return str(self.pk)


def payments(community: Any, first: date | None = None, last: date | None = None, **more: Any) -> list[Payment]:
    """What waits for its line, the oldest first. What was reversed neither left nor waits."""
    # what was carried from the account: a cheque that came back goes to 支票 on its other side
    of_bank = Q(lines__account__in=WAYS) & ~Q(kind=Kind.CARRY, lines__account=Account.CHEQUE)
    rows = Voucher.objects.filter(
        community=community, kind__in=KINDS, reverses__isnull=True, reversed_by__isnull=True, **more
    )
    rows = rows.filter(**{name: day for name, day in (("day__gte", first), ("day__lte", last)) if day is not None})
    rows = rows.annotate(
        money=Coalesce(Sum("lines__amount", filter=of_bank), 0),
        tied=tied(),
    )
    waiting = rows.filter(money__lt=0, tied__lt=F("money") * -1).select_related("record").order_by("day", "pk")
    found = list(waiting.prefetch_related("lines__payable", "lines__receipt"))
    return [_payment(voucher) for voucher in found]


def _payment(voucher: Any) -> Payment:
    papers = [line.payable or line.receipt for line in voucher.lines.all() if line.account in WAYS]
    payees = [getattr(paper, "payee", "") or getattr(paper, "payer_name", "退票") for paper in papers]
    return Payment(
        voucher.pk, voucher.day, str(voucher.get_kind_display()), payees[0], voucher.words, voucher.record.number if voucher.record else "",
        voucher.record.get_absolute_url() if voucher.record else "", -voucher.money - voucher.tied,
    )  # fmt: skip


def lines_out_of(community: Any) -> QuerySet[BankLine]:
    """All lines that go out, with ``used`` in 分."""
    rows = BankLine.objects.filter(community=community, amount__lt=0)
    return rows.annotate(used=Coalesce(Sum("payments__amount", filter=ALIVE), 0))


def lines_out(community: Any, tab: str = "") -> QuerySet[BankLine]:
    """Those that wait, that are ``done``, or that are no payments of the books (``aside``)."""
    rows = lines_out_of(community)
    if tab == "done":
        return rows.filter(used__gte=F("amount") * -1)
    if tab == "aside":
        return rows.exclude(aside="")
    return rows.filter(aside="", used__lt=F("amount") * -1)


def ties_of(line: BankLine) -> QuerySet[LinePayment]:
    rows = LinePayment.objects.filter(line=line, held=True)
    return rows.select_related("voucher__record", "voucher__reversed_by").order_by("pk")


def rest_of(line: BankLine) -> int:
    """What of a line is no payment of the books yet, in 分."""
    used = ties_of(line).filter(voucher__reversed_by__isnull=True).aggregate(total=Coalesce(Sum("amount"), 0))
    return int(-line.amount - used["total"])


# -- what a person does ----------------------------------------------------------------------------------------------
@contextmanager
def _working(line: BankLine, by: Any, key: str | None, verb: str, body: Any) -> Iterator[Any]:
    """The books are held, so that nobody works on the line or on the payment meanwhile; None for a repetition."""
    with command(by=by, key=key, verb=f"{BOOK}.{verb}", body=[line.pk, body]) as commanding:
        if commanding.replayed:
            yield None
            return
        with posting.books(commanding, line.community_id) as books:
            books.require(MATCH, CANNOT)
            line.refresh_from_db()
            if line.amount > 0:
                raise Refused("这笔流水是收入，请在“银行认领”里认领。")
            yield books


def match(line: BankLine, vouchers: Sequence[int], *, by: Any, key: str | None = None) -> None:
    """A person says which payments a line is. A payment that was made in two transfers is tied to both, part by part."""
    wanted = list(dict.fromkeys(vouchers))
    with _working(line, by, key, "match_out", wanted) as books:
        if books is None:
            return
        if not wanted:
            raise Refused("请选这笔流水是哪一笔付款。")
        found = {one.pk: one for one in payments(line.community_id, pk__in=wanted)}
        gone = "选的付款刚刚已经对上别的流水，或者已经冲销，请刷新看看。"
        too_much = f"选的付款合计超过这笔流水的 {yuan(-line.amount)} 元，请去掉几笔。"
        for one, amount in shared_out(wanted, found, _free(line), gone=gone, too_much=too_much):
            tie(books, line, one.pk, amount, f"对上 {one.kind} {one.number}，{yuan(amount)} 元")


def unmatch(line: BankLine, tie_pk: int, why: str, *, by: Any, key: str | None = None) -> None:
    """A wrong match: the line and the payment wait again. Cash that was fetched and 手续费 were posted by it: these are
    reversed, the 手续费 by another hand."""
    with _working(line, by, key, "unmatch_out", [tie_pk, why]) as books:
        if books is None:
            return
        held = untie(ties_of(line), tie_pk, why)
        record = held.voucher.record
        if record is None and held.voucher.kind == Kind.CARRY:
            carrying.not_fetched(books, held.voucher, why)
        elif held.voucher.kind == Kind.BANK_FEE:
            bank_fees.not_charged(books, held.voucher, why)
        write_down(
            books, line, f"撤销对上的 {record.number if record else held.voucher.pk}，{yuan(held.amount)} 元：{why}"
        )


def fetched(line: BankLine, *, by: Any, key: str | None = None) -> None:
    """提取备用金: what left the account lies in the till of the 出纳, for refunds and claims that are paid in cash."""
    with _working(line, by, key, "fetched", None) as books:
        if books is None:
            return
        _wholly_free(line)
        words = f"{line.on:%Y-%m-%d} 提取备用金 {yuan(-line.amount)}"
        voucher = carrying.fetched(books, -line.amount, words=words)
        tie(books, line, voucher.pk, -line.amount, "是提取备用金，已转到库存现金")


def charged(line: BankLine, *, by: Any, key: str | None = None) -> None:
    """银行手续费: what the bank took for itself is spent, and stands in the books by this."""
    with _working(line, by, key, "charged", None) as books:
        if books is None:
            return
        _wholly_free(line)
        words = f"{line.account} {line.on:%Y-%m-%d} {line.summary or '手续费'}"
        voucher = bank_fees.charged(books, -line.amount, line.on, words=words)
        tie(books, line, voucher.pk, -line.amount, f"是银行手续费，已记入手续费 {yuan(-line.amount)} 元")


def says_fee(line: BankLine) -> bool:
    """The bank itself calls it so."""
    return any(word in f"{line.summary}{line.payer_name}" for word in FEE_WORDS)


def surely_fee(line: BankLine) -> bool:
    """And it went to the bank, or to nobody named."""
    return says_fee(line) and (not line.payer_name or "银行" in line.payer_name)


def set_aside(line: BankLine, why: str, *, by: Any, key: str | None = None) -> None:
    """A transfer between our own accounts, money that came back: no payment of these books. Empty ``why`` puts it back."""
    with _working(line, by, key, "aside_out", why) as books:
        if books is None:
            return
        if why and (line.aside or rest_of(line) != -line.amount):
            raise Conflict("这笔流水已经有人处理，请刷新看看。", [])
        BankLine.objects.filter(pk=line.pk).update(aside=why[:60])
        write_down(books, line, f"不是账上的付款：{why}" if why else "改回待对")


def _free(line: BankLine) -> int:
    if line.aside:
        raise Refused("这笔流水已标明不是账上的付款，请先放回待对。")
    rest = rest_of(line)
    if not rest:
        raise Conflict("这笔流水刚刚已经有人对上，请刷新看看。", [])
    return rest


def _wholly_free(line: BankLine) -> None:
    if _free(line) != -line.amount:
        raise Conflict("这笔流水已经有一部分对上付款，请刷新看看。", [])
