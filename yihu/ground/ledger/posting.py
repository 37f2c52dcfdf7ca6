"""The one place where money is written down: a voucher with its lines, balanced, within what is left, in an open period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils import timezone

from yihu.basics.money import yuan
from yihu.ground.ledger import tables
from yihu.ground.ledger.models import Account, Charge, Deposit, Payable, Receipt, Voucher
from yihu.ground.ledger.models import Books as BooksRow
from yihu.ground.ledger.models.postings import Line
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.plain import require

TARIFF, BILL, COLLECT, REVERSE, BOOKS = (
    "ledger.tariff", "ledger.bill", "ledger.collect", "ledger.reverse", "ledger.books",
)  # fmt: skip
SEE, SPEND, PAY = "ledger.see", "ledger.spend", "ledger.pay"


class Leg(NamedTuple):
    """One line to be: ``amount`` in 分, debit positive."""

    account: str
    amount: int
    party: int | None = None
    unit: int | None = None
    item: int | None = None
    charge: int | None = None
    receipt: int | None = None
    deposit: int | None = None
    payable: int | None = None
    cost: int | None = None


OF_BILLS = 8  # the columns that a bill's line fills; what is spent has two more
LINE = ("voucher", "community", "day", *Leg._fields[:OF_BILLS])


class Books:
    """The open books of one community within one command. Whoever holds them posts alone, and to no closed day."""

    def __init__(self, commanding: Any, row: BooksRow) -> None:
        self.commanding, self.row, self.community_id = commanding, row, row.community_id
        self.by, self.at = commanding.by, commanding.at

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def open_day(self, day: date) -> date:
        """That day, or today where its period is closed already."""
        closed = self.row.closed_through
        return self.today if closed is not None and day <= closed else day

    def require(self, capability: str, sentence: str) -> None:
        require(self.by, capability, self.community_id, sentence)

    def post(
        self,
        kind: str,
        legs: Sequence[Leg],
        *,
        words: str,
        day: date | None = None,
        record: Any = None,
        reverses: Voucher | None = None,
        rule: str = "",
        moves: bool = True,
    ) -> Voucher:
        """Write one voucher. Refused in a closed period, or where more would be used than is left. ``moves``: papers that
        are written together with their first voucher know already what is left of them."""
        day = day or self.today
        self._check(day, legs)
        voucher = self._voucher(kind, day, words, record, reverses=reverses, rule=rule)
        if moves:
            _move(legs)
        self._write_lines(voucher, legs)
        return voucher

    def post_many(self, kind: str, legs: Sequence[Leg], *, words: str, record: Any = None) -> Voucher:
        """One voucher of thousands of lines of bills, dated today. What is left of its papers its caller has seen to."""
        self._check(self.today, legs)
        voucher = self._voucher(kind, self.today, words, record)
        day, here, pk = self.today.isoformat(), self.community_id, voucher.pk
        tables.write(Line, LINE, ((pk, here, day, *leg[:OF_BILLS]) for leg in legs))
        return voucher

    def _voucher(self, kind: str, day: date, words: str, record: Any, **more: Any) -> Voucher:
        voucher = Voucher(
            community_id=self.community_id, kind=kind, day=day, at=self.at, by=self.by, words=words[:200],
            record_id=record.pk if record is not None else None, key=self._key(), **more,
        )  # fmt: skip
        voucher.save(force_insert=True)
        return voucher

    def _write_lines(self, voucher: Voucher, legs: Sequence[Leg]) -> None:
        Line.objects.bulk_create(
            [
                Line(
                    voucher=voucher, community_id=self.community_id, account=leg.account, day=voucher.day, amount=leg.amount,
                    party_id=leg.party, unit_id=leg.unit, item_id=leg.item, charge_id=leg.charge, receipt_id=leg.receipt,
                    deposit_id=leg.deposit, payable_id=leg.payable, cost_id=leg.cost,
                )
                for leg in legs
            ],
            batch_size=1000,
        )  # fmt: skip

    def reverse(self, voucher: Voucher, why: str) -> Voucher:
        """The same lines with the other sign, dated today; a voucher is reversed once."""
        if voucher.reverses_id is not None:
            raise Refused("这是一张冲销凭证，不能再冲销；请重新做一笔正确的。")
        if Voucher.objects.filter(reverses=voucher).exists():
            raise Conflict("这笔已经冲销过了，请刷新看看。", [])
        legs = [leg._replace(amount=-leg.amount) for leg in legs_of(voucher)]
        return self.post(voucher.kind, legs, words=f"冲销：{why}", record=voucher.record, reverses=voucher)

    def _key(self) -> str:
        """The vouchers of one command are counted through, however often it opens the books."""
        self.commanding.posted = getattr(self.commanding, "posted", 0) + 1
        return f"{self.by.pk}:{self.commanding.key}:{self.commanding.posted}"

    def _check(self, day: date, legs: Sequence[Leg]) -> None:
        if sum(leg.amount for leg in legs) != 0 or not legs:
            raise ValueError("the lines of a voucher must add up to nothing")
        closed = self.row.closed_through
        if closed is not None and day <= closed:
            raise Refused(f"{closed:%Y-%m-%d} 及以前已经结账，不能再记账；请记在今天，或做冲销。")


@contextmanager
def books(commanding: Any, community_id: int) -> Iterator[Books]:
    """Open the books of a community; the row is held until the command commits."""
    BooksRow.objects.get_or_create(community_id=community_id)
    yield Books(commanding, BooksRow.objects.select_for_update().get(community_id=community_id))


def close_period(opened: Books, through: date, why: str) -> None:
    """Nothing is posted on or before that day any more. It is never opened again."""
    opened.require(BOOKS, "您不能结账，请找财务主管。")
    if through >= opened.today:
        raise Refused("只能结到昨天为止：今天的账还没有记完。")
    later = Q(closed_through__isnull=True) | Q(closed_through__lt=through)
    if not BooksRow.objects.filter(later, community_id=opened.community_id).update(closed_through=through):
        raise Refused(f"已经结账到 {opened.row.closed_through:%Y-%m-%d}，只能往后结。")
    opened.row.closed_through = through
    book = opened.commanding.book("ledger.books", opened.community_id)
    opened.commanding.note(book, f"{opened.by} 结账至 {through:%Y-%m-%d}，{why}", step="close")


def legs_of(voucher: Voucher) -> list[Leg]:
    return [
        Leg(
            line.account, line.amount, line.party_id, line.unit_id, line.item_id, line.charge_id, line.receipt_id, line.deposit_id,
            line.payable_id, line.cost_id,
        )
        for line in voucher.lines.order_by("pk")
    ]  # fmt: skip


def _move(legs: Sequence[Leg]) -> None:
    """What is left of a paper follows its lines; the row itself refuses to go beyond its limits, whoever clicks first. The
    lines of one voucher count together: money that only changes its account within a receipt moves nothing."""
    moved: dict[tuple[type, int | None], int] = {}
    for leg in legs:
        for paper, column, accounts in _PAPERS:
            if leg.account in accounts:
                place = paper, getattr(leg, column)
                moved[place] = moved.get(place, 0) + leg.amount
    bound: dict[int | None, int] = {}
    for leg in legs:
        if leg.account == Account.CREDIT and leg.item is not None:
            bound[leg.receipt] = bound.get(leg.receipt, 0) + leg.amount
    for (paper, pk), amount in moved.items():
        if paper is Receipt and (amount or bound.get(pk)):
            _use_receipt(pk, amount, bound.get(pk, 0))
        elif amount:
            _owe(pk, amount) if paper is Charge else _use(paper, pk, amount, _WORDS[paper])


_PAPERS: tuple[tuple[type, str, tuple[str, ...]], ...] = (
    (Charge, "charge", (Account.RECEIVABLE,)),
    (Receipt, "receipt", (Account.CREDIT, Account.UNIDENTIFIED)),
    (Deposit, "deposit", (Account.DEPOSIT,)),
    (Payable, "payable", (Account.PAYABLE,)),
)
_WORDS: dict[type, str] = {Deposit: "这笔押金", Payable: "这笔应付款"}


def _owe(pk: int | None, amount: int) -> None:
    rows = Charge.objects.filter(pk=pk, reversal__isnull=True)
    within = Q(amount__gt=0, open__gte=-amount, open__lte=F("amount") - amount) | Q(
        amount__lt=0, open__lte=-amount, open__gte=F("amount") - amount
    )
    if not rows.filter(within).update(open=F("open") + amount):
        raise Refused(_too_much("这笔账单", Charge.objects.filter(pk=pk).values_list("open", flat=True)))


def _use(model: Any, pk: int | None, amount: int, word: str) -> None:
    rows = model.objects.filter(pk=pk, left__gte=amount, left__lte=F("amount") + amount)
    if not rows.update(left=F("left") - amount):
        raise Refused(_too_much(word, model.objects.filter(pk=pk).values_list("left", flat=True)))


def _use_receipt(pk: int | None, amount: int, bound: int) -> None:
    """What was paid in advance for one item (a credit line that names it) serves nothing else."""
    rows = Receipt.objects.filter(pk=pk, left__gte=amount, left__lte=F("amount") + amount, bound__gte=bound)
    if rows.filter(bound__lte=F("left") - amount + bound).update(left=F("left") - amount, bound=F("bound") - bound):
        return
    left, held = Receipt.objects.values_list("left", "bound").get(pk=pk)
    said = f"，其中 {yuan(held)} 元是定了用途的预收，只能抵那个项目" if held else ""
    raise Refused(f"这张收据现在只剩 {yuan(left)} 元{said}；别人可能刚刚用过，请刷新再看。")


def _too_much(word: str, left: Any) -> str:
    return f"{word}现在只剩 {yuan(abs(left[0]))} 元，别人可能刚刚用过，请刷新再看。"
