"""《业主接待记录表》: the month's register (F01)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.reception.models import Contact
from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.kernel import moments
from yihu.kernel.models import Link, Record

MOST_LINES = 3000


def month_register(record: Any, by: Any) -> dict[str, Any]:
    """The register of the business month in which the record was opened, as far as ``by`` may see it."""
    return register_of(record.community, Month.running(record.opened_at), by)


def register_of(community: Any, month: Month, by: Any) -> dict[str, Any]:
    """The lines of one business month ([21st, next 21st)), oldest first, and how many more there are that ``by`` may not see."""
    start, end = month.bounds
    in_month = {"community": community, "opened_at__gte": start, "opened_at__lt": end}
    seen = Contact.objects.seen_by(by).filter(**in_month).exclude(closed_as="merged").order_by("opened_at", "id")
    contacts = list(seen.select_related("unit", "opened_by")[:MOST_LINES])
    total = len(contacts) if len(contacts) < MOST_LINES else seen.count()
    came_of = _came_of(contacts, by)
    return {
        "community": community.name,
        "number": f"{community.code}-JD-{month.year}{month.month:02d}",
        "month": str(month),
        "period": f"{_day(start)} 至 {_day(end, -1)}",
        "total": total,
        "left_off": total - len(contacts),
        "hidden": Contact.objects.filter(**in_month).exclude(closed_as="merged").count() - total,
        "lines": [_line(contact, came_of.get(contact.pk, [])) for contact in contacts],
    }


def _came_of(contacts: list[Any], by: Any) -> dict[int, list[str]]:
    """What came of each contact, or what it was tied to, as it stands: 转 YQ-WX-202611-0003（已派）. A job with ten callers
    stands on ten lines."""
    pairs = list(
        Link.objects.filter(origin_id__in=[contact.pk for contact in contacts], why=Link.Why.CAME_OF)
        .order_by("pk")
        .values_list("origin_id", "target_id")
    )
    merged = dict(
        Link.objects.filter(origin_id__in={target for _, target in pairs}, why=Link.Why.MERGED)
        .order_by("pk")
        .values_list("origin_id", "target_id")
    )
    wanted = {*(target for _, target in pairs), *merged.values()}
    words = {row.pk: f"{row.number}（{row.state_word}）" for row in Record.objects.seen_by(by).filter(pk__in=wanted)}
    found: dict[int, list[str]] = {}
    for origin, target in pairs:
        if target in words:
            into = words.get(merged.get(target, 0))
            found.setdefault(origin, []).append(f"转 {words[target]}{f'，并入 {into}' if into else ''}")
    return found


def _day(moment: datetime, shift: int = 0) -> str:
    return f"{timezone.localtime(moment) + timedelta(days=shift):%Y-%m-%d}"


def _line(contact: Any, came_of: list[str]) -> dict[str, str]:
    return {
        "number": contact.number,
        "when": moments.short(contact.received_at),
        "channel": contact.get_channel_display(),
        "unit": str(contact.unit or ""),
        "caller": mask_free_text(contact.caller_name) or contact.get_relation_display(),
        "phone": str(contact.phone),
        "category": contact.get_category_display(),
        "content": mask_free_text(contact.content),
        "result": "\n".join([*([mask_free_text(contact.result)] if contact.result else []), *came_of]),
        "receiver": str(contact.opened_by),
        "state": contact.state_word,
    }
