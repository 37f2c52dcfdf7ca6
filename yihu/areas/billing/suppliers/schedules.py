"""At the end of the month each supplier's bill is asked for (D70): from the 26th, when the households' own are out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.rhythms import Turn, rhythm

FROM_DAY = 26


@rhythm("supplier-bills", SupplierBill)
def bills(community: Any, now: datetime) -> Iterable[Turn]:
    """What was opened by hand is not asked for again."""
    today = timezone.localdate(now)
    if today.day < FROM_DAY:
        return
    month = today.replace(day=1)
    opens = datetime.combine(today.replace(day=FROM_DAY), time(0), OFFICE_ZONE)
    there = set(
        SupplierBill.objects.filter(community=community, month=month, live=True).values_list("supplier", flat=True)
    )
    for supplier in Supplier.objects.filter(community=community, shown=True).order_by("pk"):
        if supplier.pk not in there:
            yield Turn(f"{month:%Y-%m}/{supplier.pk}", opens, {"supplier": supplier.pk, "month": month.isoformat()})
