"""What a payer orders on the page of his own notice: the sum is ours, his own money and adjustments go with it, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, Sum
from django.utils import timezone

from yihu.areas.cashier.banking.channels import channel_or_refuse, label_of, refuse_beyond
from yihu.areas.cashier.banking.models import PayOrder
from yihu.basics.money import yuan
from yihu.ground.ledger import charging, ordering, receiving
from yihu.ground.ledger.accruing import Accrual, accrued
from yihu.ground.ledger.models import Charge, Receipt
from yihu.ground.ledger.posting import books
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.numbers import take

BOOK = "banking.payorder"
REUSED_FOR = timedelta(hours=2)  # two telephones that ask for the same get the same order
MOST_A_DAY = 20
CHANGED = "账刚刚有变动（可能有人刚缴过）。请看过新的金额，再点付款。"


@dataclass(frozen=True)
class Ask:
    """A paper's payer, its unit and its charges. All of it goes with its late fees. As at the till he may name what he pays:
    ``chosen`` charges for themselves, ``late`` the bills whose late fees he names; ``part``: so much of that and no more,
    in 分. ``own_money``: whether what he has in our hands goes with the whole."""

    community: Any
    party: Any
    unit: Any
    bill: str
    charges: tuple[int, ...]
    chosen: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    part: int = 0
    own_money: bool = True

    @property
    def names(self) -> bool:
        return bool(self.chosen or self.late)


@dataclass(frozen=True)
class Due:
    """What is to be paid now, in 分: what is open, less adjustments in his favour, less his own money in our hands.
    ``fees``: what being late has cost by today and is not posted yet, a part of what is open."""

    open: int
    favour: int = 0
    credit: int = 0
    fees: tuple[Accrual, ...] = ()

    @property
    def due(self) -> int:
        return max(0, self.open - self.favour - self.credit)


def fees_of(charges: Iterable[int], party: Any) -> Any:
    """The late fees of these bills that stand in the books."""
    pks = list(charges)
    return Charge.objects.filter(principal__in=pks, party=party, reversal__isnull=True).exclude(pk__in=pks)


def _named(ask: Ask) -> list[int]:
    """What he means to pay: just what he named, else all, with the late fees, so that nothing stays behind."""
    if ask.names:
        fees = Charge.objects.filter(principal__in=ask.late, party=ask.party, reversal__isnull=True, amount__gt=0)
        return sorted({*ask.chosen, *fees.values_list("pk", flat=True)})
    pks = set(ask.charges)
    return sorted(pks | set(fees_of(pks, ask.party).values_list("pk", flat=True)))


def sum_of(ask: Ask, day: date | None = None) -> Due:
    """All of a paper, or the full open sum of what he named: then adjustments and his own money stay as they are."""
    rows = Charge.objects.filter(pk__in=_named(ask), party=ask.party)
    found = list(rows.filter(open__gt=0).select_related("item", "unit"))
    late = Charge.objects.filter(pk__in=ask.late, party=ask.party, open__gt=0).select_related("item", "unit")
    fees = _not_posted(ask, list(late) if ask.names else found, day or timezone.localdate())
    total = sum(one.open for one in found) + sum(one.amount for one in fees)
    if ask.names:
        costs = {one.principal_id for one in found} | {one.principal.pk for one in fees}
        if not (
            set(ask.chosen) <= {one.pk for one in found} & set(ask.charges)
            and set(ask.late) <= costs & set(ask.charges)
        ):
            raise Conflict(CHANGED)
        return Due(total, fees=fees)
    favour = rows.filter(open__lt=0).aggregate(found=Sum("open"))
    less = min(total, -int(favour["found"] or 0))
    credit = min(total - less, credit_for(ask.party, ask.unit)) if ask.own_money else 0
    return Due(total, less, credit, fees)


def _not_posted(ask: Ask, owed: list[Charge], day: date) -> tuple[Accrual, ...]:
    """As at the till: what the ledger would post that day, and asks for."""
    return tuple(one for one in accrued(ask.community.pk, owed, day) if one.amount > 0)


def credit_for(party: Any, unit: Any) -> int:
    found = _credits(party, unit).aggregate(found=Sum(F("left") - F("bound")))
    return int(found["found"] or 0)


def _credits(party: Any, unit: Any) -> Any:
    """His money that waits for this unit, and what waits for no unit in particular. What he paid in advance for one item is
    no part of what his bills count on: it meets that item's bills when they are posted, or at the till."""
    whose = Q(unit__isnull=True) | Q(unit=unit)
    return Receipt.objects.filter(whose, party=party, community_id=party.community_id, left__gt=0).order_by(
        "received_at", "pk"
    )


