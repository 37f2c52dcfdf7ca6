"""Columns, filters and panels of the counter's registers."""

from __future__ import annotations

from typing import Any

from yihu.areas.counter.forms.sheets import difference
from yihu.areas.counter.models import AbsentNote, DeskCheck, Loan, StockCheck
from yihu.kernel.screens import Nearby, Screens, Tab, screens
from yihu.kernel.screens.places import place


@screens
class NoteScreens(Screens):
    model = AbsentNote
    word = "留言"
    tabs = (Tab("to_pass", "待转达", (AbsentNote.State.TO_PASS,), may="counter.work"),)
    columns = ("number", "state", "summary", "unit", "handler", "next_due_at", "opened_at", "passed_at")
    filters = ("state",)
    related = ("opened_by",)
    panels = (
        ("留言", ("handler", "caller_name", "phone", "unit", "words", "urgent")),
        ("转达", ("opened_by", "opened_at", "how", "passed_at", "confirmed_at")),
    )
    nav = ("代转留言", 23)


@screens
class DeskCheckScreens(Screens):
    model = DeskCheck
    word = "检查表"
    columns = ("number", "state", "turn", "found", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("检查", ("turn", "due_at", "found", "signed_at", "handler", "remedy", "remedied_at")),)
    nav = ("前台检查", 27)
    nearby = (Nearby("检查项目", "counter:list_check-items", "counter.see"),)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = [
            {
                "item": line["item"],
                "text": "合格" if line["ok"] == "ok" else "不合格",
                "bad": line["ok"] != "ok",
                "remark": line["remark"],
            }
            for line in record.lines or ()
        ]
        return [{"title": "逐项结果", "template": "counter/_lines.html", "rows": rows}] if rows else []


@screens
class StockCheckScreens(Screens):
    model = StockCheck
    word = "清点表"
    tabs = (Tab("differs", "有差异", (StockCheck.State.DIFFERS,)),)
    columns = ("number", "state", "turn", "found", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("清点", ("turn", "due_at", "found", "handler", "signed_at", "how", "remedy", "remedied_at")),)
    nav = ("物品清点", 28)
    nearby = (Nearby("物品清单", "counter:list_stock-items", "counter.see"),)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = [
            {
                "item": line["item"],
                "text": f"应有 {line['expected']}，实点 {line['counted']}{'，' + said if (said := difference(line)) else ''}",
                "bad": bool(said),
                "remark": line["remark"],
            }
            for line in record.lines or ()
        ]
        return [{"title": "逐样结果", "template": "counter/_lines.html", "rows": rows}] if rows else []


@screens
class LoanScreens(Screens):
    model = Loan
    word = "借用"
    tabs = (Tab("to_settle", "待赔偿", (Loan.State.TO_SETTLE,)),)
    columns = ("number", "state", "item", "borrower", "unit", "deposit_note", "next_due_at", "opened_at", "returned_at")
    filters = ("state",)
    related = ("item", "staff", "opened_by")
    panels = (
        ("借用", ("item", "borrower", "staff", "unit", "phone", "due_at", "deposit_note", "opened_by", "opened_at")),
        ("归还", ("returned_at", "condition", "loss_note", "settlement")),
    )
    nav = ("物品借用", 24)
    nearby = (Nearby("可借物品", "counter:list_lend-items", "counter.see"),)


place(26, "服务电话与收费", "counter:board", "counter.see_numbers", icon="phone")
