"""工作日历: the years that are known, the days of one of them, and the page on which a year is entered."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.basics.text import clean_line
from yihu.kernel import holidays
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.holidays import BOOK, ENTER, FESTIVALS, Notice
from yihu.kernel.models.parameter import CalendarDay, CalendarYear
from yihu.kernel.plain import entries, journal_of, key_of, seen_so_far
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none
from yihu.kernel.settings_pages.forms import TidyForm

WEEK = tuple("一二三四五六日")
ROWS = 8


class YearForm(TidyForm):
    """The notice: festival by festival, or pasted line by line; both at once will do."""

    source = forms.CharField(label="依据", max_length=120, help_text="通知的名称或文号")
    text = forms.CharField(
        label="逐日填写或粘贴",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        first, last = date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()
        self.fields[
            "text"
        ].help_text = f"一行一天，例如：{year}-01-01 休 元旦；连续几天可写成 {year}-10-01 至 {year}-10-07 休 国庆节"
        for row in range(ROWS):
            name = FESTIVALS[row] if row < len(FESTIVALS) else ""
            dates = {"type": "date", "min": first, "max": last}
            self.fields[f"name_{row}"] = forms.CharField(label="节日", max_length=20, required=False, initial=name)
            self.fields[f"first_{row}"] = forms.DateField(label="第一天", required=False, widget=forms.DateInput(dates))
            self.fields[f"last_{row}"] = forms.DateField(
                label="最后一天", required=False, widget=forms.DateInput(dates)
            )
            self.fields[f"worked_{row}"] = forms.CharField(
                label="调休上班",
                max_length=60,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": "如 2-6、2-20"}),
            )

    def rows(self) -> list[list[Any]]:
        return [[self[f"{name}_{row}"] for name in ("name", "first", "last", "worked")] for row in range(ROWS)]

    def clean_source(self) -> str:
        return clean_line(self.cleaned_data["source"], 120)

    def notice(self) -> Notice:
        """What both parts say together."""
        given = self.cleaned_data
        lines = [(f"第 {number} 行", line) for number, line in enumerate(given["text"].splitlines(), 1)]
        for row in range(ROWS):
            name, first, last = (given.get(f"{part}_{row}") for part in ("name", "first", "last"))
            place = name or f"表格第 {row + 1} 行"
            if first or last:
                lines.append((place, f"{first or last} 至 {last or first} 休 {name or ''}"))
            for word in given.get(f"worked_{row}", "").replace("，", "、").replace(",", "、").split("、"):
                if word.strip():
                    lines.append((place, f"{word.strip()} 班 {name}调休"))
        return holidays.read_lines(lines, self.year)


@require_GET
@policy(may=ENTER)
def page(request: HttpRequest, year: int = 0) -> HttpResponse:
    """One year on a page: twelve months, with what differs from a plain week."""
    today = timezone.localdate()
    year = year or today.year
    known = list(CalendarYear.objects.order_by("year").values_list("year", flat=True))
    asked = sorted({*known, today.year, today.year + 1})
    if year not in asked:
        raise Http404
    row = CalendarYear.objects.filter(year=year).first()
    days = {one.day: (one.working, one.name) for one in CalendarDay.objects.filter(day__year=year)}
    notice = Notice(year, days)
    context = {
        "title": "工作日历",
        "year": year,
        "known": row is not None,
        "source": row.source if row else "",
        "tabs": [
            {
                "label": str(one),
                "url": reverse("kernel:settings_calendar_year", args=[one]),
                "current": one == year,
                "count": "" if one in known else "未录入",
                "hot": one in holidays.missing(today),
            }
            for one in asked
        ],
        "missing": holidays.missing(today),
        "months": grid(year, days, today),
        "notice": notice,
        "may_enter": holidays.may_enter(year, today),
        "journal": journal_of(BOOK, year),
    }
    return render(request, "kernel/settings/calendar.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=ENTER)
def enter(request: HttpRequest, year: int) -> HttpResponse:
    """Type, look at it as twelve months, save."""
    if not holidays.may_enter(year, timezone.localdate()):
        raise Http404
    leave = reverse("kernel:settings_calendar_year", args=[year])
    row = CalendarYear.objects.filter(year=year).first()
    form = YearForm(request.POST or None, year=year, initial=_initial(year, row))
    context: dict[str, Any] = {
        "title": f"{'更正' if row else '录入'} {year} 年放假安排",
        "year": year,
        "form": form,
        "key": key_of(request),
        "seen": number_or_none(request.POST.get("seen")) if request.POST else seen_so_far(BOOK, year),
        "leave_url": leave,
    }
    act = request.POST.get("act", "look")
    if request.method == "GET" or act == "back":
        return render(request, "kernel/settings/year.html", context)
    if not form.is_valid():
        return render(request, "kernel/settings/year.html", context, status=422)
    notice = form.notice()
    if notice.problems:
        return render(request, "kernel/settings/year.html", {**context, "problems": notice.problems}, status=422)
    context |= {
        "notice": notice,
        "months": grid(year, notice.days, timezone.localdate()),
        "source": form.cleaned_data["source"],
    }
    if act != "save":
        return render(request, "kernel/settings/year_seen.html", context)
    try:
        holidays.enter_year(
            notice, form.cleaned_data["source"], by=request.user, key=context["key"], seen=context["seen"]
        )
    except Conflict as found:
        conflict = {"sentence": found.sentence, "entries": entries(found.entries)}
        context |= {"conflict": conflict, "seen": seen_so_far(BOOK, year), "key": key_of(request)}
        return render(request, "kernel/settings/year_seen.html", context, status=found.status)
    except Refused as refused:
        return render(
            request, "kernel/settings/year_seen.html", {**context, "refusal": refused.sentence}, status=refused.status
        )
    messages.success(request, f"{year} 年的放假安排已保存，暂定的时限正在重新推算。", extra_tags=request.path)
    return redirect(leave)


def _initial(year: int, row: CalendarYear | None) -> dict[str, str]:
    """A year that is known is shown as it stands; an empty table beside it would say everything twice."""
    if row is None:
        return {}
    days = {one.day: (one.working, one.name) for one in CalendarDay.objects.filter(day__year=year)}
    return {"source": row.source, "text": Notice(year, days).text()}


def grid(year: int, days: dict[date, tuple[bool, str]], today: date) -> list[dict[str, Any]]:
    """Twelve months of weeks of days, Monday first."""
    weeks = months.Calendar()
    return [
        {
            "name": f"{month} 月",
            "weeks": [
                [_cell(day, month, days.get(day), today) for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _cell(day: date, month: int, changed: tuple[bool, str] | None, today: date) -> dict[str, Any]:
    if day.month != month:
        return {"day": ""}
    css = ["day-rest"] if day.weekday() > 4 else []
    if changed is not None:
        css = ["day-worked" if changed[0] else "day-off"]
    if day == today:
        css.append("day-today")
    word = "" if changed is None else "班" if changed[0] else "休"
    return {"day": day.day, "css": " ".join(css), "word": word, "name": changed[1] if changed else ""}
