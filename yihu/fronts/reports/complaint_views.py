"""The report about complaints (CMP-13): how many, how well, how content, and why, month by month."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.duties.models import ComplaintSheet
from yihu.areas.duties.printing import LAYOUTS
from yihu.areas.duties.showing import panel_of
from yihu.basics.worktime import business_month
from yihu.fronts.reports import complaining, complaint_month, lines, listing
from yihu.fronts.reports.figures import labels_of
from yihu.fronts.reports.lines import Time, Trend, months_up_to
from yihu.fronts.reports.periods import Period, PeriodForm
from yihu.kernel.policy import policy


@require_GET
@policy(may="reports.see")
def complaints(request: HttpRequest) -> HttpResponse:
    """A business month, or days of one's own, and the twelve months up to it."""
    now, community = timezone.now(), request.community  # type: ignore[attr-defined]
    form = PeriodForm(request.GET, now)
    period = form.period()
    times = _times(period)
    drawn = lines.plain(_trends(request, times), times)
    found = complaint_month.of_period(community, period, request.user, now, trends=drawn)

    def address(figure: str) -> str:
        return f"{reverse('reports:complaint_records')}?{urlencode({**period.query, 'figure': figure})}"

    context = {
        "title": "投诉分析",
        "form": form,
        "period": period,
        "panel": panel_of(found, LAYOUTS[ComplaintSheet], address),
    }
    return render(request, "reports/complaints.html", context, status=200 if form.is_valid() else 422)


@require_GET
@policy(may="reports.see")
def complaint_records(request: HttpRequest) -> HttpResponse:
    """The complaints behind a figure, or behind a point of a trend."""
    now, figure = timezone.now(), request.GET.get("figure", "")
    form = PeriodForm(request.GET, now)
    if not form.is_valid():
        raise Http404
    period = form.period()
    title, numbers = _behind(request, figure, period)
    return render(
        request,
        "reports/records.html",
        {
            "title": title,
            "subtitle": f"{period.title} · 投诉分析",
            "back_url": f"{reverse('reports:complaints')}?{urlencode(period.query)}",
            "back_label": "投诉分析",
            **listing.table(numbers, request.user, request.GET.dict(), title),
        },
    )


def _times(period: Period) -> list[Time]:
    return months_up_to(*business_month(period.end - timedelta(seconds=1)))


def _trends(request: Any, times: list[Time]) -> list[Trend]:
    return complaining.trends(request.community, [time.period for time in times], request.user, timezone.now())


def _behind(request: Any, figure: str, period: Period) -> tuple[str, list[str]]:
    if figure.startswith("trend."):
        point = lines.behind(figure, _times(period), lambda times: _trends(request, times))
        if point is None:
            raise Http404
        return point
    found = complaint_month.of_period(request.community, period, request.user, timezone.now())
    title, numbers = labels_of(found).get(figure), found["behind"].get(figure)
    if title is None or numbers is None:
        raise Http404
    return title, numbers
