"""A payment channel that moves no money: on the payer's page of a demo a visitor pays a bill and sees what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from yihu.areas.cashier.banking.channels import BadNotice, Channel, Paid, offer
from yihu.areas.cashier.banking.counting import hear
from yihu.areas.cashier.banking.models import Notice, PayOrder
from yihu.basics.worktime import OFFICE_ZONE
from yihu.demo.founding import demo_here
from yihu.kernel import site

NAME: Final = "demo"
LABEL: Final = "演示渠道"
FEE_PER_MILLE = 6
_signer = Signer(salt="yihu.demo.paying")


class PretendChannel:
    """It keeps nothing of its own: what was paid stands in the orders and notices of this installation."""

    name = NAME

    def make(self, number: str, amount: int, title: str) -> str:
        path = reverse("demo:pay", args=[_signer.sign(number)])
        return site.address(path) or path

    def heard(self, headers: Mapping[str, str], body: bytes) -> Paid | None:
        raise BadNotice("signature")  # it tells by the visitor's button alone

    def ask(self, number: str) -> Paid | None:
        found = Notice.objects.filter(channel=NAME, order_number=number).order_by("pk").first()
        return _told(found) if found is not None else None

    def refund(self, refund: str, reference: str, amount: int) -> None:
        return None

    def settled(self, day: date) -> list[Paid]:
        begins = datetime.combine(day, time(0), OFFICE_ZONE)
        rows = Notice.objects.filter(channel=NAME, paid_at__gte=begins, paid_at__lt=begins + timedelta(days=1))
        return [_told(one) for one in rows.order_by("pk")]


def _told(notice: Notice) -> Paid:
    fee = (notice.amount * FEE_PER_MILLE + 500) // 1000
    return Paid(notice.reference, notice.order_number, notice.amount, notice.paid_at, fee)


def order_behind(token: str) -> PayOrder | None:
    """The order whose address somebody opened; nothing outside a demo."""
    if channel() is None:
        return None
    try:
        number = _signer.unsign(token)
    except BadSignature:
        return None
    return PayOrder.objects.filter(number=number, channel=NAME).select_related("community", "unit").first()


def paid(order: PayOrder) -> None:
    """As if the money had come; the second time it is the same payment."""
    hear(NAME, Paid(f"DEMO-{order.number}", order.number, order.amount, timezone.now()))


def channel() -> Channel | None:
    """Only where the demo is, and where it was not switched off."""
    return PretendChannel() if settings.YIHU_DEMO and demo_here() is not None else None


def offered() -> None:
    """Said once, when the program starts."""
    offer(NAME, LABEL, channel)
