"""《投诉情况月汇总表》 (F22, CMP-10), the report about complaints (CMP-13), and which causes come again and again (CMP-11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Cause, Level, Validity
from yihu.areas.corrective.models import CorrectiveAction
from yihu.areas.corrective.repeats import Repeat
from yihu.basics.worktime import add_months, business_month
from yihu.fronts.reports import complaining, trends
from yihu.fronts.reports.complaining import COUNTS, GROUPS, MEASURES, Case
from yihu.fronts.reports.figures import Span, Table, grouped
from yihu.fronts.reports.periods import Period, of_month
from yihu.fronts.reports.timeliness import rate
from yihu.ground.estate.models import Unit

KINDS = (Complaint._meta.label_lower, CorrectiveAction._meta.label_lower)


def figures(sheet: Any, person: Any, now: datetime) -> dict[str, Any]:
    """What the month's sheet shows, with its trends."""
    period = Period(*sheet.bounds, "", {})
    return of_period(sheet.community, period, person, now, trends=trends.plain(sheet, person, now))


def of_period(community: Any, period: Period, person: Any, now: datetime, **more: Any) -> dict[str, Any]:
    span, table = Span(community, period.start, period.end, person, now), Table()
    found = complaining.cases(community, [period], person, now)[0]
    received = [one for one in found if one.received]
    for name, title, counts in COUNTS:
        table.add("complaints", name, title, filter(counts, found))
        if name == "received":
            table.add("complaints", "households", "涉及户数", received, complaining.households(received))
    for name, title, judge, _ in MEASURES:
        judged = [one for one in found if judge(one) is not None]
        share = rate(map(judge, judged))
        text = f"{share['text']} {share['good']}/{share['every']}" if share["every"] else "—"
        table.add("complaint_rates", name, title, judged, text=text)
    _per_thousand(table, span, received)
    _call_backs(table, found)
    concerned = [one for one in found if any(counts(one) for _, _, counts in COUNTS) or one.timely is not None]
    texts = [("处理及时率", complaining.share("timely")), ("满意率", complaining.share("opinion"))]
    for name, (title, _, _) in GROUPS.items():
        table.grid(name, f"按{title}", title, complaining.rows_by(concerned, name), COUNTS, texts)
    lists = {
        "major": [one.row for one in found if one.row.level == Level.MAJOR and (one.received or one.open)],
        "open": [one.row for one in found if one.open],
        "cases": [one.row for one in received],
        "actions": span.records(CorrectiveAction),
    }
    return table.sheet(span, lists, KINDS, **more)


def _per_thousand(table: Table, span: Span, received: list[Case]) -> None:
    """Valid complaints for each thousand of the units that are lived in: sites can be compared."""
    lived_in = Unit.objects.filter(community=span.community, moved_in_on__lte=span.cut).count()
    valid = [one for one in received if one.received_and(Validity.VALID)]
    text = f"{len(valid) * 1000 / lived_in:.2f}（{len(valid)}/{lived_in} 户）" if lived_in else "—"
    table.add("complaint_rates", "per_thousand", "千户投诉率", valid, text=text)


def _call_backs(table: Table, found: list[Case]) -> None:
    rows = (
        ("due", "应回访", [one for one in found if one.called is not None]),
        ("made", "已回访", [one for one in found if one.called]),
        ("content", "回访满意", [one for one in found if one.content]),
        ("unhappy", "回访不满意", [one for one in found if one.content is False]),
        ("satisfied", "业主意见满意", [one for one in found if one.opinion]),
        ("unsatisfied", "不满意或拒签", [one for one in found if one.opinion is False]),
    )
    for name, title, counted in rows:
        table.add("complaint_calls", name, title, counted)


# -- causes that come again and again --------------------------------------------------------------------------------


def repeated(community: Any, now: datetime) -> Iterable[Repeat]:
    """Valid complaints of this business month and the last one by department and cause; no person is asked what he may see."""
    year, month = business_month(now)
    before = add_months(date(year, month, 1), -1)
    for period in (of_month(before.year, before.month), of_month(year, month)):
        rows = Complaint.objects.filter(
            ~Q(cause_class=""), community=community, opened_at__gte=period.start, opened_at__lt=period.end,
            validity=Validity.VALID, closed_as="",
        )  # fmt: skip
        found = grouped(rows.order_by("number"), lambda row: (complaining.department_of(row), row.cause_class))
        for (team, cause), same in found.items():
            numbers = tuple(row.number for row in same)
            yield Repeat(period.query["month"], team, cause, Cause(cause).label, numbers)
