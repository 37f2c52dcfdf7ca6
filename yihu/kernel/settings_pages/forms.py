"""What a person types on the settings pages."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone

from yihu.basics.text import clean
from yihu.basics.worktime import OfficeCalendar
from yihu.kernel.forms import tidy

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
MOST_MINUTES, MOST_DAYS = 60 * 24 * 60, 365


def tomorrow() -> datetime:
    """Midnight tonight: a number that changes in the middle of a day surprises people."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class TidyForm(forms.Form):
    """Typed text without control characters and direction marks."""

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()  # type: ignore[misc]


class ChangeForm(TidyForm):
    """What every change of a parameter says besides the number: from when, and why."""

    in_force_at = forms.DateTimeField(
        label="生效时间",
        initial=tomorrow,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="至少在一分钟以后。之前登记的事仍按原来的规定。",
    )
    why = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_why(self) -> str:
        return clean(self.cleaned_data["why"], 200)


class LimitForm(ChangeForm):
    """A new amount in the unit of the clock's own calendar."""

    amount = forms.IntegerField(label="时限", min_value=1)
    field_order = ("amount", "in_force_at", "why")

    def __init__(self, *args: Any, in_days: bool, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_days = in_days
        field = self.fields["amount"]
        field.label = f"新的时限（{unit}）"
        most = MOST_DAYS if in_days else MOST_MINUTES
        field.validators.append(MaxValueValidator(most, f"最多 {most} {unit}。"))
        field.widget.attrs["max"] = most

    def value(self) -> dict[str, int]:
        return {"days" if self.in_days else "minutes": self.cleaned_data["amount"]}


def time_field(label: str, **options: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


class ServiceHoursForm(ChangeForm):
    """When the desk is open, by weekday."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(WEEKDAYS):
            self.fields[f"open_{weekday}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"from_{weekday}"] = time_field(f"{name}开始", required=False)
            self.fields[f"to_{weekday}"] = time_field(f"{name}结束", required=False)
        self.order_fields([*(name for name in self.fields if name[-1].isdigit()), "in_force_at", "why"])

    def days(self) -> list[dict[str, Any]]:
        """The rows of the page."""
        return [
            {"name": name, "open": self[f"open_{day}"], "from": self[f"from_{day}"], "to": self[f"to_{day}"]}
            for day, name in enumerate(WEEKDAYS)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for day in range(7):
            opens, closes = cleaned.get(f"from_{day}"), cleaned.get(f"to_{day}")
            if not cleaned.get(f"open_{day}"):
                continue
            for name, given in ((f"from_{day}", opens), (f"to_{day}", closes)):
                if given is None and name not in self.errors:
                    self.add_error(name, "请填写时间，或取消这一天。")
            if opens is not None and closes is not None and closes <= opens and closes != time(0):
                self.add_error(f"to_{day}", "结束要晚于开始；到半夜请填 00:00。")
        if not any(cleaned.get(f"open_{day}") for day in range(7)):
            self.add_error(None, "一周内至少要有一天是服务日。")
        return cleaned

    def value(self) -> dict[str, list[str] | None]:
        given = self.cleaned_data
        return {
            str(day): [f"{given[f'from_{day}']:%H:%M}", f"{given[f'to_{day}']:%H:%M}"] if given[f"open_{day}"] else None
            for day in range(7)
        }


class OfficeHoursForm(ChangeForm):
    """The office's hours on a working day; their end is the end of a working day."""

    opens = time_field("上班")
    closes = time_field("下班", help_text="按工作日计算的时限，到这一刻为止。")
    field_order = ("opens", "closes", "in_force_at", "why")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens is not None and closes is not None:
            try:
                OfficeCalendar(office_hours=(opens, closes))
            except ValueError:
                self.add_error("closes", "下班要晚于上班。")
        return cleaned

    def value(self) -> list[str]:
        return [f"{self.cleaned_data['opens']:%H:%M}", f"{self.cleaned_data['closes']:%H:%M}"]
