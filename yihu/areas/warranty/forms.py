"""What each step of a warranty slip asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from yihu.areas.warranty.models import Slip
from yihu.areas.warranty.terms import end_of, hand_by, term_of
from yihu.ground.contact.signing import REFUSAL, SigningForm
from yihu.ground.estate.models import Building
from yihu.kernel.forms import PhotosField, PickField, StepForm

DATE = {"type": "date"}


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), **options)


class TermShown(forms.Widget):
    """Not asked: whether the warranty still runs, shown as soon as unit and class are known."""

    template_name = "warranty/term_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        prefix = name.rpartition("-")[0]
        asked = ("unit", "item", "agreed_until", "building", "common_area", "accepted_on")
        names = [f"{prefix}-{one}" if prefix else one for one in asked]
        included = ", ".join(f"[name={one}]" for one in dict.fromkeys([*names, "unit"]))
        context["widget"].update(url=reverse("warranty:term"), included=included)
        return context


class BuildingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.cluster.name if obj.cluster else ''} {obj}".strip()


class SlipForm(StepForm):
    """Opening; where it comes of a contact, only the class is asked. Of a common part the place is said instead of a unit."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    building = BuildingField(label="楼栋", queryset=Building.objects.none(), empty_label="不属于哪一栋")
    accepted_on = day_field("部位竣工验收日期", help_text="不填则按楼栋的；大门、道路等不属于哪一栋的，在这里填")
    term = forms.CharField(label="保修期", widget=TermShown)
    agreed_until = day_field("约定保修期至", help_text="只有“其它”要填：看购房合同或质量保证书")
    photos = PhotosField(label="现场照片")
    optional = (
        "term", "unit", "party", "building", "common_area", "accepted_on", "location", "reporter", "phone", "agreed_until",
        "out_reason", "photos",
    )  # fmt: skip
    starred = ("unit",)
    taken_over = ("defect", "unit", "party", "reporter", "phone")
    sections = (
        ("", ("item", "term", "unit", "defect", "location")),
        ("公共部位（不是哪一户的，在这里选）", ("building", "common_area", "accepted_on")),
        ("约定保修期、报修人、照片（可不填）", ("agreed_until", "out_reason", "reporter", "phone", "photos")),
    )

    class Meta:
        model = Slip
        fields = [
            "item", "defect", "unit", "party", "building", "common_area", "accepted_on", "location", "reporter", "phone",
            "agreed_until", "out_reason",
        ]  # fmt: skip
        widgets = {
            "item": forms.RadioSelect,
            "defect": forms.Textarea(attrs={"rows": 2}),
            "party": forms.HiddenInput,
        }
        labels = {"common_area": "部位"}
        help_texts = {"out_reason": "例如：开发商书面承诺延长保修", "common_area": "例如：屋面、电梯厅、地下室外墙"}

    def prepare(self) -> None:
        here = self.record.community_id
        self.fields["party"].queryset = self.fields["party"].queryset.filter(community_id=here)  # type: ignore[attr-defined]
        buildings = Building.objects.filter(community_id=here).select_related("cluster")
        self.fields["building"].queryset = buildings.order_by("cluster__code", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        slip = self.record
        slip.handler, slip.team, slip.hand_by = self.by, "cs_dept", hand_by(self.at)
        common = self._place(cleaned)
        unit, item = cleaned.get("unit"), cleaned.get("item")
        if not item or (unit is None and not common):
            return cleaned
        term = term_of(
            item, cleaned.get("building") if common else unit.building, timezone.localdate(self.at),
            cleaned.get("agreed_until"), accepted_on=cleaned.get("accepted_on"), common=common,
        )  # fmt: skip
        slip.warranty_from, slip.warranty_until, slip.within = term.since, term.until, term.within
        if term.within != Slip.Within.OUT:
            cleaned["out_reason"] = ""
        elif not cleaned.get("out_reason"):
            self.add_error("out_reason", f"{term.sentence}确实要交开发商的，请写明原因。")
        return cleaned

    def clean_accepted_on(self) -> Any:
        return self.not_to_come("accepted_on")

    def _place(self, cleaned: dict[str, Any]) -> bool:
        """A unit, or a common part that is nobody's own, whoever reported it; its sheet goes into nobody's file."""
        common = bool(cleaned.get("building") or cleaned.get("common_area"))
        if common:
            cleaned["unit"] = None
            if not cleaned.get("common_area"):
                self.add_error("common_area", "请写明是哪个部位，例如：屋面、电梯厅。")
        else:
            cleaned["accepted_on"] = None  # a household's part is its building's
            if cleaned.get("unit") is None and "unit" not in self.errors:
                self.add_error("unit", "请选择房号；公共部位的返修请填写“公共部位”。")
        return common


class PlainForm(StepForm):
    """A step's own form without columns of its own."""

    class Meta:
        model = Slip
        fields: list[str] = []


class PromisingForm(PlainForm):
    """Names the day until which the developer will have done it."""

    promised_on = day_field("开发商约定完成日期")
    field_order = ("promised_on",)

    def clean_promised_on(self) -> date | None:
        day: date | None = self.cleaned_data["promised_on"]
        if day is None:
            return None
        if self.at and day < timezone.localdate(self.at):
            raise forms.ValidationError("约定完成日期不能早于今天。")
        self.record.promised_at = end_of(day, self.record.community_id, self.at or timezone.now())
        return day


class HandForm(SigningForm, PromisingForm):
    """The developer's after-sales signs for the slip, and may name a day at once."""

    whose, why, own_work = "开发商", "receive_refused", False
    optional = ("promised_on",)
    sections = (("", ("receiver", "promised_on", "signature")), ("开发商拒签时填写", ("receive_refused", *REFUSAL)))

    class Meta:
        model = Slip
        fields = ["receiver", "receive_refused"]


class PlanForm(PromisingForm):
    class Meta:
        model = Slip
        fields = ["plan", "contractor"]
        widgets = {"plan": forms.Textarea(attrs={"rows": 3})}


class ChaseForm(PromisingForm):
    """Each time that the developer is reminded: how, whom, what he said; a new day, if he named one."""

    way = forms.ChoiceField(label="方式", choices=Slip.Way.choices, widget=forms.RadioSelect, initial=Slip.Way.PHONE)
    whom = forms.CharField(label="对方姓名", max_length=40)
    answer = forms.CharField(label="对方答复", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    optional = ("promised_on",)
    field_order = ("way", "whom", "answer", "promised_on")


class LetterForm(StepForm):
    """The letter to the developer; what is known stands in it already."""

    letter_by = day_field("要求答复日期")
    optional = ("letter_words",)

    class Meta:
        model = Slip
        fields = ["letter_to", "letter_by", "letter_words"]
        widgets = {"letter_words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"letter_words": "返修内容、历次催办自动列在函里，这里只写另外的要求"}

    def prepare(self) -> None:
        self.initial["letter_to"] = self.record.letter_to or self.record.developer

    def clean_letter_by(self) -> date:
        day: date = self.cleaned_data["letter_by"]
        if self.at and day <= timezone.localdate(self.at):
            raise forms.ValidationError("要求答复日期要晚于今天。")
        return day


class FinishForm(StepForm):
    finished_on = day_field("完工日期")
    photos = PhotosField(label="完工照片")
    optional = ("photos",)

    class Meta:
        model = Slip
        fields = ["work_done", "finished_on", "contractor"]
        widgets = {"work_done": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        self.initial["finished_on"] = self.record.finished_on or timezone.localdate(self.at)
        self.fields["contractor"].required = False

    def clean_contractor(self) -> str:
        """Left empty it stays who it was in the plan."""
        return str(
            self.cleaned_data["contractor"] or Slip.objects.values_list("contractor", flat=True).get(pk=self.record.pk)
        )

    def clean_finished_on(self) -> date:
        day: date = self.not_to_come("finished_on")
        return day


class PassedForm(StepForm):
    photos = PhotosField(label="复检照片")
    optional = ("photos",)

    class Meta:
        model = Slip
        fields = ["checked"]
        widgets = {"checked": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        self.initial["checked"] = ""


class FailedForm(PassedForm, PromisingForm):
    """Not good enough: what is wrong, and by when the developer does it again."""

    field_order = ("checked", "promised_on", "photos")


class AcceptForm(SigningForm):
    whose, why, own_work = "业主", "accept_refused", False
    sections = (("", ("signature",)), ("业主拒签时填写", ("accept_refused", *REFUSAL)))

    class Meta:
        model = Slip
        fields = ["accept_refused"]
        labels = {"accept_refused": "拒签原因"}

    def prepare(self) -> None:
        if not self.record.unit_id:
            self.whose = CommonAcceptForm.whose  # type: ignore[misc]


class CommonAcceptForm(AcceptForm):
    """For a part that is nobody's own somebody signs in the name of all."""

    whose = "业主代表"


class NotAcceptedForm(PromisingForm):
    """The owner is not content with the work: why, and by when it is done again."""

    photos = PhotosField(label="照片")
    optional = ("photos",)
    field_order = ("accept_refused", "promised_on", "photos")

    class Meta:
        model = Slip
        fields = ["accept_refused"]
        labels = {"accept_refused": "业主不认可的原因"}

    def prepare(self) -> None:
        self.initial["accept_refused"] = ""


class NextForm(StepForm):
    """When the owner will hear of it again."""

    told = forms.CharField(label="如何告知业主", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    next_told_at = forms.DateTimeField(label="下次告知业主时间")

    class Meta:
        model = Slip
        fields = ["next_told_at"]

    def clean_next_told_at(self) -> Any:
        return self.to_come("next_told_at")


class RefusedForm(NextForm):
    """The developer refuses: his words, photographs of the place, and what the owner was told."""

    photos = PhotosField(label="现场照片")
    field_order = ("refused_reason", "photos", "told", "next_told_at")

    class Meta:
        model = Slip
        fields = ["refused_reason", "next_told_at"]
        widgets = {"refused_reason": forms.Textarea(attrs={"rows": 2})}


class SettledForm(PromisingForm):
    """The dispute is over and the developer does it after all."""

    outcome = forms.CharField(label="协商结果", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("outcome", "promised_on")


class NotCoveredForm(PlainForm):
    reason = forms.CharField(label="认定理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    told = forms.CharField(label="如何告知业主", max_length=200)
