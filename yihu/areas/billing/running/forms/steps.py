"""What the checker, the one who asks for taking back, and the one who does not agree write down."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.billing.running.models import BillingRun
from yihu.ground.estate.finding import find_units
from yihu.ground.ledger.models import Charge
from yihu.kernel.forms import StepForm


class CheckForm(StepForm):
    optional = ("check_note",)
    starred = ("check_note",)

    class Meta:
        model = BillingRun
        fields = ["check_note"]
        widgets = {"check_note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"check_note": "看过哪些户、与什么核对过；没有要写的可以空着"}


class ReturnForm(StepForm):
    class Meta:
        model = BillingRun
        fields = ["check_note"]
        widgets = {"check_note": forms.Textarea(attrs={"rows": 2})}
        labels = {"check_note": "哪里不对"}
        help_texts = {"check_note": "写明哪一户、哪一项不对，改好后重新试算"}


class AskBackForm(StepForm):
    """The whole run, or some units by their room numbers, one a line."""

    rooms = forms.CharField(
        label="只冲这些户", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text="一行一个房号；整批冲回就空着",
    )  # fmt: skip
    optional = ("rooms",)
    sections = (("", ("back_why", "rooms")),)

    class Meta:
        model = BillingRun
        fields = ["back_why"]
        widgets = {"back_why": forms.Textarea(attrs={"rows": 2})}

    def clean_rooms(self) -> list[int]:
        return [self._unit(room) for room in map(str.strip, self.cleaned_data["rooms"].splitlines()) if room]

    def _unit(self, room: str) -> int:
        found = find_units(room[:60], [self.record.community_id], 3)
        exact = [one for one in found if str(one) == room] or found
        if len(exact) != 1:
            raise forms.ValidationError(f"“{room[:60]}”对不上一户，请写完整的房号。")
        if not Charge.objects.filter(record_id=self.record.pk, unit=exact[0], reversal__isnull=True).exists():
            raise forms.ValidationError(f"{exact[0]} 在本批里没有账单，或者已经冲回。")
        return int(exact[0].pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.record.back_units = sorted(set(cleaned.get("rooms") or []))
        return cleaned


class RefuseBackForm(StepForm):
    reason = forms.CharField(label="不同意的原因", widget=forms.Textarea(attrs={"rows": 2}), max_length=200)

    class Meta:
        model = BillingRun
        fields: list[str] = []
