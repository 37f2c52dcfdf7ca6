"""Which days a report covers: a business month ([21st, next 21st)) or the days that a person asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE, add_months, business_month, business_month_bounds
from yihu.kernel import moments

MONTHS_BACK = 24
LONGEST = timedelta(days=366)
OWN_DAYS = "days"
FEW = timedelta(days=3)  # a month that has only begun tells nothing yet


@dataclass(frozen=True)
class Period:
    """[start, end) in office time. ``query`` is how an address says it."""

    start: datetime
    end: datetime
    title: str
    query: dict[str, str]

    @property
    def days(self) -> str:
        last = timezone.localtime(self.end) - timedelta(days=1)
        return f"{moments.day(self.start)} 至 {last:%Y-%m-%d}"

    def has(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end


def of_month(year: int, month: int) -> Period:
    start, end = business_month_bounds(year, month)
    return Period(start, end, f"{year}年{month}月", {"month": f"{year}-{month:02d}"})


def of_days(first: date, last: date) -> Period:
    start = datetime.combine(first, time(0), OFFICE_ZONE)
    end = datetime.combine(last + timedelta(days=1), time(0), OFFICE_ZONE)
    query = {"month": OWN_DAYS, "first": first.isoformat(), "last": last.isoformat()}
    return Period(start, end, f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}", query)


def months(now: datetime) -> list[tuple[str, str]]:
    """The business months from the present one back, with their days."""
    year, month = business_month(now)
    found = []
    for back in range(MONTHS_BACK):
        day = add_months(date(year, month, 1), -back)
        period = of_month(day.year, day.month)
        found.append((period.query["month"], f"{period.title}（{period.days[5:10]} 至 {period.days[-5:]}）"))
    return found


def usual(now: datetime) -> tuple[int, int]:
    """The month that is shown unless another is asked for: the last whole one until a few days of the present one are in."""
    year, month = business_month(now)
    start = business_month_bounds(year, month)[0]
    return (year, month) if now - start >= FEW else business_month(start - timedelta(days=1))


class MonthForm(forms.Form):
    """Choose a business month."""

    month = forms.ChoiceField(label="业务月", required=False)

    def __init__(self, data: Mapping[str, Any], now: datetime) -> None:
        self.now = now
        asked = {name: value for name, value in data.items() if value}
        self.by_itself = "month" not in asked and usual(now) != business_month(now)
        super().__init__({"month": of_month(*usual(now)).query["month"], **asked})
        self.fields["month"].choices = self.choices()  # type: ignore[attr-defined]

    def choices(self) -> list[tuple[str, str]]:
        return months(self.now)

    def period(self) -> Period:
        """What was chosen; the usual month where the choice is none."""
        chosen = self.cleaned_data.get("month") if self.is_valid() else ""
        if not chosen:
            return of_month(*usual(self.now))
        month = Month.known(chosen)
        return of_month(month.year, month.month)

    @property
    def note(self) -> str:
        """Why it is not the present month that is shown."""
        if not self.by_itself:
            return ""
        return f"{of_month(*business_month(self.now)).title}刚开始，先显示上一个完整的业务月。"


class PeriodForm(MonthForm):
    """Choose a business month, or days of one's own."""

    first = forms.DateField(label="自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def choices(self) -> list[tuple[str, str]]:
        return [*super().choices(), (OWN_DAYS, "自选日期")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("month") != OWN_DAYS:
            return cleaned
        first, last = cleaned.get("first"), cleaned.get("last")
        if not first or not last:
            raise forms.ValidationError("自选日期请填写起止两天。")
        if last < first:
            raise forms.ValidationError("结束日期不能早于开始日期。")
        if last - first >= LONGEST:
            raise forms.ValidationError("一次最多统计一年，请缩短日期范围。")
        if not 2000 <= first.year <= last.year <= 2100:
            raise forms.ValidationError("请填写 2000 年至 2100 年之间的日期。")
        return cleaned

    def period(self) -> Period:
        if self.is_valid() and self.cleaned_data.get("month") == OWN_DAYS:
            return of_days(self.cleaned_data["first"], self.cleaned_data["last"])
        if not self.is_valid():
            return of_month(*usual(self.now))
        return super().period()
