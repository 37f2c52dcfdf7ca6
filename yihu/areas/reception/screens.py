"""Columns, filters and panels of the desk's registers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.reception.guides import guides_for
from yihu.areas.reception.joining import candidates
from yihu.areas.reception.models import Category, Contact, Knowledge, Matter
from yihu.ground.staff.heads import department_name
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Link, Record
from yihu.kernel.screens import Screens, Tab, screens


@screens
class ContactScreens(Screens):
    model = Contact
    word = "接待"
    columns = ("number", "state", "summary", "unit", "caller_name", "channel", "handler", "next_due_at", "received_at")
    filters = ("category", "state", "channel")
    tabs = (Tab("to_report", "待部门回报", may="reception.void", only={"reported_at__isnull": True, "team__gt": ""}),)
    related = ("opened_by", "about_staff", "party")
    panels = (
        ("来访", ("unit", "caller_name", "relation", "phone", "channel", "received_at", "opened_by")),
        ("事项", ("category", "content", "about_staff", "answered", "promised_at", "replied_at", "result")),
        ("部门回报", ("department", "report", "reported_by", "reported_at")),
    )
    nav = ("接待", 20)

    def guides(self, request: Any) -> Any:  # type: ignore[override]
        return guides_for(request.community)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """What came of it, what it may belong to, and the way into the knowledge list."""
        return [*self._same(record, person), *_results(record, person), *self._to_knowledge(record, person)]

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """On the pages where it is routed: what is under way and may be the same, each with its one press."""
        return {"same": candidates(record, person)} if step in ("route", "join_job") else {}

    def _same(self, record: Any, person: Any) -> list[dict[str, Any]]:
        step = record.procedure.step("join_job")
        if record.state != Contact.State.REGISTERED or record.closed_at or not step.who.allows(person, record):
            return []
        found = candidates(record, person)
        return [{"title": "可能是同一件事", "template": "reception/_same_panel.html", "same": found}] if found else []

    def cell_department(self, contact: Any) -> str:
        return department_name(contact.community_id, contact.team) if contact.team else ""

    cell_department.label = "责任部门"  # type: ignore[attr-defined]

    def _to_knowledge(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """What was answered once is asked again: into the knowledge list with it (DESK-11)."""
        if not record.result or not grants_of(person).may("knowledge.edit", record.community_id):
            return []
        if Knowledge.objects.filter(community_id=record.community_id, question=record.content).exists():
            return []
        url = f"{reverse('reception:new_entry')}?from={record.number}"
        return [{"title": "知识库", "template": "reception/_to_knowledge.html", "url": url}]


def _results(contact: Any, person: Any) -> list[dict[str, Any]]:
    """Each record that came of the contact with how it stands and what was done, for whoever may see it (DESK-19)."""
    below = Record.objects.seen_by(person).filter(
        links_in__origin_id=contact.pk, links_in__why__in=(Link.Why.CAME_OF, Link.Why.REWORK)
    )
    fields = []
    for row in below.order_by("pk").select_related("handler"):
        done = str(getattr(row.typed, "result", "") or getattr(row.typed, "work_done", ""))
        stands = f"{row.state_word}：{done}" if done else row.state_word
        words = " · ".join(str(part) for part in (row.number, row.handler or "", stands) if part)
        fields.append({"label": row.procedure.title, "text": words, "wide": True})
    return [{"title": "办理结果", "fields": fields}] if fields else []


@screens
class MatterScreens(Screens):
    model = Matter
    word = "跟进"
    columns = ("number", "state", "summary", "unit", "handler", "next_due_at", "opened_at")
    filters = ("category", "subject", "state")
    tabs = (Tab("others", "其它事项", only={"category": Category.OTHER}),)
    related = ("opened_by", "party")
    panels = (
        ("事项", ("category", "subject", "content", "promised_at", "handler", "department", "opened_by", "opened_at")),
        ("来访人", ("unit", "caller_name", "phone")),
        ("办理", ("result", "done_at")),
    )

    def cell_department(self, matter: Any) -> str:
        return department_name(matter.community_id, matter.team) if matter.team else ""

    cell_department.label = "责任部门"  # type: ignore[attr-defined]

    nav = ("跟进", 21)
