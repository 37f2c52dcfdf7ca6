"""The month's turn: opened by the calendar; left out only with a reason."""

from __future__ import annotations

from datetime import datetime

from django import forms

from yihu.areas.billing.running.models import MonthTurn
from yihu.basics.months import Month
from yihu.kernel.forms import StepForm


class TurnForm(StepForm):
    """Opened by 系统."""

    due_at = forms.DateTimeField(label="应出完时间")

    class Meta:
        model = MonthTurn
        fields = ["period"]

    def clean_period(self) -> str:
        period = str(self.cleaned_data["period"])
        if Month.read(period) is None:
            raise forms.ValidationError("请选择月份，例如 2026-11。")
        other = MonthTurn.objects.filter(turn_of_id=self.record.community_id, period=period).first()
        if other is not None:
            raise forms.ValidationError(f"{period} 的出账已经列出（{other.number}），请在那一条里办。")
        return period

    def clean_due_at(self) -> datetime:
        due: datetime = self.cleaned_data["due_at"]
        self.record.due_at = due
        return due


class LeaveOutForm(StepForm):
    """Nothing is billed this month, and why."""

    class Meta:
        model = MonthTurn
        fields = ["why"]
