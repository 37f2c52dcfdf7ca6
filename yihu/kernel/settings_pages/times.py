"""每天的时刻: hours of the day at which something comes round (shifts, checks, sign-offs), declared by areas, set by a company."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms

from yihu.kernel.calendars import parameter
from yihu.kernel.settings_pages.declared import Kind
from yihu.kernel.settings_pages.forms import ChangeForm


@dataclass(frozen=True)
class Times:
    """One such setting. ``none`` says what holds where no hour is named; ``most`` is how many hours it may have."""

    name: str
    label: str
    words: str
    default: tuple[str, ...]
    none: str
    most: int = 1

    def at(self, community_id: int, moment: datetime) -> tuple[str, ...]:
        return tuple(parameter(self.name, community_id, moment, self.default))

    def said(self, value: Iterable[str]) -> str:
        return "、".join(value) or self.none


class TimesForm(ChangeForm):
    hours = forms.CharField(label="时刻", required=False, max_length=80)
    field_order = ("hours", "in_force_at", "why")

    def __init__(self, data: Any, times: Times, now: tuple[str, ...]) -> None:
        super().__init__(data, initial={"hours": " ".join(now)})
        self.times = times
        many = f"最多 {times.most} 个，用空格隔开，例如 08:30 14:00" if times.most > 1 else "例如 10:00"
        self.fields["hours"].help_text = f"{many}；不填就是“{times.none}”。"

    def clean_hours(self) -> list[str]:
        typed = self.cleaned_data["hours"].replace("：", ":").replace("，", " ").replace("、", " ").split()
        try:
            hours = sorted({f"{time.fromisoformat(one.zfill(5)):%H:%M}" for one in typed})
        except ValueError as error:
            raise forms.ValidationError("时刻写成 08:30 这样，几个之间用空格隔开。") from error
        if len(hours) > self.times.most:
            raise forms.ValidationError(f"最多 {self.times.most} 个时刻。")
        return hours

    def value(self) -> list[str]:
        return list(self.cleaned_data["hours"])


TIMES = Kind("每天的时刻", "时刻", "kernel:settings_times", "kernel:settings_times_of", TimesForm)
declare, page, one = TIMES.declare, TIMES.page, TIMES.one