def order_of_payer(ask: Ask, channel: str, seen: int, *, key: str) -> PayOrder:
    """``seen``: the sum that stood on his screen. Whatever the books say otherwise is shown to him before he pays.

    系统 makes it: nobody is signed in. One that waits for the same already is given again. What being late has cost by today
    is posted with it, so that it is paid with it.
    """
    speaker, system = channel_or_refuse(channel), authority().system()
    body = [ask.bill, channel, list(ask.chosen), list(ask.late), ask.part, seen]
    with command(by=system, key=key, verb=f"{BOOK}.payer", body=body) as commanding:
        if commanding.stored:
            order = PayOrder.objects.get(pk=commanding.stored.answer_id)
        else:
            with books(commanding, ask.community.pk) as opened:
                found = _checked(ask, seen, opened.today)
                charging.bring_up(opened, [one.principal for one in found.fees], opened.today)
                order = _waiting(ask, channel, found, commanding.at) or _fresh(ask, channel, found, commanding)
            commanding.answer(order)
    return address(order, speaker)


def address(order: PayOrder, speaker: Any = None) -> PayOrder:
    """Where it is paid, asked of the channel once; asked again where the channel did not answer."""
    if not order.pay_url and order.state == PayOrder.State.WAITING:
        speaker = speaker or channel_or_refuse(order.channel)
        order.pay_url = speaker.make(order.number, order.amount, f"{order.community} {order.unit or ''}".strip())
        PayOrder.objects.filter(pk=order.pk).update(pay_url=order.pay_url)
    return order


def _checked(ask: Ask, seen: int, day: date) -> Due:
    found = sum_of(ask, day)
    if not found.due:
        raise Refused("这张通知单上的费用现在不用再付。")
    if found.due != seen or ask.part > found.due:
        raise Conflict(CHANGED)
    refuse_beyond(ask.part or found.due)
    return found


def _waiting(ask: Ask, channel: str, found: Due, now: datetime) -> PayOrder | None:
    rows = PayOrder.objects.filter(
        bill=ask.bill, community=ask.community, channel=channel, amount=ask.part or found.due, credit=found.credit,
        state=PayOrder.State.WAITING, made_at__gt=now - REUSED_FOR,
    )  # fmt: skip
    named = _named(ask)
    return next((one for one in rows.order_by("-pk") if sorted(one.charges) == named), None)


def _fresh(ask: Ask, channel: str, found: Due, commanding: Any) -> PayOrder:
    day = timedelta(days=1)
    if PayOrder.objects.filter(bill=ask.bill, made_at__gt=commanding.at - day).count() >= MOST_A_DAY:
        raise Refused("今天在这张单上开的付款单太多了，请明天再试，或到收费处缴。")
    order = PayOrder.objects.create(
        community=ask.community, number=fresh_number(ask.community, commanding.at), channel=channel, party=ask.party,
        unit=ask.unit, amount=ask.part or found.due, charges=_named(ask), bill=ask.bill,
        credit=found.credit, made_by=commanding.by, made_at=commanding.at,
    )  # fmt: skip
    said = f"客户在缴费页面开付款单 {order.number}（{label_of(channel)}），{yuan(order.amount)} 元，{ask.bill}"
    commanding.note(commanding.book(BOOK, order.pk), said, step="make")
    return order


def fresh_number(community: Any, at: datetime) -> str:
    prefix = f"{community.code}-ZF-{timezone.localtime(at):%Y%m}"
    return f"{prefix}-{take(prefix):04d}"


def meant(order: PayOrder) -> list[Charge]:
    """The bills of an order that are open still."""
    rows = Charge.objects.filter(pk__in=order.charges, open__gt=0, reversal__isnull=True)
    return list(rows.select_related("item", "unit").order_by("due_on", "pk"))


def met(order: PayOrder, day: date) -> list[tuple[Charge, int]]:
    """What the money of an order for a part goes to, were it paid now; nothing for one that pays all that it names."""
    owed = meant(order)
    favour = Charge.objects.filter(pk__in=order.charges, open__lt=0, reversal__isnull=True).aggregate(found=Sum("open"))
    given = order.amount + order.credit - int(favour["found"] or 0)
    return ordering.by_law(order.amount, owed, day) if given < sum(one.open for one in owed) else []


def set_off(opened: Any, order: PayOrder) -> None:
    """Adjustments in the payer's favour that stood on the same bill settle a part of it, as its sum says."""
    if not order.bill:
        return
    favours = Charge.objects.filter(pk__in=order.charges, open__lt=0, reversal__isnull=True).order_by("due_on", "pk")
    for favour in favours:
        for charge, amount in ordering.by_law(-favour.open, meant(order), opened.today):
            charging.offset(opened, favour, charge, amount)


def use_credit(opened: Any, order: PayOrder, paid: Receipt) -> None:
    """His own money in our hands, as far as the sum he paid counted on it: he said so by paying that sum."""
    rest = order.credit
    for receipt in _credits(order.party, order.unit).exclude(pk=paid.pk) if rest else ():
        given = ordering.by_law(min(rest, receipt.free), meant(order), opened.today)
        receiving.allocate(opened, receipt, given, rule=ordering.INSTRUCTED)
        rest -= sum(amount for _, amount in given)
