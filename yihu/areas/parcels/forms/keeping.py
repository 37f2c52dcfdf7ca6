"""While a parcel waits: its person is told, it is laid elsewhere, something is wrong with it."""

from __future__ import annotations

from django import forms

from yihu.areas.parcels import effects, rules, telling
from yihu.areas.parcels.models import ParcelCustody
from yihu.kernel.forms import PhotosField, StepForm

F, T = ParcelCustody.Fault, ParcelCustody.Told


class TellForm(StepForm):
    """通知、催取: how the person was told, now."""

    words = forms.CharField(label="说明", max_length=100, help_text="例如：没人接；答应周六来取")
    optional = ("words",)

    class Meta:
        model = ParcelCustody
        fields = ["told_how"]
        widgets = {"told_how": forms.RadioSelect}

    def prepare(self) -> None:
        party, _ = telling.reached(self.record)
        ways = [choice for choice in T.choices if choice[0] != T.MESSAGE or party is not None]
        self.fields["told_how"].choices = ways  # type: ignore[attr-defined]
        self.fields["told_how"].required = True
        self.initial["told_how"] = T.MESSAGE if party is not None else T.PHONE


class MoveForm(StepForm):
    class Meta:
        model = ParcelCustody
        fields = ["shelf"]

    def clean_shelf(self) -> str:
        shelf = rules.place_of(self.cleaned_data["shelf"])
        if said := rules.others_there(self.record.community_id, shelf, self.record.sort, self.record.pk):
            raise forms.ValidationError(said)
        return shelf


class FaultForm(StepForm):
    """破损 leaves it where it is; 错投, 拒收, 无人领取 send it back to its carrier."""

    photos = PhotosField(label="照片", max_files=3)
    optional = ("photos",)

    class Meta:
        model = ParcelCustody
        fields = ["fault", "fault_note"]
        widgets = {"fault": forms.RadioSelect}
        labels = {"fault": "什么问题"}

    def prepare(self) -> None:
        self.fields["fault"].required = self.fields["fault_note"].required = True

    def clean_fault(self) -> str:
        fault: str = self.cleaned_data["fault"]
        if fault == F.UNCLAIMED and self.record.told_times < effects.CHASES:
            raise forms.ValidationError("还没有催过：先“通知、催取”至少两次，没人来取才能退回。")
        return fault


class KeepForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200, help_text="例如：业主改口要收")

    class Meta:
        model = ParcelCustody
        fields: list[str] = []
