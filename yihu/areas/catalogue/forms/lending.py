"""档案借阅."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.catalogue.forms import preset
from yihu.areas.catalogue.models import Item, ItemLoan
from yihu.areas.catalogue.tree import items_of
from yihu.areas.catalogue.words import BORROW
from yihu.basics.worktime import OFFICE_ZONE
from yihu.kernel.forms import PersonChoice, StepForm

USUAL = timedelta(days=7)


class ItemChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """What is there to be lent."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.section} · {obj.number} {obj}"


class LoanForm(StepForm):
    item = ItemChoice(
        queryset=Item.objects.none(), label="档案", empty_label="请选择",
        error_messages={"invalid_choice": "这一件已经借出、销毁或列入销毁清单，请选别的。"},
    )  # fmt: skip
    staff = PersonChoice(label="本项目员工借阅", capability=BORROW, help_text="员工借阅选这里，不用再写姓名")
    optional = ("staff", "borrower", "department")
    sections = (
        ("", ("item", "staff", "purpose", "due_at")),
        ("外单位借阅", ("borrower", "department")),
    )

    class Meta:
        model = ItemLoan
        fields = ["item", "staff", "borrower", "department", "purpose", "due_at"]

    def prepare(self) -> None:
        rows = items_of(self.record.community_id).filter(shown=True, status=Item.Status.KEPT)
        self.fields["item"].queryset = rows.filter(out=False, listed=False)  # type: ignore[attr-defined]
        day = timezone.localdate(self.at) + USUAL
        preset(self, due_at=datetime.combine(day, time(17, 30), OFFICE_ZONE))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        staff = cleaned.get("staff")
        if staff is not None:
            cleaned["borrower"] = str(staff)
            self.instance.handler = staff
        elif not cleaned.get("borrower"):
            self.add_error("borrower", "请选借阅的员工，或写明外单位借阅人。")
        elif not cleaned.get("department"):
            self.add_error("department", "外单位借阅的，请写明单位。")
        return cleaned

    def clean_due_at(self) -> Any:
        return self.to_come("due_at")


class ExtendForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200)

    class Meta:
        model = ItemLoan
        fields = ["due_at"]
        labels = {"due_at": "新的应还时间"}

    def clean_due_at(self) -> Any:
        return self.to_come("due_at")


class ReturnForm(StepForm):
    optional = ("note",)
    only_when = {"note": "condition=damaged"}

    class Meta:
        model = ItemLoan
        fields = ["condition", "note"]
        widgets = {"condition": forms.RadioSelect}

    def prepare(self) -> None:
        preset(self, condition=ItemLoan.Condition.GOOD)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("condition") == ItemLoan.Condition.DAMAGED and not cleaned.get("note"):
            self.add_error("note", "请写明缺了或损了什么。")
        return cleaned


class LoseForm(StepForm):
    class Meta:
        model = ItemLoan
        fields = ["note"]

    def prepare(self) -> None:
        self.fields["note"].label = "遗失经过"


class WriteOffForm(StepForm):
    reason = forms.CharField(label="处理结果", max_length=200, help_text="怎样找过、谁同意报失、怎样补")

    class Meta:
        model = ItemLoan
        fields: list[str] = []
