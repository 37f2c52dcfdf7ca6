"""How long the developer answers for what (建设工程质量管理条例 40), from the completion acceptance: of the building, or of a
common part that was accepted by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.warranty.models import Slip
from yihu.basics.worktime import OFFICE_ZONE, add_months
from yihu.ground.estate.models import Building
from yihu.kernel.calendars import office

Item, Within = Slip.Item, Slip.Within
FIVE_YEARS, TWO_YEARS = 60, 24
USUAL_YEARS = int(Building._meta.get_field("design_years").default)  # what no building says: a wall, a road
# the usual heating and cooling seasons: (month, day) of the first and the last day
HEATING, COOLING = ((11, 15), (3, 15)), ((6, 1), (9, 30))
# what is reported before the one is with the developer by then; what is later, the next day by the other (D13)
SAME_DAY, NEXT_DAY = time(17), time(10)


@dataclass(frozen=True)
class Term:
    """A warranty as it stands on one day."""

    since: date | None
    until: date | None
    within: str
    sentence: str


def term_of(
    item: str,
    building: Any,
    day: date,
    agreed_until: date | None = None,
    *,
    accepted_on: date | None = None,
    common: bool = False,
) -> Term:
    """Whether a defect of this class is still the developer's on ``day``, in words for the clerk: in a unit of the building,
    or (``common``) in a part that is nobody's own, of this building or of none."""
    completed, label = accepted_on or (building.completed_on if building is not None else None), Item(item).label
    years = building.design_years if building is not None else USUAL_YEARS
    if item == Item.OTHER:
        until, why = agreed_until, "其它项目的保修期由合同约定，请填写约定保修期；不知道就留空。"
    elif completed is None and building is None:
        until, why = None, "不属于哪一栋的部位，请填写它的竣工验收日期；不知道就留空，单子照样可以开。"
    elif completed is None:
        until, why = None, f"{building}没有登记竣工验收日期，算不出保修期；请在“房屋 → 楼栋”里补登。"
    else:
        until, why = warranty_end(item, completed, years), ""
    if until is None:
        return Term(completed, None, Within.UNKNOWN, why)
    if day <= until:
        pays = "由开发商维修，不动用维修资金" if common else "业主不付费"
        return Term(completed, until, Within.IN, f"{label}保修期至 {until:%Y-%m-%d}，在保修期内，{pays}。")
    instead = "公共部位由物业安排维修" if common else "应按有偿维修办理"
    said = f"{label}保修期已于 {until:%Y-%m-%d} 届满，{instead}：类别改选“报修”。"
    return Term(completed, until, Within.OUT, said)


def warranty_end(item: str, completed: date, design_years: int) -> date:
    """The last day of the warranty."""
    if item == Item.WATERPROOFING:
        return add_months(completed, FIVE_YEARS)
    if item == Item.HEATING:
        return max(second_season(completed, *HEATING), second_season(completed, *COOLING))
    if item == Item.STRUCTURE:
        return add_months(completed, design_years * 12)
    return add_months(completed, TWO_YEARS)


def second_season(completed: date, first: tuple[int, int], last: tuple[int, int]) -> date:
    """The last day of the second whole season; one that was running already is not counted."""
    year = completed.year if date(completed.year, *first) >= completed else completed.year + 1
    return date(year + 1 + (last < first), *last)


def hand_by(at: datetime) -> datetime:
    """By when the slip must be with the developer (D13)."""
    day = timezone.localdate(at)
    same_day = datetime.combine(day, SAME_DAY, OFFICE_ZONE)
    return same_day if at < same_day else datetime.combine(day + timedelta(days=1), NEXT_DAY, OFFICE_ZONE)


def end_of(day: date, community_id: int, at: datetime) -> datetime:
    """The end of office hours of a day that was agreed upon."""
    return datetime.combine(day, office(community_id, at).office_hours[1], OFFICE_ZONE)
