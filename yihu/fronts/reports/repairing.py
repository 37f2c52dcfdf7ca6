"""The figures of the repairs in one period: counts, rates, tables by class, trade and building, causes and hot spots.

The week's sheet and the month's both show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.reports import timeliness
from yihu.fronts.reports.figures import VOID_ORDERS, Row, Span, Table, grouped, key_of
from yihu.fronts.reports.periods import Period
from yihu.fronts.reports.timeliness import MEASURES, Order, mean_words, rate

S = WorkOrder.State
RELATED = ("unit__building", "unit__cluster", "building__cluster", "fault")
OFTEN = 2  # the same place with the same trade once more is no chance
MOST = 15


class Repairs:
    """One span's orders, and what the judge of timeliness says of them."""

    def __init__(self, span: Span) -> None:
        period = Period(span.start, span.end, "", {})
        self.span = span
        self.orders = span.records(WorkOrder, *RELATED)
        self.judged = timeliness.orders_of(span.community, period, span.person, span.now)
        self.by_number = {order.number: order for order in self.judged}
        self.received = [one for one in self.orders if self.is_received(one)]
        self.finished = [one for one in self.orders if self.is_finished(one)]
        self.open = [one for one in self.orders if self.is_open(one)]
        self.deferred = [one for one in self.open if one.state == S.ON_HOLD]
        self.late = [one for one in self.open if one.next_due_at and one.next_due_at <= span.cut]

    def is_received(self, one: Any) -> bool:
        return self.span.within(one.opened_at) and one.state not in VOID_ORDERS

    def is_finished(self, one: Any) -> bool:
        return self.span.within(one.finished_at) and one.state not in VOID_ORDERS

    def is_open(self, one: Any) -> bool:
        """Unfinished at the end of the time."""
        return self.span.open_at_cut(one) and (one.finished_at is None or one.finished_at > self.span.cut)

    def is_again(self, one: Any) -> bool:
        return self.is_received(one) and one.round_no > 1

    def judged_of(self, records: Iterable[Any]) -> list[Order]:
        return [self.by_number[one.number] for one in records if one.number in self.by_number]

    def hours(self, records: Sequence[Any]) -> str:
        return mean_words(self.judged_of(records))


def count(table: Table, repairs: Repairs) -> None:
    of_all = [one for one in repairs.judged if one.minutes is not None]
    rows = (
        ("received", "受理", repairs.received),
        ("urgent", "其中急修", [one for one in repairs.received if one.level == WorkOrder.Level.URGENT]),
        ("again", "返修", [one for one in repairs.received if one.round_no > 1]),
        ("finished", "完工", repairs.finished),
        ("open", "未完工", repairs.open),
        ("deferred", "其中挂单", repairs.deferred),
        ("late", "其中超时", repairs.late),
    )
    for key, label, found in rows:
        table.add("repairs", key, label, found)
    table.add("repairs", "hours", "平均时长", of_all, text=mean_words(of_all))
    for name, title, judge, _ in MEASURES:
        judged = [one for one in repairs.judged if judge(one) is not None]
        share = rate(map(judge, judged))
        text = f"{share['text']} {share['good']}/{share['every']}" if share["every"] else "—"
        table.add("rates", name, title, judged, text=text)


def tables(table: Table, repairs: Repairs) -> None:
    """By class, trade and building: what came, what was done, what is open, what came back."""
    columns = (
        ("received", "受理", repairs.is_received),
        ("finished", "完工", repairs.is_finished),
        ("open", "未完工", repairs.is_open),
        ("again", "返修", repairs.is_again),
    )
    concerned = [one for one in repairs.orders if any(picked(one) for _, _, picked in columns)]
    for name, title, rows in (
        ("level", "级别", _choices(concerned, "level", WorkOrder.Level)),
        ("trade", "工种", _choices(concerned, "trade", WorkOrder.Trade)),
        ("building", "楼栋", by_building(concerned)),
    ):
        table.grid(name, f"维修（按{title}）", title, rows, columns, [("平均时长", repairs.hours)])


def _choices(orders: list[Any], field: str, choices: Any) -> list[Row]:
    found = grouped(orders, lambda one: getattr(one, field))
    return [(value, label, found[value]) for value, label in choices.choices if value in found]


def building_of(order: Any) -> Any:
    """The household's building, or the one whose common part it is."""
    return order.unit.building if order.unit else order.building


def cluster_of(order: Any) -> Any:
    if order.unit:
        return order.unit.cluster
    return order.building.cluster if order.building else None


def by_building(records: Iterable[Any]) -> list[Row]:
    """Buildings in the order of their names; what belongs to none last."""
    found = grouped(records, building_of)
    rows: list[Row] = [(str(one.pk), str(one), found[one]) for one in sorted(filter(None, found), key=str)]
    return [*rows, ("public", "公共区域", found[None])] if None in found else rows


def damage(table: Table, repairs: Repairs) -> None:
    """What broke of the buildings' own facilities, per building and system (REP-13)."""
    common = [one for one in repairs.received if one.unit_id is None]
    systems = [
        (str(value), str(label), lambda one, value=value: (one.system or WorkOrder.System.OTHER) == value)
        for value, label in WorkOrder.System.choices
        if any((one.system or WorkOrder.System.OTHER) == value for one in common)
    ]
    columns = (
        ("received", "合计", lambda one: True),
        *systems,
        ("done", "已修复", lambda one: one.finished_at is not None and one.finished_at <= repairs.span.cut),
        ("again", "返修", repairs.is_again),
    )
    table.grid("damage", "公共设施损坏", "楼栋", by_building(common), columns, [("平均时长", repairs.hours)])


def spots(table: Table, repairs: Repairs) -> None:
    """What comes again and again (RPT-05): standard faults, causes, the same trade in the same place."""
    received = ("received", "受理", lambda one: True)
    again = ("again", "其中返修", lambda one: one.round_no > 1)
    faults = grouped([one for one in repairs.received if one.fault_id], lambda one: one.fault)
    rows = [(str(fault.pk), fault.name, found) for fault, found in faults.items()]
    table.grid("fault", "常见故障", "故障", most(rows), (received, again), [("平均时长", repairs.hours)])
    causes = grouped([one for one in repairs.finished if one.cause.strip()], lambda one: one.cause.strip())
    rows = [(key_of(cause), cause, found) for cause, found in causes.items()]
    table.grid("cause", "故障原因", "原因", most(rows), [("finished", "完工", lambda one: True)])
    places = grouped(repairs.received, _place)
    rows = [
        (key_of(f"{where} {trade}"), f"{where}　{WorkOrder.Trade(trade).label}", found)
        for (where, trade), found in places.items()
        if where and len(found) >= OFTEN
    ]
    table.grid("spot", f"同一处同一工种 {OFTEN} 次以上", "地点与工种", most(rows), (received, again))


def _place(order: Any) -> tuple[str, str]:
    return order.place, order.trade


def most(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-len(row[2]), row[1]))[:MOST]
