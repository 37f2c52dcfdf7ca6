"""Paid repairs for the month's list of paid services: what was signed for by the month, and what was taken back of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.areas.services.monthly import Charge


def paid_repairs(community: Any, since: datetime, until: datetime) -> Iterable[Charge]:
    """What households signed for in that time and owe money for; who pays on the spot stands on no list."""
    orders = WorkOrder.objects.filter(
        community=community,
        unit__isnull=False,
        chargeable=WorkOrder.Chargeable.PAID,
        signed_at__gte=since,
        signed_at__lt=until,
    ).exclude(settle=WorkOrder.Settle.NOW)
    for order in orders.select_related("unit").prefetch_related("parts"):
        if order.due_fen:
            note = "客户拒签" if order.sign_refused else ""
            yield Charge(order, "有偿维修", order.summary, timezone.localdate(order.signed_at), order.due_fen, note)
    yield from _taken_back(community, since, until)


def _taken_back(community: Any, since: datetime, until: datetime) -> Iterable[Charge]:
    granted = RepairReversal.objects.filter(
        community=community, unit__isnull=False, granted_at__gte=since, granted_at__lt=until
    )
    for one in granted.exclude(order__settle=WorkOrder.Settle.NOW).select_related("unit"):
        yield Charge(one, "冲正", one.summary, timezone.localdate(one.granted_at), -one.amount_fen)
