"""Columns and panels of the daily sheets."""

from __future__ import annotations

from typing import Any

from yihu.areas.duties import effects
from yihu.areas.duties.models import DaySheet
from yihu.areas.duties.showing import figures_panel
from yihu.kernel.screens import Screens, screens


@screens
class DaySheetScreens(Screens):
    model = DaySheet
    word = "日汇总"
    columns = ("number", "state", "day", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("汇总", ("day", "due_at", "handler", "signed_at", "remarks", "manager_words")),)
    nav = ("日汇总", 60)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        return [figures_panel(record, person)] if record.snapshot or effects.known() else []
