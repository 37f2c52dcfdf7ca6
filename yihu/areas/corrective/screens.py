"""Columns, filters, tabs and panels of the corrective actions, and of the cases that are learnt from."""

from __future__ import annotations

from typing import Any

from yihu.areas.corrective.models import CaseStudy, CorrectiveAction
from yihu.kernel.screens import Nearby, Screens, Tab, screens

S = CorrectiveAction.State


@screens
class ActionScreens(Screens):
    model = CorrectiveAction
    word = "纠正预防"
    tabs = (
        Tab("proposed", "待立项", (S.PROPOSED,), may="corrective.open", step="take_up"),
        Tab("checking", "待验证", (S.CHECKING,), may="corrective.check"),
        Tab("to_close", "待关闭", (S.TO_CLOSE,), may="corrective.close", step="close"),
    )
    columns = ("number", "state", "summary", "department", "handler", "due_on", "round_no", "next_due_at", "opened_at")
    filters = ("source", "state")
    related = ("opened_by", "planned_by", "done_by", "checked_by")
    panels = (
        ("不合格", ("source", "nonconformity", "department", "handler", "opened_by", "due_on")),
        ("原因与措施", ("cause", "correction", "prevention", "planned_by")),
        ("完成与验证", ("result", "done_by", "done_at", "check_on", "effect", "effect_words", "checked_by", "checked_at", "closing_words")),
    )  # fmt: skip
    nav = ("纠正预防", 47)
    nearby = (Nearby("投诉案例", "kernel:list", "corrective.read_cases", ("cases",)),)

    def cell_department(self, action: Any) -> str:
        return action.department

    cell_department.label = "责任部门"  # type: ignore[attr-defined]

    def cell_round_no(self, action: Any) -> str:
        return f"第 {action.round_no} 轮" if action.round_no > 1 else ""

    cell_round_no.label = "轮次"  # type: ignore[attr-defined]


@screens
class CaseScreens(Screens):
    model = CaseStudy
    word = "案例"
    tabs = (Tab("to_publish", "待审", (CaseStudy.State.DRAFT,), may="corrective.close", step="publish"),)
    columns = ("number", "state", "title", "lesson", "published_at")
    filters = ("state",)
    related = ("published_by", "opened_by")
    panels = (("案例", ("title", "happened", "lesson", "published_at")),)
    nav = ("投诉案例", 47)
