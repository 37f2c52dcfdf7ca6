"""What is asked when a contact is tied to something under way, or taken out of it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.reception import joining
from yihu.areas.reception.forms import usual_promise
from yihu.areas.reception.models import Contact
from yihu.kernel.forms import RowField, StepForm
from yihu.kernel.models import Record


class JoinForm(StepForm):
    """What a colleague logged is under way already: tied to it instead of opened a second time. Mostly one press on what is
    offered beside; else its number."""

    joins_job = forms.CharField(
        label="并入哪一件", max_length=40, help_text="点右边的“并入”，或填维修单、投诉、停用的编号"
    )
    urges = forms.BooleanField(label="来电催办，记一次催办")
    optional = ("urges",)

    class Meta:
        model = Contact
        fields: list[str] = []

    def clean_joins_job(self) -> Any:
        found = joining.fitting(self.record, self.cleaned_data["joins_job"].strip(), self.by)
        if found is None:
            raise forms.ValidationError("没有找到这个编号的、还在办理的单；已经办结的不能再并入，请用“分派”开单。")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("joins_job"):
            cleaned["into"] = cleaned["joins_job"].record.number
        return cleaned


class LeaveForm(StepForm):
    """The call was tied to something that it is not about: which, and why it is taken out again."""

    job = RowField(Record.objects.none(), label="从哪一张撤出", widget=forms.RadioSelect, empty_label=None)
    reason = forms.CharField(label="撤出的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Contact
        fields: list[str] = []

    def prepare(self) -> None:
        found = joining.joined(self.record)
        field: Any = self.fields["job"]
        field.queryset = Record.objects.filter(pk__in=[row.pk for row in found]).order_by("pk")
        field.label_from_instance = lambda row: f"{row.number} {row.summary}"
        if len(found) == 1:
            self.initial["job"] = found[0].pk

    def clean_job(self) -> Any:
        record = self.cleaned_data["job"]
        if joining.has_heard(self.record, record):
            raise forms.ValidationError(
                f"这位来电人已经就 {record.number} 回访过，不能再撤出；他另有事的，请另登记一次。"
            )
        return record

    def clean(self) -> dict[str, Any]:
        """He waits for an answer of his own again: what he was promised, or what is usual."""
        cleaned = super().clean() or {}
        contact, now = self.record, self.at or timezone.now()
        kept = contact.promised_at if contact.promised_at and contact.promised_at > now else None
        cleaned["promise"] = kept or usual_promise(contact.category, self, contact.channel)
        return cleaned


class RerouteForm(StepForm):
    """Nothing is under way for it any more: it stands before the desk again."""

    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Contact
        fields: list[str] = []
