"""The month's round: opened by the calendar, handed over with a signature, checked by finance."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from yihu.areas.billing.meters.models import ReadingRound
from yihu.areas.billing.meters.rounds import turn_name
from yihu.basics.months import Month
from yihu.kernel.forms import SignatureField, StepForm


class RoundForm(StepForm):
    """Opened by 系统; asks nobody."""

    month = forms.DateField()
    due_at = forms.DateTimeField()

    class Meta:
        model = ReadingRound
        fields: list[str] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        month: date | None = cleaned.get("month")
        if month is None or month.day != 1:
            self.add_error("month", "请给出月份的第一天。")
            return cleaned
        name = turn_name(self.record.community_id, Month.of(month))
        if ReadingRound.objects.filter(turn=name).exists():
            self.add_error("month", f"{Month.of(month)}的抄表单已经开了。")
        self.record.month, self.record.turn, self.record.due_at = month, name, cleaned.get("due_at")
        return cleaned


class HandOverForm(StepForm):
    signature = SignatureField(label="移交人签名")
    optional = ("hand_note",)

    class Meta:
        model = ReadingRound
        fields = ["hand_note"]
        help_texts = {"hand_note": "例如：3 块表家中无人，已估抄"}


class CheckForm(StepForm):
    optional = ("finance_note",)

    class Meta:
        model = ReadingRound
        fields = ["finance_note"]


class SendBackForm(StepForm):
    words = forms.CharField(label="退回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = ReadingRound
        fields: list[str] = []
