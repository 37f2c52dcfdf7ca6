"""《客户委托服务需求登记表》 (F06), 《公共需求服务登记表》 (F07), 《客户其他委托服务登记表》 (F08): a month of one register."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.needs.models import Need
from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.ground.contact.models import CallBack
from yihu.kernel import moments

MOST_LINES = 3000
TITLES = {
    Need.Register.COMMISSIONED: "客户委托服务需求登记表",
    Need.Register.PUBLIC: "公共需求服务登记表",
    Need.Register.OTHER: "客户其他委托服务登记表",
}


def month_register(need: Any, by: Any) -> dict[str, Any]:
    """The register in which this line stands, of the business month in which it was written."""
    return register_of(need.community, need.register, Month.running(need.opened_at), by)


def register_of(community: Any, register: str, month: Month, by: Any) -> dict[str, Any]:
    """The lines of one business month, oldest first, and how many more there are that ``by`` may not see."""
    start, end = month.bounds
    every = Need.objects.filter(community=community, register=register, opened_at__gte=start, opened_at__lt=end)
    seen = every.seen_by(by).exclude(closed_as="merged")
    rows = list(
        seen.select_related("unit", "opened_by", "handler", "handled_by", "signed_by").order_by("opened_at", "id")[
            :MOST_LINES
        ]
    )
    total = len(rows) if len(rows) < MOST_LINES else seen.count()
    calls = CallBack.objects.filter(record_id__in=[row.pk for row in rows]).order_by("at", "pk")
    opinion = {call.record_id: call.get_feedback_display() or call.get_outcome_display() for call in calls}
    return {
        "title": TITLES[Need.Register(register)],
        "community": community.name,
        "number": f"{community.code}-XQ-{month.year}{month.month:02d}",
        "month": str(month),
        "period": f"{_day(start)} 至 {_day(end, -1)}",
        "public": register == Need.Register.PUBLIC,
        "total": total,
        "left_off": total - len(rows),
        "hidden": every.exclude(closed_as="merged").count() - total,
        "lines": [_line(row, opinion.get(row.pk, "")) for row in rows],
    }


def _line(need: Any, opinion: str) -> dict[str, str]:
    return {
        "number": need.number,
        "day": moments.short(need.opened_at),
        "where": mask_free_text(need.where),
        "customer": " ".join(part for part in (mask_free_text(need.customer), str(need.phone)) if part),
        "type": need.get_need_type_display(),
        "need": mask_free_text(need.content),
        "expected": moments.short(need.expected_at),
        "department": need.department,
        "handled": " ".join(part for part in (str(need.handled_by or need.handler or ""), moments.short(need.handled_at)) if part),
        "result": mask_free_text(need.result),
        "charge": mask_free_text(need.charge_note),
        "opinion": opinion,
        "clerk": str(need.opened_by),
        "signed": " ".join(part for part in (str(need.signed_by or ""), moments.short(need.signed_at)) if part),
    }  # fmt: skip


def _day(moment: datetime, shift: int = 0) -> str:
    return f"{timezone.localtime(moment) + timedelta(days=shift):%Y-%m-%d}"
