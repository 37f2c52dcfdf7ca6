"""What stands on the page of an entry, an order or a complaint that came over the card: how, the wish, the opinion; and, as
beside the form of a call that is typed, what is under way already and may be the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.online.models import Report
from yihu.ground.contact.beside import shown
from yihu.ground.contact.jobs import Asked, jobs
from yihu.kernel import builtin, moments
from yihu.kernel.authority import authority

KINDS = ("reception.contact", "repairs.workorder", "complaints.complaint")
S = WorkOrder.State
STILL_TO_JUDGE = (S.TO_ASSIGN, S.ASSIGNED, S.ACCEPTED)


def panels(record: Any, person: Any) -> list[dict[str, Any]]:
    if record.kind not in KINDS or record.opened_by_id != authority().system().pk:
        return []  # what people opened came over no card
    rows = Report.objects.filter(Q(contact_id=record.pk) | Q(matter_id=record.pk))
    report = rows.select_related("card__unit", "card__building", "matter").first()
    if report is None:
        return []
    fields = [
        {"label": "来自", "text": f"报修卡 {report.card}，{moments.stamp(report.sent_at)}"},
        {"label": "希望上门", "text": report.wish or "尽快"} if report.matter.kind == KINDS[1] else None,
        {"label": "网上评价", "text": _opinion(report), "wide": True} if report.opinion else None,
    ]
    found: list[dict[str, Any]] = [{"title": "网上提交", "fields": [one for one in fields if one]}]
    return found + (_same(record, report, person) if isinstance(record, WorkOrder) else [])


def _opinion(report: Report) -> str:
    said = f"：{report.opinion_words}" if report.opinion_words else ""
    return f"{report.get_opinion_display()}{said}（{moments.stamp(report.opinion_at)}，不算回访，请照常回访）"


def _same(order: WorkOrder, report: Report, person: Any) -> list[dict[str, Any]]:
    """As long as nobody has come: the desk compares and merges, by the register's own step."""
    if order.closed_at is not None or order.state not in STILL_TO_JUDGE:
        return []
    place = {"fault": str(order.fault_id or ""), "trade": order.trade, "building": str(order.building_id or "")}
    unit = order.unit or report.card.unit
    words = f"{order.symptom} {order.location} {order.common_area}"
    asked = Asked(order.community_id, person, unit=unit, words=words[:400], place=place, category="repair")
    found = [one for one in jobs(asked) if one.record.pk != order.pk]
    if not found:
        return []
    step = builtin.step(order.procedure, "merge")
    may = step is not None and step.who.allows(person, order)
    lines = shown(found)
    for line in lines:
        told = urlencode({"into": line["number"], "reason": "同一处毛病"})
        line["merge_url"] = (
            f"{reverse('kernel:step', args=[order.procedure.slug, order.number, 'merge'])}?{told}" if may else ""
        )
    return [{"title": "可能是同一处", "template": "online/_same.html", "jobs": lines}]
