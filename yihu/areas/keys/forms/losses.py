"""遗失、损坏 (F55), and the look at an empty flat (D50)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.keys.forms.fields import TagForm
from yihu.areas.keys.models import LossReport, VacantCheck
from yihu.kernel.forms import PersonChoice, PhotosField, StepForm
from yihu.kernel.money_forms import MoneyField

SETTLE = "keys.settle"


class LossForm(TagForm):
    """Which key, what happened, who had it last; whoever has told the supervisor already says so (KEY-05)."""

    told_supervisor = PersonChoice(
        label="已经告知的主管", capability=SETTLE, help_text="还没说的不选，系统马上通知主管"
    )
    optional = ("told_supervisor", "last_holder")

    class Meta:
        model = LossReport
        fields = ["what", "found_at", "cause", "last_holder"]
        widgets = {"what": forms.RadioSelect, "cause": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"last_holder": "不填就是最近一次的借用人"}

    def prepare(self) -> None:
        self.initial["found_at"] = self.initial.get("found_at") or timezone.localtime(self.at or timezone.now())
        key = self.found_key()
        if key is not None and not self.is_bound:
            self.initial["last_holder"] = self.initial.get("last_holder") or _last_holder(key)

    def clean_found_at(self) -> Any:
        return self.not_to_come("found_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("last_holder") and "tag" in cleaned:
            cleaned["last_holder"] = _last_holder(self.record.key)
        if "tag" in cleaned and not cleaned["last_holder"]:
            self.add_error("last_holder", "这把钥匙没有借出过，请写明最后是谁经手的。")
        return cleaned


def _last_holder(key: Any) -> str:
    last = key.loans.exclude(out_at=None).order_by("-out_at").first()
    return " ".join(part for part in (last.company, last.borrower) if part) if last else ""


class ToldForm(StepForm):
    """The supervisor knows: he says so himself, or whoever told him does."""

    told_supervisor = PersonChoice(label="主管", capability=SETTLE)

    class Meta:
        model = LossReport
        fields = ["told_supervisor_at"]
        labels = {"told_supervisor_at": "什么时候知道的"}

    def prepare(self) -> None:
        self.initial["told_supervisor_at"] = timezone.localtime(self.at or timezone.now())
        known = self.fields["told_supervisor"].queryset  # type: ignore[attr-defined]
        people = list(known[:2]) if known is not None else []
        self.initial["told_supervisor"] = next((one.pk for one in people if one == self.by or len(people) == 1), None)

    def clean_told_supervisor_at(self) -> Any:
        return _since(self.cleaned_data["told_supervisor_at"], self)


class ToldOwnerForm(StepForm):
    class Meta:
        model = LossReport
        fields = ["told_owner", "told_owner_at"]

    def prepare(self) -> None:
        self.initial["told_owner_at"] = timezone.localtime(self.at or timezone.now())

    def clean_told_owner_at(self) -> Any:
        return _since(self.cleaned_data["told_owner_at"], self)


def _since(moment: Any, form: Any) -> Any:
    if not form.record.found_at <= moment <= (form.at or timezone.now()):
        raise forms.ValidationError("时间要在发现以后，也不能晚于现在。")
    return moment


class RemedyForm(StepForm):
    """What was done about it, what it cost, who pays (KEY-05)."""

    cost = MoneyField(label="费用（元）", help_text="没有花钱填 0")
    optional = ("payer",)

    class Meta:
        model = LossReport
        fields = ["remedy", "remedy_note", "payer"]
        widgets = {"remedy": forms.RadioSelect, "payer": forms.RadioSelect}
        help_texts = {"remedy": "换锁：这把锁的钥匙全部作废；配匙：配好后原标签重新在库"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cost = cleaned.get("cost")
        if cost and not cleaned.get("payer"):
            self.add_error("payer", "有费用的，请选由谁承担。")
        if cost is not None:
            self.record.cost_fen = cost
        return cleaned


class LookForm(StepForm):
    """The steward's look at the empty flat; what is not ticked is wrong and is said."""

    photos = PhotosField(label="照片")
    optional = ("doors_shut", "utilities_off", "nothing_left", "problem", "photos")

    class Meta:
        model = VacantCheck
        fields = ["doors_shut", "utilities_off", "nothing_left", "problem"]
        help_texts = {"problem": "有一项没打勾就写明：什么情况"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        well = all(cleaned.get(name) for name in ("doors_shut", "utilities_off", "nothing_left"))
        if not well and not cleaned.get("problem"):
            self.add_error("problem", "有一项没打勾，请写明什么情况。")
        return cleaned


class PutRightForm(StepForm):
    photos = PhotosField(label="处理后照片")

    class Meta:
        model = VacantCheck
        fields = ["remedy"]
