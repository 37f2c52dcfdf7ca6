"""What a line of the three registers asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.needs.effects import sign_by
from yihu.areas.needs.models import Need
from yihu.ground.staff.codes import DEPARTMENTS
from yihu.ground.staff.models import Department
from yihu.kernel.forms import PersonChoice, PickField, StepForm

LINE = [
    "register", "unit", "party", "customer", "phone", "place", "need_type", "content", "expected_at", "team", "handler",
]  # fmt: skip


class NeedForm(StepForm):
    """Opening: which register, who or where, what, until when, which department."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    team = forms.ChoiceField(label="责任部门")
    handler = PersonChoice(label="承办人", capability="needs.work", help_text="知道是谁就选上，可以以后再定")
    optional = ("unit", "party", "customer", "phone", "place", "handler")
    starred = ("customer", "place")
    only_when = {
        **dict.fromkeys(("unit", "customer", "phone"), "register=commissioned other"),
        "place": "register=public",
    }
    sections = (
        ("", ("register", "unit", "customer", "phone", "place", "content", "need_type", "expected_at", "team")),
        ("承办人（可不填）", ("handler",)),
    )

    class Meta:
        model = Need
        fields = LINE
        widgets = {
            "party": forms.HiddenInput,
            "register": forms.RadioSelect,
            "need_type": forms.RadioSelect,
            "content": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"place": "例如：2 号楼大堂、地下车库东侧"}

    def prepare(self) -> None:
        here = self.record.community_id
        own = dict(Department.objects.filter(community_id=here).values_list("code", "name"))
        self.fields["team"].choices = [("", "请选择"), *((code, own.get(code, name)) for code, name in DEPARTMENTS)]
        if "party" in self.fields:
            self.fields["party"].queryset = self.fields["party"].queryset.filter(community_id=here)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.record.sign_by = self.record.sign_by or sign_by(self.record.community_id, self.at or timezone.now())
        if cleaned.get("register") == Need.Register.PUBLIC:
            cleaned |= {"unit": None, "party": None, "customer": "", "phone": ""}
            if not cleaned.get("place"):
                self.add_error("place", "公共需求请写明是哪个区域。")
        elif cleaned.get("register"):
            cleaned["place"] = ""
            if not cleaned.get("customer"):
                self.add_error("customer", "请写明是哪位客户委托的。")
        return cleaned

    def clean_expected_at(self) -> Any:
        return self.to_come("expected_at") if self.record.pk is None else self.cleaned_data["expected_at"]


class AmendForm(NeedForm):
    """The line as it was written, to be put right before anybody has signed it."""

    class Meta(NeedForm.Meta):
        fields = [name for name in LINE if name != "party"]


class ResubmitForm(AmendForm):
    """The clerk puts right what the approver found; the reason stands with the fields."""

    def prepare(self) -> None:
        super().prepare()
        self.fields["register"].help_text = f"退回原因：{self.record.return_reason}"


class ExpectedForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Need
        fields = ["expected_at"]
        labels = {"expected_at": "新的完成时间"}

    def clean_expected_at(self) -> Any:
        return self.to_come("expected_at")


class DoneForm(StepForm):
    """The department's report back; who and when are known."""

    optional = ("charge_note",)

    class Meta:
        model = Need
        fields = ["result", "charge_note"]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"charge_note": "收了写金额和单号，不收不填"}


class ReturnForm(StepForm):
    class Meta:
        model = Need
        fields = ["return_reason"]
        widgets = {"return_reason": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"return_reason": "写明缺什么、错在哪里，登记人照此补正"}
