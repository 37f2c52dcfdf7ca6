"""The years that have been announced come with the program; a year that is entered already is left as it is."""

from __future__ import annotations

from typing import Any

from yihu.basics import holidays_cn
from yihu.kernel.models.parameter import CalendarDay, CalendarYear

SOURCE = "国务院办公厅节假日安排通知"


def enter_announced_years(**_: Any) -> None:
    """Runs after each migrate, so that an update of the program brings the new year's days with it."""
    missing = holidays_cn.YEARS - set(CalendarYear.objects.values_list("year", flat=True))
    if not missing:
        return
    CalendarYear.objects.bulk_create([CalendarYear(year=year, source=SOURCE) for year in sorted(missing)])
    changed = sorted(holidays_cn.changed_days(frozenset(missing)).items())
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, working=working, name="调休上班" if working else "节假日") for day, working in changed]
    )
