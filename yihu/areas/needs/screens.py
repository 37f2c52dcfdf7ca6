"""Columns, tabs and panels of the three registers of needs."""

from __future__ import annotations

from typing import Any

from yihu.areas.needs.models import Need
from yihu.kernel.screens import Screens, Tab, screens


@screens
class NeedScreens(Screens):
    model = Need
    word = "服务需求"
    tabs = (
        Tab("to_sign", "待签批", only={"sign_off": "waiting"}, may="needs.approve"),
        Tab("returned", "退回待补正", only={"sign_off": "returned"}, may="needs.open", step="resubmit"),
        *(Tab(value, label, only={"register": value}, closed_too=True) for value, label in Need.Register.choices),
    )
    columns = ("number", "state", "summary", "where", "register", "department", "handler", "sign_off", "next_due_at")
    filters = ("register", "need_type", "state", "sign_off")
    related = ("party", "opened_by", "signed_by", "handled_by")
    panels = (
        (
            "需求",
            ("register", "unit", "place", "customer", "phone", "need_type", "content", "expected_at", "department"),
        ),
        ("办理", ("handler", "handled_by", "handled_at", "result", "charge_note")),
        ("签批", ("sign_off", "sign_by", "signed_by", "signed_at", "return_reason", "opened_by")),
    )
    nav = ("服务需求", 22)

    def cell_where(self, need: Any) -> str:
        return need.where

    cell_where.label = "房号/区域"  # type: ignore[attr-defined]

    def cell_department(self, need: Any) -> str:
        return need.department

    cell_department.label = "责任部门"  # type: ignore[attr-defined]
