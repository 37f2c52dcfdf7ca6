"""冲正: who asks for a signed amount to be taken back, and what granting it does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import IntegrityError, transaction

from yihu.areas.services.models import Reversal, ServiceOrder
from yihu.basics.money import yuan
from yihu.kernel.errors import Refused
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
        number = self.cleaned_data["number_of"].strip()
        order = (
            ServiceOrder.objects.seen_by(self.by)
            .filter(number=number, community_id=self.record.community_id, signed_at__isnull=False)
            .first()
        )
        if order is None or not order.total_fen:
            raise forms.ValidationError("没有找到这个编号的、客户已签字并有应收金额的服务单，请核对编号。")
        if order.reversals.exclude(state=Reversal.State.REFUSED).exclude(closed_as="withdrawn").exists():
            raise forms.ValidationError("这张服务单已经有冲正单，请看它的“相关单据”。")
        self.record.order, self.record.amount_fen = order, order.total_fen
        self.record.unit, self.record.party = order.unit, order.party
        return number


class RefuseForm(StepForm):
    answer = forms.CharField(label="不予冲正的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Reversal
        fields: list[str] = []


def asked(act: Any) -> None:
    act.command.link(act.record.order, act.record)
    act.tell_post(
        "cs_supervisor",
        f"{act.record.number} 申请冲正 {act.record.order.number} {yuan(act.record.amount_fen)} 元，请审批。",
    )


def granted(act: Any) -> None:
    """The order keeps its amount; the month's list and whoever adds up sets this one against it."""
    reversal = act.record
    reversal.granted_at = act.at
    try:
        with transaction.atomic():
            Reversal.objects.filter(pk=reversal.pk).update(takes_back=reversal.order)
    except IntegrityError:
        raise Refused("这张服务单刚刚已经冲正过，不能再冲。") from None
    reversal.takes_back = reversal.order
    act.command.note(
        reversal.order, f"{act.by} 批准冲正 {yuan(reversal.amount_fen)} 元（{reversal.number}）", step="reversed"
    )
    act.tell([reversal.opened_by], f"{reversal.number} 已批准，{reversal.order.number} 已冲正。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 不予冲正：{act.data['answer']}")
