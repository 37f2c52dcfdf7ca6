"""What is owed: charges, adjustments, waivers, and taking a charge back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from yihu.basics.money import yuan
from yihu.ground.ledger import accruing
from yihu.ground.ledger.models import Account, Charge, FeeItem, Line, Voucher
from yihu.ground.ledger.posting import BILL, REVERSE, Books, Leg
from yihu.kernel.errors import Conflict, Refused

Kind = Voucher.Kind
ALREADY = "其中有已经出过的账单（同一户、同一收费项目、同一时间），没有重复出账。请刷新后再看。"


@dataclass(frozen=True)
class Owed:
    """One charge to be. ``amount`` in 分; ``basis`` explains it line by line to the payer (FEE-19)."""

    party: int
    unit: int | None
    item: FeeItem
    from_on: date
    to_on: date
    due_on: date
    amount: int
    part: str = ""
    words: str = ""
    basis: Any = None
    record: Any = None


def charge(books: Books, owed: Owed, *, words: str = "") -> Charge:
    """One charge; a second one for the same place, item and time is refused (FEE-20)."""
    return charge_many(books, [owed], words=words or owed.words or str(owed.item))[0]


def charge_many(books: Books, owed: Sequence[Owed], *, words: str) -> list[Charge]:
    """Many charges as one voucher: all of them or none."""
    books.require(BILL, "您不能出账，请找财务。")
    return _posted(books, owed, [_charge_of(books, one) for one in owed], words=words)


def _posted(books: Books, owed: Sequence[Owed], rows: list[Charge], *, words: str) -> list[Charge]:
    try:
        with transaction.atomic():
            rows = Charge.objects.bulk_create(rows, batch_size=500)
    except IntegrityError:
        raise Conflict(ALREADY, []) from None
    books.post(Kind.CHARGE, _legs(owed, rows), words=words, moves=False)
    return rows


def chargeable(books: Books, item: FeeItem) -> None:
    """Whether an item may be charged at all in these books."""
    if item.nature == FeeItem.Nature.DEPOSIT:
        raise Refused("押金不出账单，收到时登记为押金。")
    if item.community_id != books.community_id:
        raise Refused("收费项目不是这个项目的。")


def _charge_of(books: Books, owed: Owed) -> Charge:
    chargeable(books, owed.item)
    return Charge(
        community_id=books.community_id, party_id=owed.party, unit_id=owed.unit, item=owed.item, from_on=owed.from_on,
        to_on=owed.to_on, due_on=owed.due_on, amount=owed.amount, open=owed.amount, part=owed.part, words=owed.words,
        basis=owed.basis, record_id=owed.record.pk if owed.record is not None else None,
    )  # fmt: skip


def _legs(owed: Iterable[Owed], rows: Iterable[Charge]) -> list[Leg]:
    """A debit for each charge, and one credit for each item."""
    legs, other_side = [], {}
    for one, row in zip(owed, rows, strict=True):
        legs.append(
            Leg(Account.RECEIVABLE, row.amount, party=row.party_id, unit=row.unit_id, item=row.item_id, charge=row.pk)
        )
        other_side[one.item] = other_side.get(one.item, 0) - row.amount
    return legs + [Leg(item.account, amount, item=item.pk) for item, amount in other_side.items() if amount]


def waive(books: Books, charge: Charge, amount: int, why: str, *, record: Any = None) -> Voucher:
    """A part is let off. Who may agree to it stands in the procedure of the application (F92)."""
    books.require(REVERSE, "您不能减免，请找财务主管。")
    if amount <= 0:
        raise Refused("减免金额要大于零。")
    legs = [
        Leg(Account.WAIVED, amount, party=charge.party_id, unit=charge.unit_id, item=charge.item_id, charge=charge.pk),
        receivable(charge, -amount),
    ]
    return books.post(Kind.WAIVE, legs, words=f"减免 {yuan(amount)}：{why}", record=record)


def offset(books: Books, adjustment: Charge, charge: Charge, amount: int) -> Voucher:
    """An adjustment in somebody's favour settles what he owes."""
    books.require(BILL, "您不能对冲账单，请找财务。")
    if adjustment.party_id != charge.party_id:
        raise Refused("两笔账单不是同一个付款人的，不能对冲。")
    bring_up(books, [charge], books.today)
    return _offset(books, adjustment, charge, amount)


def _offset(books: Books, adjustment: Charge, charge: Charge, amount: int) -> Voucher:
    return books.post(
        Kind.OFFSET, [receivable(adjustment, amount), receivable(charge, -amount)], words=f"以 {adjustment} 对冲"
    )


def bring_up(books: Books, charges: Sequence[Charge], day: date, *, record: Any = None) -> list[Charge]:
    """Late fees become charges of their own (domain.md §5.5): what has accrued by the end of a day and is not posted yet.

    Nobody's power is asked: the contract alone says how much, and who asks for money or takes it in brings it about. What
    was posted too much (the money had come in earlier than anybody knew) comes back as an adjustment.
    """
    found = accruing.accrued(books.community_id, charges, day)
    if not found:
        return []
    item = interest_item(books.community_id)
    owed = [
        Owed(
            party=one.principal.party_id, unit=one.principal.unit_id, item=item, from_on=one.from_on, to_on=one.to_on,
            due_on=one.from_on, amount=one.amount, part=one.part, words=one.words[:200], basis=one.basis, record=record,
        )
        for one in found
    ]  # fmt: skip
    rows = [_charge_of(books, one) for one in owed]
    for row, one in zip(rows, found, strict=True):
        row.principal = one.principal
    rows = _posted(books, owed, rows, words=f"{item} 计至 {day:%Y-%m-%d}")
    for row in rows:
        if row.amount < 0:
            _give_back(books, row)
    return rows


