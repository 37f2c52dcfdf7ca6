"""支出更正."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.spending.models import BudgetLine, Claim, SpendCorrection
from yihu.ground.ledger.paying import parts_of
from yihu.ground.ledger.paying_form import PayingForm
from yihu.kernel.forms import RowField, StepForm

State, Way = SpendCorrection.State, SpendCorrection.Way
OPEN = (State.ASKED, State.TO_PAY)


class ClaimField(RowField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.summarise()} {obj.payee}"


def correction_from(origin: Any) -> dict[str, Any]:
    return {"paid_claim": origin.pk} if origin.kind == Claim._meta.label_lower else {}


class CorrectionForm(StepForm):
    """Which paid claim, what was wrong with it, and what is right."""

    paid_claim = ClaimField(Claim.objects.none(), label="报销单", empty_label="请选择")
    optional = ("line",)
    starred = ("line",)
    only_when = {"line": "way=line"}
    field_order = ("paid_claim", "way", "line", "why")

    class Meta:
        model = SpendCorrection
        fields = ["paid_claim", "way", "line", "why"]
        widgets = {"way": forms.RadioSelect, "why": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        here = self.record.community_id
        rows = Claim.objects.filter(community_id=here, state=Claim.State.PAID, payable__voided_by__isnull=True)
        self.fields["paid_claim"].queryset = rows.order_by("-pk")[:200] if not self.is_bound else rows  # type: ignore[attr-defined]
        self.fields["line"].queryset = BudgetLine.spendable(here)  # type: ignore[attr-defined]
        asked = self.initial.get("paid_claim")
        if asked and not self.is_bound:
            self.fields["paid_claim"].queryset = rows.filter(pk=asked)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        claim, line = cleaned.get("paid_claim"), cleaned.get("line")
        if claim is not None:
            waiting = SpendCorrection.objects.filter(paid_claim=claim, state__in=OPEN, closed_as="").exclude(
                pk=self.record.pk
            )
            if (other := waiting.first()) is not None:
                self.add_error("paid_claim", f"这张报销单已有更正 {other.number} 在办。")
        if cleaned.get("way") != Way.LINE:
            cleaned["line"] = None
        elif line is None and "line" not in self.errors:
            self.add_error("line", "请选正确的科目。")
        elif claim is not None and line is not None and line.cost_id in _costs_of(claim):
            self.add_error("line", f"这张报销单本来就记在“{line}”。")
        return cleaned


def _costs_of(claim: Claim) -> list[int]:
    return [part.cost.pk for part in parts_of(claim.payable) if part.cost is not None] if claim.payable else []


class OpinionForm(StepForm):
    class Meta:
        model = SpendCorrection
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}


class PayAgainForm(PayingForm):
    class Meta(PayingForm.Meta):
        model = SpendCorrection
