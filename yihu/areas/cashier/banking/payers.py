"""What a payer orders on the page of his own notice: the sum is ours, his own money and adjustments go with it, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from yihu.areas.cashier.banking.channels import channel_or_refuse, label_of
from yihu.areas.cashier.banking.models import PayOrder
from yihu.basics.money import yuan
from yihu.ground.ledger import charging, ordering, receiving
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
    """A bill's payer, its unit and its charges; ``chosen`` where he pays only some of them."""

    community: Any
    party: Any
    unit: Any
    bill: str
    charges: tuple[int, ...]
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True)
class Due:
    """What is to be paid now, in 分: what is open, less adjustments in his favour, less his own money in our hands."""

    open: int
    favour: int = 0
    credit: int = 0

    @property
    def due(self) -> int:
        return max(0, self.open - self.favour - self.credit)


def sum_of(ask: Ask) -> Due:
    """All of a bill, or the full open sum of the lines that he chose: then adjustments and his own money stay as they are."""
    rows = dict(Charge.objects.filter(pk__in=ask.charges, party=ask.party, open__gt=0).values_list("pk", "open"))
    if ask.chosen:
        if not set(ask.chosen) <= set(rows):
            raise Conflict(CHANGED)
        return Due(sum(rows[pk] for pk in set(ask.chosen)))
    total = sum(rows.values())
    favour = Charge.objects.filter(pk__in=ask.charges, party=ask.party, open__lt=0).aggregate(found=Sum("open"))
    less = min(total, -int(favour["found"] or 0))
    return Due(total, less, min(total - less, credit_for(ask.party, ask.unit)))


def credit_for(party: Any, unit: Any) -> int:
    found = _credits(party, unit).aggregate(found=Sum("left"))
    return int(found["found"] or 0)


def _credits(party: Any, unit: Any) -> Any:
    """His money that waits for this unit, and what waits for no unit in particular."""
    whose = Q(unit__isnull=True) | Q(unit=unit)
    return Receipt.objects.filter(whose, party=party, community_id=party.community_id, left__gt=0).order_by(
        "received_at", "pk"
    )


def order_of_payer(ask: Ask, channel: str, seen: int, *, key: str) -> PayOrder:
    """``seen``: the sum that stood on his screen. Whatever the books say otherwise is shown to him before he pays.

    系统 makes it: nobody is signed in. One that waits for the same already is given again.
    """
    speaker, system = channel_or_refuse(channel), authority().system()
    body = [ask.bill, channel, list(ask.chosen), seen]
    with command(by=system, key=key, verb=f"{BOOK}.payer", body=body) as commanding:
        if commanding.stored:
            order = PayOrder.objects.get(pk=commanding.stored.answer_id)
        else:
            with books(commanding, ask.community.pk):
                order = _waiting(ask, channel, seen, commanding.at) or _fresh(ask, channel, seen, commanding)
            commanding.answer(order)
    return address(order, speaker)


def address(order: PayOrder, speaker: Any = None) -> PayOrder:
    """Where it is paid, asked of the channel once; asked again where the channel did not answer."""
    if not order.pay_url and order.state == PayOrder.State.WAITING:
        speaker = speaker or channel_or_refuse(order.channel)
        order.pay_url = speaker.make(order.number, order.amount, f"{order.community} {order.unit or ''}".strip())
        PayOrder.objects.filter(pk=order.pk).update(pay_url=order.pay_url)
    return order


def _checked(ask: Ask, seen: int) -> Due:
    found = sum_of(ask)
    if not found.due:
        raise Refused("这张通知单上的费用现在不用再付。")
    if found.due != seen:
        raise Conflict(CHANGED)
    return found


def _waiting(ask: Ask, channel: str, seen: int, now: datetime) -> PayOrder | None:
    found = _checked(ask, seen)
    rows = PayOrder.objects.filter(
        bill=ask.bill, community=ask.community, channel=channel, amount=found.due, credit=found.credit,
        state=PayOrder.State.WAITING, made_at__gt=now - REUSED_FOR,
    )  # fmt: skip
    meant = sorted(set(ask.chosen) or set(ask.charges))
    return next((one for one in rows.order_by("-pk") if sorted(one.charges) == meant), None)


def _fresh(ask: Ask, channel: str, seen: int, commanding: Any) -> PayOrder:
    found, day = _checked(ask, seen), timedelta(days=1)
    if PayOrder.objects.filter(bill=ask.bill, made_at__gt=commanding.at - day).count() >= MOST_A_DAY:
        raise Refused("今天在这张单上开的付款单太多了，请明天再试，或到收费处缴。")
    order = PayOrder.objects.create(
        community=ask.community, number=fresh_number(ask.community, commanding.at), channel=channel, party=ask.party,
        unit=ask.unit, amount=found.due, charges=sorted(set(ask.chosen) or set(ask.charges)), bill=ask.bill,
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
    return list(rows.select_related("item").order_by("due_on", "pk"))


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
        given = ordering.by_law(min(rest, receipt.left), meant(order), opened.today)
        receiving.allocate(opened, receipt, given, rule=ordering.INSTRUCTED)
        rest -= sum(amount for _, amount in given)
