"""Money that goes out for something bought: owed first, paid then, each corrected by a reversal (FEE-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account, CostItem, Line, Payable, Voucher
from yihu.ground.ledger.posting import PAY, REVERSE, SPEND, Books, Leg
from yihu.kernel.errors import Conflict, Refused

Kind = Voucher.Kind


@dataclass(frozen=True)
class Part:
    """What a bill is for: an item of cost, or what was collected for a supplier; in 分."""

    amount: int
    cost: CostItem | None = None
    item: int | None = None

    @property
    def account(self) -> str:
        return self.cost.account if self.cost is not None else Account.PASS_THROUGH


def incur(books: Books, parts: Sequence[Part], *, payee: str, words: str, record: Any) -> Payable:
    """We owe it from now on. One paper is owed once."""
    books.require(SPEND, "您不能登记应付款，请找财务主管。")
    if not parts or any(part.amount <= 0 for part in parts):
        raise Refused("应付的金额要大于零。")
    if Payable.objects.filter(record=record, voided_by__isnull=True).exists():
        raise Conflict("这张单据已经登记过应付款，没有重复入账。", [])
    total = sum(part.amount for part in parts)
    payable = Payable.objects.create(
        community_id=books.community_id, payee=payee[:60], amount=total, record_id=record.pk
    )
    books.post(Kind.SPEND, [*_costs(payable, parts), _owed(payable, -total)], words=words, record=record)
    payable.refresh_from_db()
    return payable


def pay(books: Books, payable: Payable, *, method: str, day: date, words: str) -> Voucher:
    """All that is left of it, on the day when it was paid; what was spent on what stands on the lines."""
    books.require(PAY, "您不能付款，请找出纳。")
    payable.refresh_from_db()
    if payable.voided_by_id is not None:
        raise Conflict("这笔应付款已经冲销，请刷新看看。", [])
    if not payable.left:
        raise Conflict("这笔应付款已经付过了，没有重复入账。", [])
    legs = [_owed(payable, part.amount, cost=part.cost, item=part.item) for part in parts_of(payable)]
    legs.append(Leg(Account(method), -payable.amount, payable=payable.pk))
    voucher = books.post(Kind.PAY, legs, words=words, day=books.open_day(day), record=payable.record)
    payable.refresh_from_db(fields=["left"])
    return voucher


def unpay(books: Books, payable: Payable, why: str) -> Voucher:
    """The money never left, or came back: we owe it again."""
    books.require(REVERSE, "您不能撤销付款，请找财务主管。")
    held = [voucher for voucher in _vouchers(payable) if voucher.kind == Kind.PAY]
    if not held:
        raise Refused("这笔应付款还没有付款，没有什么可以撤销。")
    for voucher in held:
        last = books.reverse(voucher, why)
    payable.refresh_from_db()
    return last


def cancel(books: Books, payable: Payable, why: str) -> None:
    """It was never owed: whatever was posted of it is taken back, the payment as well."""
    books.require(REVERSE, "您不能冲销支出，请找财务主管。")
    for voucher in _vouchers(payable):
        last = books.reverse(voucher, why)
    Payable.objects.filter(pk=payable.pk).update(voided_by=last)
    payable.refresh_from_db()


def recode(books: Books, payable: Payable, to: CostItem, why: str) -> None:
    """All of it was meant for another item: the old ones are taken back and the right one written, dated today; so are the
    words of the payment, whose money stays where it went."""
    books.require(REVERSE, "您不能更正支出科目，请找财务主管。")
    old = parts_of(payable)
    if any(part.cost is None for part in old):
        raise Refused("代收代付的账单不能改成支出科目，请冲销后重新登记。")
    if [part.cost for part in old] == [to]:
        raise Refused(f"本来就记在“{to}”，没有要更正的。")
    new = Part(payable.amount, to)
    words = f"更正科目：{why}"
    taken = [leg._replace(amount=-leg.amount) for leg in _costs(payable, old)]
    books.post(Kind.SPEND, [*taken, *_costs(payable, [new])], words=words, record=payable.record)
    payable.refresh_from_db()
    if not payable.left:
        back = [_owed(payable, -part.amount, cost=part.cost) for part in old]
        books.post(Kind.PAY, [*back, _owed(payable, payable.amount, cost=to)], words=words, record=payable.record)


def parts_of(payable: Payable) -> list[Part]:
    """What it is for, as the lines say by now."""
    rows = Line.objects.filter(payable=payable, voucher__kind=Kind.SPEND).exclude(account=Account.PAYABLE)
    sums = rows.order_by("cost", "item").values_list("cost", "item").annotate(total=Sum("amount"))
    found = [(cost, item, total) for cost, item, total in sums if total]
    known = CostItem.objects.in_bulk([cost for cost, _, _ in found if cost])
    return [Part(total, known.get(cost), item) for cost, item, total in found]


def _costs(payable: Payable, parts: Sequence[Part]) -> list[Leg]:
    return [
        Leg(part.account, part.amount, item=part.item, payable=payable.pk, cost=part.cost.pk if part.cost else None)
        for part in parts
    ]  # fmt: skip


def _owed(payable: Payable, amount: int, *, cost: CostItem | None = None, item: int | None = None) -> Leg:
    return Leg(Account.PAYABLE, amount, item=item, payable=payable.pk, cost=cost.pk if cost else None)


def _vouchers(payable: Payable) -> list[Voucher]:
    """All that still holds of it, the newest first."""
    payable.refresh_from_db()
    if payable.voided_by_id is not None:
        raise Conflict("这笔应付款已经冲销过了，请刷新看看。", [])
    touched = Line.objects.filter(payable=payable).values("voucher")
    rows = Voucher.objects.filter(pk__in=touched, reverses__isnull=True, reversed_by__isnull=True)
    return list(rows.select_related("record").order_by("-pk"))


def words_of(payable: Payable | None) -> str:
    """How it stands, for a page."""
    if payable is None:
        return ""
    if payable.voided_by_id is not None:
        return "已冲销"
    return f"应付 {yuan(payable.left)} 元" if payable.left else "已付清"
