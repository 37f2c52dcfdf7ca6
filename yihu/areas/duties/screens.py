"""Columns and panels of the sheets and the diary."""

from __future__ import annotations

from typing import Any

from yihu.areas.duties import effects
from yihu.areas.duties.models import (
    ComplaintSheet,
    DaySheet,
    Diary,
    FeeSheet,
    LongSheet,
    MonthSheet,
    NoonSheet,
    WeekSheet,
)
from yihu.areas.duties.showing import figures_panel
from yihu.kernel.screens import Screens, Tab, screens


class _Figures(Screens):
    """The figures stand under the facts."""

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return [figures_panel(record, person)] if record.snapshot or effects.known(type(record)) else []


@screens
class DaySheetScreens(_Figures):
    model = DaySheet
    word = "日汇总"
    columns = ("number", "state", "day", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("汇总", ("day", "due_at", "handler", "signed_at", "remarks", "manager_words")),)
    nav = ("日汇总", 60)


@screens
class WeekSheetScreens(_Figures):
    model = WeekSheet
    word = "周汇总"
    columns = ("number", "state", "summary", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("汇总", ("summary", "due_at", "handler", "signed_at", "remarks", "manager_words")),)
    nav = ("维保周汇总", 61)


@screens
class MonthSheetScreens(_Figures):
    model = MonthSheet
    word = "月汇总"
    columns = ("number", "state", "period", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("汇总", ("period", "due_at", "handler", "signed_at", "remarks", "manager_words")),)
    nav = ("月汇总", 62)


@screens
class ComplaintSheetScreens(_Figures):
    model = ComplaintSheet
    word = "投诉汇总"
    columns = ("number", "state", "period", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("汇总", ("period", "due_at", "handler", "signed_at", "remarks", "measures", "manager_words")),)
    nav = ("投诉月汇总", 62)


@screens
class LongSheetScreens(_Figures):
    model = LongSheet
    word = "期间总结"
    columns = ("number", "state", "summary", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("总结", ("summary", "due_at", "handler", "signed_at", "remarks", "manager_words")),)
    nav = ("季度、年度总结", 62)


@screens
class FeeSheetScreens(_Figures):
    model = FeeSheet
    word = "收费率周报"
    tabs = (Tab("sign", "待签发", ("due",), may="duties.fees", step="sign"),)
    columns = ("number", "state", "summary", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("周报", ("summary", "due_at", "handler", "signed_at", "remarks", "manager_words")),)
    nav = ("收费率周报", 75.7)


@screens
class NoonSheetScreens(_Figures):
    model = NoonSheet
    columns = ("number", "state", "day", "opened_at")
    panels = (("每日统计", ("day", "opened_at")),)
    nav = ("每日统计", 63)


@screens
class DiaryScreens(Screens):
    model = Diary
    word = "日志"
    related = ("opened_by",)
    columns = ("number", "state", "day", "shift", "opened_by", "unfinished", "opened_at")
    filters = ("state", "shift")
    panels = (
        ("当班", ("day", "shift", "opened_by", "tasks", "findings", "unfinished", "handover", "reader_words")),
    )  # fmt: skip
    nav = ("工作日志", 64)
