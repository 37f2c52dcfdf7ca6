"""What is asked when the amount of a signed order is to be taken back."""

from __future__ import annotations

from django import forms

from yihu.areas.services.models import Reversal, ServiceOrder
from yihu.ground.contact import reversing
from yihu.kernel.forms import StepForm


class ReversalForm(StepForm):
    """Opening, mostly from the page of the order."""

    number_of = forms.CharField(label="服务单编号", max_length=40)

    class Meta:
        model = Reversal
        fields = ["reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    field_order = ("number_of", "reason")

    def clean_number_of(self) -> str:
        order = reversing.find_order(self, ServiceOrder.objects, "total_fen", "客户已签字并有应收金额")
        self.record.amount_fen = order.total_fen
        return str(order.number)


class RefuseForm(StepForm):
    answer = forms.CharField(label="不予冲正的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Reversal
        fields: list[str] = []
