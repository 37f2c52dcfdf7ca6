"""《业主接待记录表》: the month's register (F01)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.reception.models import Contact
from yihu.basics.worktime import business_month, business_month_bounds

MOST_LINES = 3000


def month_register(record: Any, by: Any) -> dict[str, Any]:
    """The register of the business month in which the record was opened, as far as ``by`` may see it."""
    return register_of(record.community, business_month(record.opened_at), by)


def register_of(community: Any, month: tuple[int, int], by: Any) -> dict[str, Any]:
    """The lines of one business month ([21st, next 21st)), oldest first, and how many more there are that ``by`` may not see."""
    start, end = business_month_bounds(*month)
    in_month = {"community": community, "opened_at__gte": start, "opened_at__lt": end}
    seen = (
        Contact.objects.seen_by(by).filter(**in_month).select_related("unit", "opened_by").order_by("opened_at", "id")
    )
    hidden = Contact.objects.filter(**in_month).count() - seen.count()
    return {
        "community": community.name,
        "month": f"{month[0]}年{month[1]}月",
        "period": f"{_day(start)} 至 {_day(end, -1)}",
        "hidden": hidden,
        "lines": [_line(contact) for contact in seen[:MOST_LINES]],
    }


def _day(moment: datetime, shift: int = 0) -> str:
    return f"{timezone.localtime(moment) + timedelta(days=shift):%Y-%m-%d}"


def _line(contact: Any) -> dict[str, str]:
    return {
        "number": contact.number,
        "when": f"{timezone.localtime(contact.received_at):%m-%d %H:%M}",
        "channel": contact.get_channel_display(),
        "unit": str(contact.unit or ""),
        "caller": contact.caller_name or contact.get_relation_display(),
        "phone": str(contact.phone),
        "category": contact.get_category_display(),
        "content": contact.content,
        "result": contact.result,
        "state": contact.state_word,
        "receiver": str(contact.opened_by),
    }
