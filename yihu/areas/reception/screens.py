"""Columns, filters and panels of the desk's registers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.reception.guides import guides_for
from yihu.areas.reception.models import Contact, Knowledge, Matter
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Screens, screens


@screens
class ContactScreens(Screens):
    model = Contact
    word = "接待"
    columns = ("number", "state", "summary", "unit", "caller_name", "channel", "handler", "next_due_at", "received_at")
    filters = ("category", "state", "channel")
    related = ("opened_by", "about_staff", "party")
    panels = (
        ("来访", ("unit", "caller_name", "relation", "phone", "channel", "received_at", "opened_by")),
        ("事项", ("category", "content", "about_staff", "answered", "promised_at", "replied_at", "result")),
    )
    nav = ("接待", 20)

    def guides(self, request: Any) -> Any:  # type: ignore[override]
        return guides_for(request.community)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """What was answered once is asked again: into the knowledge list with it (DESK-11)."""
        if not record.result or not grants_of(person).may("knowledge.edit", record.community_id):
            return []
        if Knowledge.objects.filter(community_id=record.community_id, question=record.content).exists():
            return []
        url = f"{reverse('reception:new_entry')}?from={record.number}"
        return [{"title": "知识库", "template": "reception/_to_knowledge.html", "url": url}]


@screens
class MatterScreens(Screens):
    model = Matter
    word = "跟进"
    columns = ("number", "state", "summary", "unit", "handler", "next_due_at", "opened_at")
    filters = ("category", "state")
    related = ("opened_by", "party")
    panels = (
        ("事项", ("category", "content", "promised_at", "handler", "opened_by", "opened_at")),
        ("来访人", ("unit", "caller_name", "phone")),
        ("办理", ("result", "done_at")),
    )
    nav = ("跟进", 26)
