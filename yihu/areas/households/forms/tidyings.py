"""What ends a look through the customers' data, and what a merge asks."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.households.models import Finding, Tidying
from yihu.kernel.forms import StepForm, asking

TidyingForm = asking(Tidying, "first_on", "due_at")


class TidiedForm(StepForm):
    optional = ("words",)

    class Meta:
        model = Tidying
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        self.waiting = self.record.findings.filter(result=Finding.Result.OPEN).count()
        if self.waiting:
            self.fields[
                "words"
            ].help_text = f"还有 {self.waiting} 处没有处理，请写明原因；已经在别处更正的会自动记为已更正。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.waiting and not cleaned.get("words"):
            self.add_error("words", f"还有 {self.waiting} 处没有处理，请写明原因。")
        return cleaned


class MergeForm(forms.Form):
    keep = forms.ChoiceField(label="保留哪一条", widget=forms.RadioSelect)
    why = forms.CharField(label="依据", max_length=120, help_text="例如：电话核实是同一个人")

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pair = [one for one in (finding.party, finding.other) if one]
        self.fields["keep"].choices = [(str(one.pk), f"{one.name}（{one.pk} 号）") for one in pair]  # type: ignore[attr-defined]

    def field_sections(self) -> list[dict[str, Any]]:
        return [{"legend": "", "fields": list(self.visible_fields())}]
