"""Columns, tabs and panels of the customer relations."""

from __future__ import annotations

from typing import Any

from yihu.areas.relations.models import Look, Posting, Praise, Suggestion, Talk
from yihu.ground.staff.heads import departments
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.places import place

place(43, "嘉奖", "relations:merits", icon="people")


@screens
class PraiseScreens(Screens):
    model = Praise
    word = "表扬"
    columns = ("number", "state", "summary", "unit", "source", "next_due_at", "opened_at")
    filters = ("state", "source")
    tabs = (Tab("to_verify", "待核实", (Praise.State.PENDING,), may="relations.verify", step="verify"),)
    related = ("opened_by", "party")
    panels = (
        ("表扬", ("whom", "content", "source", "opened_by", "opened_at", "promised_at")),
        ("表扬人", ("unit", "caller_name", "phone")),
        ("办理", ("finding", "posted_at", "posted_on", "thanks", "thanked_at")),
    )
    nav = ("表扬", 42)


@screens
class SuggestionScreens(Screens):
    model = Suggestion
    word = "建议"
    columns = ("number", "state", "summary", "unit", "source", "decision", "next_due_at", "opened_at")
    filters = ("state", "source", "decision")
    tabs = (
        Tab("to_decide", "待决定", (Suggestion.State.PENDING,), may="relations.decide", step="decide"),
        Tab("to_answer", "待答复", (Suggestion.State.TO_ANSWER,), may="relations.register", step="answer"),
    )
    related = ("opened_by", "party")
    panels = (
        ("建议", ("content", "source", "opened_by", "opened_at", "promised_at")),
        ("建议人", ("unit", "caller_name", "phone")),
        ("决定", ("decision", "reason", "department", "planned_on")),
        ("答复", ("answer", "answered_at", "public_answer")),
        ("落实", ("result",)),
    )
    nav = ("建议", 44)

    def cell_department(self, record: Any) -> str:
        return dict(departments(record.community_id)).get(record.team, record.team)

    cell_department.label = "落实部门"  # type: ignore[attr-defined]

    def default_tab(self, person: Any, community: Any) -> str:
        """The project manager decides."""
        return "to_decide" if grants_of(person).may("relations.decide", community and community.pk) else "open"


@screens
class LookScreens(Screens):
    model = Look
    word = "渠道查看"
    columns = ("number", "state", "summary", "handler", "found", "next_due_at", "looked_at")
    filters = ("state",)
    related = ("channel",)
    panels = (("查看", ("channel", "slot", "due_at", "handler", "looked_at", "found", "why")),)
    nav = ("论坛意见箱", 46)
    nearby = (Nearby("渠道", "relations:channels", "relations.look"),)


@screens
class PostingScreens(Screens):
    model = Posting
    word = "网帖意见"
    columns = ("number", "state", "summary", "author", "handler", "next_due_at", "answered_at")
    filters = ("state", "source")
    related = ("channel",)
    panels = (
        ("内容", ("channel", "content", "author", "link", "handler", "opened_at")),
        ("答复", ("answer", "answered_at", "public_answer")),
    )
    nav = ("网帖意见", 47)


@screens
class TalkScreens(Screens):
    model = Talk
    word = "沟通"
    columns = ("number", "state", "talked_on", "summary", "unit", "interviewee", "method", "opened_by")
    filters = ("state", "method")
    related = ("opened_by", "party")
    panels = (("沟通", ("talked_on", "method", "unit", "interviewee", "phone", "topics", "needs", "opened_by")),)
    nav = ("客户沟通", 45)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        lines = [
            {
                "label": f"{moments.day(line.due_at)} 前 · {line.handler}",
                "text": line.what,
                "wide": True,
            }
            for line in record.promises.select_related("handler").order_by("pk")
        ]
        return [{"title": "承诺事项", "fields": lines}] if lines else []
