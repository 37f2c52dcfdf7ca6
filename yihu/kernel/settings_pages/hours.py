"""工作时间: when this community's desk is open, and when the company's office works."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.kernel import moments
from yihu.kernel.calendars import DEFAULT_HOURS, OFFICE_HOURS, parameter
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, coming, set_parameter
from yihu.kernel.plain import journal_of, may_everywhere
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import WEEKDAYS, OfficeHoursForm, ServiceHoursForm

SERVICE, OFFICE = "service_hours", "office_hours"
LABELS = {"value": "时间"}


@require_GET
@policy(may=CHANGE)
def page(request: HttpRequest) -> HttpResponse:
    now, community = timezone.now(), request.community  # type: ignore[attr-defined]
    context = {
        "title": "工作时间",
        "community": community,
        "service": [{"label": name, "text": text} for name, text in _days(service_hours(community, now))],
        "service_coming": [_coming(row, in_words(row.value)) for row in coming(SERVICE, community, now)],
        "office": "–".join(office_hours(community, now)),
        "office_coming": [_coming(row, "–".join(row.value)) for row in coming(OFFICE, None, now)],
        "may_company": may_everywhere(request.user, CHANGE),
        "journal": journal_of(BOOK, book_id(SERVICE, community), LABELS)
        + journal_of(BOOK, book_id(OFFICE, None), LABELS),
    }
    return render(request, "kernel/settings/hours.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def service(request: HttpRequest) -> HttpResponse:
    """The desk's hours by weekday, for this community."""
    community = request.community  # type: ignore[attr-defined]
    form = ServiceHoursForm(request.POST or None, initial=_initial(service_hours(community, timezone.now())))

    def save(key: str) -> None:
        given, value = form.cleaned_data, form.value()
        old = in_words(service_hours(community, given["in_force_at"]))
        change = Change(SERVICE, value, given["in_force_at"], given["why"], "服务时间", old, in_words(value))
        set_parameter(change, community, by=request.user, key=key)

    return saving(
        request,
        form,
        save,
        template="kernel/settings/service_hours.html",
        title=f"{community}的服务时间",
        done="服务时间的改动已记下，到时生效。",
        leave_url=reverse("kernel:settings_hours"),
        context={},
    )


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def office(request: HttpRequest) -> HttpResponse:
    """The office's hours, for the whole company."""
    opens, closes = office_hours(None, timezone.now())
    form = OfficeHoursForm(request.POST or None, initial={"opens": opens, "closes": closes})

    def save(key: str) -> None:
        given, value = form.cleaned_data, form.value()
        old = "–".join(office_hours(None, given["in_force_at"]))
        change = Change(OFFICE, value, given["in_force_at"], given["why"], "上班时间", old, "–".join(value))
        set_parameter(change, None, by=request.user, key=key)

    return saving(
        request,
        form,
        save,
        template="kernel/settings/form.html",
        title="全公司的上班时间",
        done="上班时间的改动已记下，到时生效。",
        leave_url=reverse("kernel:settings_hours"),
        context={},
    )


def service_hours(community: Any, at: datetime) -> dict[str, list[str] | None]:
    """By weekday, Monday is "0"; None is a closed day."""
    own = parameter(SERVICE, community.pk, at) or {}
    return {str(day): own.get(str(day), list(DEFAULT_HOURS)) for day in range(7)}


def office_hours(community: Any | None, at: datetime) -> list[str]:
    return list(parameter(OFFICE, community.pk if community else None, at) or OFFICE_HOURS)


def _days(hours: dict[str, list[str] | None]) -> list[tuple[str, str]]:
    return [(name, _span(hours[str(day)])) for day, name in enumerate(WEEKDAYS)]


def _span(hours: list[str] | None) -> str:
    return f"{hours[0]}–{'24:00' if hours[1] == '00:00' else hours[1]}" if hours else "不服务"


def in_words(hours: dict[str, list[str] | None]) -> str:
    """星期一至星期五 08:30–22:00；星期六 不服务 …"""
    runs: list[list[Any]] = []
    for name, text in _days(hours):
        if runs and runs[-1][2] == text:
            runs[-1][1] = name
        else:
            runs.append([name, name, text])
    return "；".join(f"{first if first == last else f'{first}至{last}'} {text}" for first, last, text in runs)


def _initial(hours: dict[str, list[str] | None]) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for day in range(7):
        span = hours[str(day)]
        opens, closes = span or DEFAULT_HOURS
        initial |= {
            f"open_{day}": span is not None,
            f"from_{day}": time.fromisoformat(opens),
            f"to_{day}": time.fromisoformat(closes),
        }
    return initial


def _coming(row: Any, words: str) -> dict[str, str]:
    return {
        "since": moments.stamp(row.in_force_at),
        "words": words,
        "by": str(row.by),
        "why": row.why,
    }
