"""Columns, filters and panels of the desk's registers."""

from __future__ import annotations

from typing import Any

from yihu.areas.reception.guides import guides_for
from yihu.areas.reception.models import Contact, Matter
from yihu.kernel.screens import Screens, screens


@screens
class ContactScreens(Screens):
    model = Contact
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


@screens
class MatterScreens(Screens):
    model = Matter
    columns = ("number", "state", "summary", "unit", "handler", "next_due_at", "opened_at")
    filters = ("category", "state")
    related = ("opened_by", "party")
    panels = (
        ("事项", ("category", "content", "promised_at", "handler", "opened_by", "opened_at")),
        ("来访人", ("unit", "caller_name", "phone")),
        ("办理", ("result", "done_at")),
    )
    nav = ("跟进", 40)
