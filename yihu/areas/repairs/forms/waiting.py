"""What is asked about a repair that can't be done now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.repairs.forms.base import OnOrder, ReasonForm
from yihu.areas.repairs.models import Screening, WorkOrder
from yihu.kernel.forms import StepForm


class DeclineForm(ReasonForm):
    """We can't do it: the owner has been told plainly, and how (REP-03)."""

    told = forms.CharField(label="如何告知业主", max_length=200)


class HoldForm(StepForm):
    """On hold needs a reason and the day on which it wakes; the owner is told."""

    told = forms.CharField(label="如何告知业主", max_length=200)
    optional = ("owner_agreed",)

    class Meta:
        model = WorkOrder
        fields = ["hold_reason", "wake_on", "owner_agreed"]
        widgets = {
            "hold_reason": forms.RadioSelect,
            "wake_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"owner_agreed": "业主同意改到恢复日期的，修复时限暂停；否则照常计算。"}

    def clean_wake_on(self) -> Any:
        wake_on = self.cleaned_data["wake_on"]
        if self.at and wake_on <= timezone.localdate(self.at):
            raise forms.ValidationError("恢复日期要晚于今天。")
        return wake_on


class TellOwnerForm(OnOrder):
    """The owner hears in detail why it can't be done now, and until when he must wait (D17)."""

    told = forms.CharField(label="告知了谁、怎样说的", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ScreenForm(OnOrder):
    """筛选: can it be done by now?"""

    result = forms.ChoiceField(label="结果", choices=Screening.Result.choices, widget=forms.RadioSelect)
    words = forms.CharField(label="情况", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DecideForm(ReasonForm):
    """What the supervisor decides about a repair that nobody can do."""

    decision = forms.ChoiceField(
        label="决定",
        choices=[("wait", "继续等"), ("resume", "恢复维修"), ("outside", "外委"), ("decline", "不能承接")],
        widget=forms.RadioSelect,
    )
    wake_on = forms.DateField(label="等到哪一天", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    told = forms.CharField(label="如何告知业主", max_length=200)
    field_order = ("decision", "wake_on", "reason", "told")
    optional = ("wake_on", "told")
    starred = ("wake_on", "told")
    only_when = {"wake_on": "decision=wait", "told": "decision=wait decline"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        decision, wake_on = cleaned.get("decision"), cleaned.get("wake_on")
        if decision == "wait" and not wake_on:
            self.add_error("wake_on", "继续等的，请填等到哪一天。")
        elif decision == "wait" and self.at and wake_on <= timezone.localdate(self.at):
            self.add_error("wake_on", "恢复日期要晚于今天。")
        if decision in ("wait", "decline") and not cleaned.get("told"):
            self.add_error("told", "请写明怎样告知业主。")
        return cleaned
