"""The forms of what is contested or looked into: putting a dispute down, deciding it, a payment that is searched for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.dunning.models import Dispute, DunningCase
from yihu.areas.billing.dunning.reckon import undisputed
from yihu.areas.billing.dunning.standing import arrears_of
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Charge
from yihu.ground.sending.guarded import Guarded
from yihu.kernel.forms import FilesField, RowsField, StepForm


def _today(form: StepForm) -> date:
    return timezone.localdate(form.at or timezone.now())


class DisputeForm(StepForm):
    """Which bills are contested, and why."""

    charges = RowsField(queryset=Charge.objects.none(), label="对哪些账单有争议", widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(label="争议内容", widget=forms.Textarea(attrs={"rows": 2}), max_length=300)
    evidence = FilesField(label="客户的书面意见、照片")
    optional = ("evidence",)

    class Meta:
        model = DunningCase
        fields: list[str] = []

    def prepare(self) -> None:
        rows = [charge.pk for charge in undisputed(self.record, _today(self))]
        field: Any = self.fields["charges"]
        field.queryset = Charge.objects.filter(pk__in=rows).select_related("item", "unit").order_by("due_on", "pk")
        field.label_from_instance = lambda one: f"{one}　未缴 {yuan(one.open)} 元"


class DecideForm(Guarded, StepForm):
    """How a dispute was decided; beside each bill stands what the answer is about. The customer is handed it."""

    charges = RowsField(queryset=Charge.objects.none(), label="认定哪些账单", widget=forms.CheckboxSelectMultiple)
    outcome = forms.ChoiceField(label="认定", choices=Dispute.Outcome.choices[:3], widget=forms.RadioSelect)
    words = forms.CharField(label="理由、处理结果", widget=forms.Textarea(attrs={"rows": 2}), max_length=300)
    evidence = FilesField(label="复核记录、双方签字的材料")
    optional = ("evidence",)
    starred = ("evidence",)
    guarded = ("words",)

    class Meta:
        model = DunningCase
        fields: list[str] = []

    def prepare(self) -> None:
        open_ones = self.record.disputes.filter(to_on__isnull=True)
        since = dict(open_ones.values_list("charge", "from_on"))
        rows = Charge.objects.filter(pk__in=since).select_related("item", "unit").order_by("due_on", "pk")
        stakes = {one.charge.pk: one.at_stake for one in arrears_of(rows, _today(self))}
        field: Any = self.fields["charges"]
        field.queryset = rows
        field.label_from_instance = lambda one: (
            f"{one}　未缴 {yuan(one.open)} 元，争议自 {since[one.pk]:%Y-%m-%d}，"
            f"照计的违约金 {yuan(stakes.get(one.pk, 0))} 元"
        )
        field.help_text = "账单金额有错的，另外冲销重出；违约金随账单冲销"
        self.initial.setdefault("charges", list(since))


class SettleForm(StepForm):
    words = forms.CharField(label="怎样解决的", widget=forms.Textarea(attrs={"rows": 2}), max_length=300)

    class Meta:
        model = DunningCase
        fields: list[str] = []


class CheckingForm(StepForm):
    """查账中: the payer says that he has paid; nothing is asked of him while we look."""

    class Meta:
        model = DunningCase
        fields = ["pause_words"]
        labels = {"pause_words": "查什么"}
        help_texts = {"pause_words": "例如：客户说 11 月 3 日转账 3,594.10 元，没写房号"}
