"""Paid repairs for the month's list of paid services: a repair knows no other way of paying than by the month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.areas.repairs.models import WorkOrder
from yihu.areas.services.monthly import Charge


def paid_repairs(community: Any, since: datetime, until: datetime) -> Iterable[Charge]:
    """What households signed for in that time and owe money for."""
    orders = WorkOrder.objects.filter(
        community=community,
        unit__isnull=False,
        chargeable=WorkOrder.Chargeable.PAID,
        signed_at__gte=since,
        signed_at__lt=until,
    )
    for order in orders.select_related("unit").prefetch_related("parts"):
        if order.total_fen:
            note = "客户拒签" if order.sign_refused else ""
            yield Charge(order, "有偿维修", order.summary, timezone.localdate(order.signed_at), order.total_fen, note)
