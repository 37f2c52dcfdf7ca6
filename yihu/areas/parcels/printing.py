"""The parcels' paper: the slip for the letterbox, the month's register (F71)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.parcels.models import ParcelCustody, Sort
from yihu.basics.identity import mask_name
from yihu.basics.worktime import business_month, business_month_bounds
from yihu.kernel import moments
from yihu.kernel.calendars import office

MOST_LINES = 2000


def pickup_slip(parcel: Any, by: Any) -> dict[str, Any]:
    """取件通知单: for whom, what, until when the desk is open; the code, or that a document is needed."""
    here = parcel.held_in_id is not None and parcel.state == ParcelCustody.State.HELD
    return {
        "community": parcel.community.name,
        "number": parcel.number,
        "unit": str(parcel.unit or ""),
        "addressee": mask_name(parcel.addressee),
        "what": parcel.what,
        "came": moments.stamp(parcel.opened_at),
        "shelf": parcel.shelf,
        "hours": _hours(parcel),
        "code": parcel.code if here else "",
        "registered": parcel.sort == Sort.REGISTERED,
        "gone": "" if here else parcel.state_word,
        "clerk": str(by),
    }


def _hours(parcel: Any) -> str:
    window = office(parcel.community_id, parcel.opened_at).service_window(timezone.localdate(parcel.opened_at))
    return f"{moments.clock(window[0])} 至 {moments.clock(window[1])}" if window else ""


def parcel_register(parcel: Any, by: Any) -> dict[str, Any]:
    """《邮件代收登记表》 (F71) of the business month in which this one came, as far as ``by`` may see it."""
    year, month = business_month(parcel.opened_at)
    start, end = business_month_bounds(year, month)
    rows = ParcelCustody.objects.seen_by(by).filter(community=parcel.community, opened_at__gte=start, opened_at__lt=end)
    rows = rows.exclude(closed_as__in=("withdrawn", "merged"))
    return {
        "community": parcel.community.name,
        "number": f"{parcel.community.code}-DS-{year}{month:02d}",
        "title": "邮件代收登记表",
        "period": f"{year}年{month}月（{moments.day(start)} 至 {moments.day(end - timedelta(days=1))}）",
        "total": rows.count(),
        "lines": [
            _line(row) for row in rows.select_related("unit", "opened_by").order_by("opened_at", "pk")[:MOST_LINES]
        ],
    }


def _line(row: Any) -> list[str]:
    gone = moments.short(row.picked_at or row.returned_at)
    who = mask_name(row.picked_by) if row.picked_at else ""
    proof = row.get_proof_display() if row.picked_at else f"退回：{row.get_fault_display()}" if row.returned_at else ""
    return [
        moments.short(row.opened_at),
        row.get_carrier_display(),
        row.get_sort_display(),
        row.tracking_no,
        str(row.unit or ""),
        mask_name(row.addressee),
        row.shelf,
        " ".join(part for part in (row.get_told_how_display(), moments.short(row.told_at)) if part),
        gone,
        " ".join(part for part in (who, row.get_relation_display(), proof) if part),
        str(row.opened_by),
    ]
