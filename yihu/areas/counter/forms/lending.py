"""物品借用."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.counter.models import LendItem, Loan
from yihu.kernel.forms import PersonChoice, PickField, StepForm


class LoanForm(StepForm):
    """What goes out, to whom, until when."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    staff = PersonChoice(label="本项目员工借用", capability="counter.receive", help_text="员工借用选这里，不用再写姓名")
    optional = ("unit", "staff", "borrower", "phone", "deposit_note")
    starred = ("borrower",)
    sections = (
        ("", ("item", "unit", "borrower", "phone", "due_at", "deposit_note")),
        ("员工借用", ("staff",)),
    )

    class Meta:
        model = Loan
        fields = ["item", "unit", "borrower", "phone", "staff", "due_at", "deposit_note"]
        help_texts = {"deposit_note": "收了押金或押了证件，写明多少、押的什么；没有就不填"}
        error_messages = {"item": {"invalid_choice": "这件已经借出或停用，请选别的。"}}

    def prepare(self) -> None:
        inside = LendItem.objects.filter(community_id=self.record.community_id, shown=True).exclude(loans__is_out=True)
        self.fields["item"].queryset = inside.order_by("name", "code")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        staff = cleaned.get("staff")
        if staff is not None:
            cleaned["borrower"] = str(staff)
        elif not cleaned.get("borrower"):
            self.add_error("borrower", "请写明借用人。")
        elif not cleaned.get("unit") and not cleaned.get("phone"):
            self.add_error("unit", "请选房号，或留下借用人的电话，到时好联系。")
        return cleaned

    def clean_due_at(self) -> Any:
        return self.to_come("due_at")


class ExtendForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200)

    class Meta:
        model = Loan
        fields = ["due_at"]
        labels = {"due_at": "新的应还时间"}

    def clean_due_at(self) -> Any:
        return self.to_come("due_at")


class ReturnForm(StepForm):
    optional = ("loss_note",)

    class Meta:
        model = Loan
        fields = ["condition", "loss_note"]
        widgets = {"condition": forms.RadioSelect}

    def prepare(self) -> None:
        self.fields["loss_note"].when = "condition=damaged"  # type: ignore[attr-defined]
        if self.record.deposit_note:
            self.fields["deposit_back"] = forms.BooleanField(
                label=f"押金或押物已退还：{self.record.deposit_note}", required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        good = cleaned.get("condition") == Loan.Condition.GOOD
        if cleaned.get("condition") == Loan.Condition.DAMAGED and not cleaned.get("loss_note"):
            self.add_error("loss_note", "请写明哪里损坏。")
        if good and "deposit_back" in self.fields and not cleaned.get("deposit_back"):
            self.add_error("deposit_back", "物品完好，请退还押金或押物后再勾选。")
        return cleaned


class LoseForm(StepForm):
    class Meta:
        model = Loan
        fields = ["loss_note"]


class SettleForm(StepForm):
    keep = forms.BooleanField(label="这件以后还能外借（找回或修好了）")
    optional = ("keep",)

    class Meta:
        model = Loan
        fields = ["settlement"]
        help_texts = {"settlement": "赔偿多少、收据号，押金怎样处理；免赔的写明谁同意"}
