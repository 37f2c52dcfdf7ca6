"""Columns, tabs, filters and panels of the complaints."""

from __future__ import annotations

from yihu.areas.complaints.models import Complaint
from yihu.kernel.screens import Screens, screens


@screens
class ComplaintScreens(Screens):
    model = Complaint
    word = "投诉"
    columns = ("number", "state", "summary", "unit", "level", "validity", "handler", "next_due_at", "opened_at")
    filters = ("level", "validity", "category", "state")
    related = ("party", "opened_by", "about_staff")
    panels = (
        ("投诉", ("unit", "complainant", "phone", "channel", "category", "level", "content", "demand", "about_dept", "about_staff")),
        ("处理", ("cause", "remedy", "prevention", "due_on", "undecided_reason", "told", "opinion")),
    )  # fmt: skip
    nav = ("投诉", 40)
