"""What stands in the estate without being written in a register: units let without a filing, leases near their end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from yihu.areas.households.models import LeaseFiling
from yihu.ground.estate.models import Occupancy, Unit
from yihu.kernel.settings_pages.numbers import Number, declare

FILE_WITHIN = timedelta(days=7)  # D43
WARN_DAYS = declare(
    Number("households.lease_warning", "租约到期提醒", "租期届满前多少天提醒登记人和主管", 30, "天", most=180)
)
STALE_MONTHS = declare(
    Number(
        "households.stale_months", "业户资料核对周期", "一户多少个月没有核对，就列入每月的核对名单", 12, "个月", most=60
    )
)


def unfiled(community: Any) -> QuerySet[Occupancy]:
    """Lessees of today whose lease nobody has filed (D43), and units used for business by their owners."""
    filed = LeaseFiling.objects.filter(stay=OuterRef("pk"), closed_at__isnull=True)
    stays = Occupancy.objects.on(timezone.localdate()).filter(role="lessee", unit__community=community)
    return stays.filter(~Exists(filed))


def used_for_business(community: Any) -> Any:
    """Dwellings that the owner himself uses for business: to be filed as mixed use as well."""
    let = Occupancy.objects.on(timezone.localdate()).filter(role="lessee", unit=OuterRef("pk"))
    filed = LeaseFiling.objects.filter(unit=OuterRef("pk"), closed_at__isnull=True)
    units = Unit.objects.filter(Q(use="mixed") | Q(use="let"), community=community)
    return units.filter(~Exists(let), ~Exists(filed))


def due_soon(filing: Any) -> str:
    """How long the lease still runs, in words."""
    if filing.closed_at is not None:
        return ""
    days = (filing.lease_to - timezone.localdate()).days
    return f"还有 {days} 天" if days >= 0 else f"已过 {-days} 天"
