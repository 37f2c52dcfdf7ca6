"""What is asked of the store, and what it answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.repairs.forms.base import OnOrder
from yihu.areas.repairs.models import MaterialRequest


class AskStoreForm(OnOrder):
    """What is asked of the store."""

    item = forms.CharField(label="材料", max_length=60)
    quantity = forms.DecimalField(
        label="数量",
        min_value=0.01,
        max_digits=9,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )


class RequestForm(OnOrder):
    """One line that the store has to say something about."""

    request = forms.ModelChoiceField(
        label="材料", queryset=MaterialRequest.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def lines(self) -> Any:
        return MaterialRequest.objects.filter(answer=MaterialRequest.Answer.COMING, arrived_at__isnull=True)

    def prepare(self) -> None:
        rows = self.lines().filter(order_id=self.record.pk).order_by("pk")
        self.fields["request"].queryset = rows  # type: ignore[attr-defined]
        if not self.is_bound:
            self.fields["request"].initial = rows.first()


class AnswerStoreForm(RequestForm):
    """有货、无货等到货、采购不到."""

    answer = forms.ChoiceField(label="仓库答复", choices=MaterialRequest.Answer.choices, widget=forms.RadioSelect)
    arrives_on = forms.DateField(label="预计到货", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    optional = ("arrives_on",)
    starred = ("arrives_on",)
    only_when = {"arrives_on": "answer=coming"}

    def lines(self) -> Any:
        return MaterialRequest.objects.filter(answer="")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") != MaterialRequest.Answer.COMING:
            cleaned["arrives_on"] = None
        elif not cleaned.get("arrives_on"):
            self.add_error("arrives_on", "无货的请填预计到货日期；买不到的请选“采购不到”。")
        elif self.at and cleaned["arrives_on"] <= timezone.localdate(self.at):
            self.add_error("arrives_on", "到货日期要晚于今天；今天就有的请选“有货”。")
        return cleaned
