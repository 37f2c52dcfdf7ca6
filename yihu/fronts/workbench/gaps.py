"""记录缺项: what was left empty or unsigned, for the daily check (DESK-08). A clerk sees his own, a supervisor all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.duties.models import DaySheet
from yihu.areas.outages.models import Outage
from yihu.areas.reception.gaps import gaps_of, incomplete, with_gaps
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.workbench.groups import Look
from yihu.kernel.screens.cells import state_cell, when

# older lines have been through a monthly summary and are corrected from the register itself
BACK = timedelta(days=31)
MOST = 300
C = Contact.State


@dataclass(frozen=True)
class Gaps:
    count: int
    rows: list[dict[str, Any]]


def of(look: Look, rows: int = MOST) -> Gaps:
    """The newest first. Three queries, however many gaps there are."""
    found = [*_contacts(look), *_orders(look), *_sheets(look)]
    found.sort(key=lambda gap: gap["at"], reverse=True)
    return Gaps(len(found), found[:rows])


def _own(look: Look) -> Q:
    """All of them for one who checks the records; else what the person himself opened or has on hand."""
    if look.may("workbench.team"):
        return Q()
    return Q(opened_by_id__in=look.me) | Q(handler_id__in=look.me)


def _contacts(look: Look) -> list[dict[str, Any]]:
    rows = (
        with_gaps(Contact.objects.seen_by(look.person))
        .filter(_own(look), incomplete(), community=look.community, opened_at__gte=look.now - BACK, closed_as="")
        .exclude(state=C.VOIDED)
        .select_related("unit", "opened_by")
        .order_by("-opened_at")[:MOST]
    )
    return [
        _gap(contact, f"缺{'、'.join(gaps_of(contact))}", contact.opened_at, contact.opened_by, look.now)
        for contact in rows
    ]


def _orders(look: Look) -> list[dict[str, Any]]:
    """Finished before today and still without the customer's signature."""
    midnight = timezone.localtime(look.now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        WorkOrder.objects.seen_by(look.person)
        .filter(_own(look), community=look.community, state=WorkOrder.State.TO_SIGN, finished_at__lt=midnight)
        .filter(closed_at__isnull=True)
        .select_related("unit", "handler")
        .order_by("-opened_at")[:MOST]
    )
    return [_gap(order, "完工后客户未签字", order.finished_at, order.handler, look.now) for order in rows]


def _sheets(look: Look) -> list[dict[str, Any]]:
    """A day's sheet that nobody signed in time."""
    rows = (
        DaySheet.objects.seen_by(look.person)
        .filter(community=look.community, state=DaySheet.State.DUE, due_at__lt=look.now, closed_at__isnull=True)
        .select_related("handler")
        .order_by("-opened_at")[:MOST]
    )
    return [_gap(sheet, "汇总表未签字", sheet.due_at, sheet.handler, look.now) for sheet in rows]


def _gap(record: Any, missing: str, at: datetime, person: Any, now: datetime) -> dict[str, Any]:
    return {
        "pk": record.pk,
        "url": record.get_absolute_url(),
        "where": place_of(record),
        "what": f"{missing}：{record.summary}",
        "sub": " ".join(
            part for part in (record.procedure.title, record.number, when(at, now), str(person or "")) if part
        ),
        "state": {"word": record.state_word, "css": state_cell(record)["css"]},
        "at": at,
    }


def place_of(record: Any) -> str:
    """A sheet of the day is about the whole estate, an outage says itself where it is; whatever else has no unit happened outside."""
    elsewhere = {DaySheet._meta.label_lower: "全项目", Outage._meta.label_lower: "停用"}
    return elsewhere.get(record.kind) or str(record.unit or "公共区域")
