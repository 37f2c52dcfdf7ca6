"""Columns and panels of the daily sheets."""

from yihu.areas.duties.models import DaySheet
from yihu.kernel.screens import Screens, screens


@screens
class DaySheetScreens(Screens):
    model = DaySheet
    columns = ("number", "state", "day", "handler", "next_due_at", "signed_at")
    filters = ("state",)
    panels = (("汇总", ("day", "due_at", "handler", "signed_at", "remarks", "manager_words")),)
    nav = ("日汇总", 60)
