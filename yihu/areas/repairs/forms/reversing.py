"""What is asked when a signed repair cost too much."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.repairs.forms.base import OnOrder
from yihu.areas.repairs.models import RepairReversal, WorkOrder
from yihu.basics.money import yuan
from yihu.ground.contact import reversing
from yihu.kernel.forms import StepForm
from yihu.kernel.money_forms import MoneyField


class ReversalForm(StepForm):
    """Opening, mostly from the page of the order. Less than was signed; more needs the customer, on another order."""

    number_of = forms.CharField(label="维修单编号", max_length=40)
    right = MoneyField(label="改为应收（元）", initial="0", help_text="都不该收的填 0；要多收的，另开维修单请客户签字")

    class Meta:
        model = RepairReversal
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    field_order = ("number_of", "right", "reason")

    def clean_number_of(self) -> str:
        return str(reversing.find_order(self, WorkOrder.objects, "due_fen", "客户已签字并要收费").number)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        due, right = self.record.order.due_fen, cleaned["right"]
        if right >= due:
            self.add_error("right", f"要比客户签字的 {yuan(due)} 元少；要多收的，请另开维修单请客户签字。")
        self.record.right_fen, self.record.amount_fen = right, due - right
        return cleaned


class RefuseForm(OnOrder):
    answer = forms.CharField(label="不予冲正的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = RepairReversal
        fields: list[str] = []
