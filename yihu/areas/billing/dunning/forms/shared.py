"""Forms that several registers of dunning ask alike: one reason in words, how a paper was delivered, when the post brought it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.delivering import DeliveryForm
from yihu.kernel.forms import StepForm


def words_form(model: Any, name: str, base: type[StepForm] = StepForm, **helps: str) -> type[StepForm]:
    """One column of words, two lines high."""
    widgets = {name: forms.Textarea(attrs={"rows": 2})}
    meta = type("Meta", (), {"model": model, "fields": [name], "widgets": widgets, "help_texts": helps})
    return type(f"{model.__name__}{name.title()}Form", (base,), {"Meta": meta})


def delivery_form(model: Any) -> type[DeliveryForm]:
    """How the paper reached the payer of the record."""

    class ToItsPayer(DeliveryForm):
        class Meta:
            fields: list[str] = []

        def addressee(self) -> Any:
            return self.record.party

    meta = type("Meta", (ToItsPayer.Meta,), {"model": model})
    return type(f"{model.__name__}DeliveryForm", (ToItsPayer,), {"Meta": meta})


class _Arrived(StepForm):
    """查到签收: the post says when it arrived."""

    class Meta:
        fields = ["arrived_on"]
        widgets = {"arrived_on": forms.DateInput(attrs={"type": "date"})}

    def clean_arrived_on(self) -> date:
        on: date = self.cleaned_data["arrived_on"]
        if not timezone.localdate(self.record.delivered_at) <= on <= timezone.localdate(self.at or timezone.now()):
            raise forms.ValidationError("签收日期要在寄出之后、今天之前。")
        return on


def arrived_form(model: Any) -> type[StepForm]:
    meta = type("Meta", (_Arrived.Meta,), {"model": model})
    return type(f"{model.__name__}ArrivedForm", (_Arrived,), {"Meta": meta})