def interest_item(community_id: int) -> FeeItem:
    """Under which late fees stand: the company's own item of that standing, else one is made."""
    nature, standing = FeeItem.Nature.INCOME, FeeItem.Standing.INTEREST
    kept = (
        FeeItem.objects.filter(community_id=community_id, nature=nature, standing=standing)
        .order_by("-shown", "pk")
        .first()
    )
    if kept is not None:
        return kept
    made, _ = FeeItem.objects.get_or_create(
        community_id=community_id, code="LATE-FEE", defaults={"name": "违约金", "nature": nature, "standing": standing}
    )
    return made


def _give_back(books: Books, favour: Charge) -> None:
    """Against what is still open of the same bill's late fees, the latest first, then of the bill; the rest stands in the
    payer's favour."""
    rows = Charge.objects.filter(open__gt=0, reversal__isnull=True).select_related("item")
    left = -favour.amount
    for one in (*rows.filter(principal=favour.principal_id).order_by("-pk"), *rows.filter(pk=favour.principal_id)):
        amount = min(left, one.open)
        if amount:
            _offset(books, favour, one, amount)
            left -= amount


def transfer(books: Books, charge: Charge, party: int, *, words: str, basis: Any, record: Any = None) -> Charge:
    """What is still open of a bill is owed by somebody else who answers for it too (物业管理条例第41条): a bill of his own
    for the same service, time and day of payment. Who agreed to it stands in the application."""
    books.require(REVERSE, "您不能转付款人，请找财务主管。")
    if charge.party_id == party:
        raise Refused("这笔账单本来就是他的。")
    if charge.reversal_id is not None or charge.open <= 0:
        raise Refused(f"{charge} 已经缴清或冲销，没有可转的。")
    gone = Line.objects.filter(charge=charge, voucher__kind=Kind.TRANSFER, voucher__reverses__isnull=True, amount__lt=0)
    times = gone.count() + 1  # what bounced after the first time goes over with a second one
    made = Charge(
        community_id=books.community_id, party_id=party, unit_id=charge.unit_id, item=charge.item, from_on=charge.from_on,
        to_on=charge.to_on, due_on=charge.due_on, amount=charge.open, part=f"{charge.part[:30]} 转付款人{times if times > 1 else ''}".strip(),
        words=f"{words}：{charge.words}"[:200], basis=basis,
        record_id=record.pk if record is not None else None,
    )  # fmt: skip
    made.save(force_insert=True)
    books.post(
        Kind.TRANSFER, [receivable(charge, -made.amount), receivable(made, made.amount)], words=words, record=record
    )
    charge.refresh_from_db()
    made.refresh_from_db()
    return made


def reverse_charge(books: Books, charge: Charge, why: str) -> Voucher:
    """Take a charge back: what was paid on it stands at the payer's disposal again, then the charge itself is cancelled."""
    books.require(REVERSE, "您不能冲销账单，请找财务主管。")
    if not Charge.objects.filter(pk=charge.pk, reversal__isnull=True).exists():
        raise Conflict("这笔账单已经冲销了，请刷新看看。", [])
    moved = Voucher.objects.filter(kind=Kind.TRANSFER, reverses__isnull=True, reversed_by__isnull=True)
    if moved.filter(lines__charge=charge, lines__amount__lt=0).exists():
        raise Refused("这笔账单没有缴清的部分已经转给别的付款人，请先冲销转过去的那一笔。")
    for fee in charge.late_fees.filter(reversal__isnull=True).select_related("item").order_by("-pk"):
        reverse_charge(books, fee, why)  # what was never owed cost nothing to be late
    for voucher in _settling(charge):
        books.reverse(voucher, why)
    came = moved.filter(lines__charge=charge, lines__amount__gt=0).first()
    if came is not None:
        voucher = books.reverse(came, why)  # it goes back to whom it came from
    else:
        legs = [receivable(charge, -charge.amount), Leg(charge.item.account, charge.amount, item=charge.item_id)]
        voucher = books.post(Kind.CHARGE, legs, words=f"冲销 {charge}：{why}", record=charge.record)
    Charge.objects.filter(pk=charge.pk).update(reversal=voucher)
    charge.refresh_from_db()
    return voucher


def _settling(charge: Charge) -> list[Voucher]:
    """The payments, waivers and offsets that hold for this charge, the newest first."""
    kinds = (Kind.ALLOCATE, Kind.DEDUCT, Kind.WAIVE, Kind.OFFSET)
    touched = Line.objects.filter(charge=charge, account=Account.RECEIVABLE).values("voucher")
    rows = Voucher.objects.filter(pk__in=touched, kind__in=kinds, reverses__isnull=True, reversed_by__isnull=True)
    return list(rows.select_related("record").order_by("-pk"))


def receivable(charge: Charge, amount: int, *, receipt: int | None = None, deposit: int | None = None) -> Leg:
    return Leg(
        Account.RECEIVABLE, amount, party=charge.party_id, unit=charge.unit_id, item=charge.item_id, charge=charge.pk,
        receipt=receipt, deposit=deposit,
    )  # fmt: skip
