"""Earlier complaints that a new one may repeat: of the same unit, or about the same department and of the same kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.complaints.models import Complaint

RECENT, SHOWN = timedelta(days=60), 5


def alike_to(
    person: Any,
    community_id: int,
    *,
    unit: str,
    category: str,
    about_dept: str,
    number: str = "",
    now: datetime | None = None,
) -> list[Any]:
    """The latest first, of the last 60 days; one that is named by its number stands there however old it is."""
    near = Q(pk__in=[])
    if unit.isascii() and unit.isdigit() and len(unit) < 10:
        near |= Q(unit_id=int(unit))
    if category and about_dept:
        near |= Q(category=category[:12], about_dept=about_dept[:20])
    recent = near & Q(opened_at__gte=(now or timezone.now()) - RECENT)
    rows = Complaint.objects.seen_by(person).filter(recent | Q(number=number), community_id=community_id)
    return list(rows.exclude(closed_as="withdrawn").select_related("unit").order_by("-opened_at", "-pk")[:SHOWN])
