"""What several steps of a repair ask."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.forms import StepForm


class OnOrder(StepForm):
    """Asks things that are no columns of the order."""

    class Meta:
        model = WorkOrder
        fields: list[str] = []


class ReasonForm(OnOrder):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class WindowForm(StepForm):
    """A time agreed with the owner."""

    appointment_from = forms.DateTimeField(label="预约开始")
    appointment_to = forms.DateTimeField(label="预约结束")

    class Meta:
        model = WorkOrder
        fields = ["appointment_from", "appointment_to"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("appointment_from"), cleaned.get("appointment_to")
        if first and last and last < first:
            self.add_error("appointment_to", "预约结束不能早于预约开始。")
        if last and self.at and last <= self.at:
            self.add_error("appointment_to", "这个时间已经过去了，请填还没到的时间。")
        return cleaned
