"""合同台账."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.catalogue.forms import preset
from yihu.areas.catalogue.models import Contract
from yihu.areas.catalogue.warnings import expiry_days
from yihu.areas.catalogue.words import CONTRACTS
from yihu.kernel.forms import FilesField, PersonChoice, StepForm
from yihu.kernel.money_forms import MoneyField

DAY = forms.DateInput(attrs={"type": "date"})
MOST_FEN = 100_000_000_000


class _TermForm(StepForm):
    """From and to, in order; the warnings follow."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "合同止不能早于合同起。")
        elif last and last >= date(2200, 1, 1):
            self.add_error("to_on", "请核对年份。")
        elif first and last:
            self.instance.to_on = last
            self.instance.warn(*expiry_days(self.record.community_id, self.at or timezone.now()))
        return cleaned


class ContractForm(_TermForm):
    handler = PersonChoice(label="经办人", capability=CONTRACTS)
    amount = MoneyField(label="合同金额（元）", most=MOST_FEN, help_text="没有总价的空着，在“计价与付款”里写明")
    scans = FilesField(label="扫描件")
    optional = ("paper_no", "amount", "amount_note", "contact_name", "contact_phone", "place", "scans")
    sections = (
        ("", ("subject", "sort", "counterparty", "paper_no", "from_on", "to_on")),
        ("", ("amount", "amount_note", "handler", "place", "scans")),
        ("对方联系人（可不填）", ("contact_name", "contact_phone")),
    )

    class Meta:
        model = Contract
        fields = [
            "subject", "sort", "counterparty", "paper_no", "from_on", "to_on", "amount_note", "handler", "place",
            "contact_name", "contact_phone",
        ]  # fmt: skip

    def prepare(self) -> None:
        preset(self, from_on=timezone.localdate(self.at), handler=self.by and self.by.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.amount_fen = cleaned.get("amount") or None
        return cleaned


class TermForm(_TermForm):
    reason = forms.CharField(label="原因", max_length=200, help_text="登记时写错，或双方签了变更、延期协议")

    class Meta:
        model = Contract
        fields = ["from_on", "to_on"]


class PlanForm(StepForm):
    optional = ("plan_note",)

    class Meta:
        model = Contract
        fields = ["plan", "plan_note"]
        widgets = {"plan": forms.RadioSelect}


class EndForm(StepForm):
    class Meta:
        model = Contract
        fields = ["ended_on", "end_reason"]

    def prepare(self) -> None:
        today = timezone.localdate(self.at)
        over = self.record.to_on <= today
        preset(self, ended_on=min(self.record.to_on, today), end_reason="合同到期" if over else "")

    def clean_ended_on(self) -> Any:
        day = self.cleaned_data["ended_on"]
        if day < self.record.from_on:
            raise forms.ValidationError("终止日期不能早于合同起。")
        return self.not_to_come("ended_on")
