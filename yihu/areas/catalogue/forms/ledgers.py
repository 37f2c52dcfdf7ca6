"""台账归档."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.catalogue.models import Ledger, LedgerFiling
from yihu.kernel.forms import SignatureField, StepForm

FILED, NONE, NOT_YET = "filed", "none", "not_yet"
OUTCOMES = ((FILED, "已打印归档"), (NONE, "本月没有"), (NOT_YET, "还没有"))


class TurnForm(StepForm):
    """The program opens a round for each month."""

    class Meta:
        model = LedgerFiling
        fields = ["period", "due_at"]


class FileForm(StepForm):
    """Ledger by ledger: printed and filed, where, how many sheets."""

    signature = SignatureField(label="归档人签名")

    class Meta:
        model = LedgerFiling
        fields: list[str] = []

    def prepare(self) -> None:
        known = {line["ledger"]: line for line in self.record.lines or ()}
        rows = Ledger.objects.filter(community_id=self.record.community_id, shown=True)
        self.done = {pk: line for pk, line in known.items() if line["done"] == FILED}
        self.listed = [row for row in rows.order_by("position", "pk") if row.pk not in self.done]
        for row in self.listed:
            for name, field in self.line_fields(row).items():
                field.starred, field.when = False, "" if name == "done" else self._when(name, row)  # type: ignore[attr-defined]
                self.fields[f"{name}_{row.pk}"] = field

    def line_fields(self, row: Ledger) -> dict[str, forms.Field]:
        return {
            "done": forms.ChoiceField(label="结果", choices=OUTCOMES, widget=forms.RadioSelect, initial=FILED),
            "pages": forms.IntegerField(label="页数", min_value=1, max_value=9999, required=False),
            "place": forms.CharField(label="归入何处", max_length=60, required=False, initial=row.place),
            "why": forms.CharField(label="原因", max_length=100, required=False),
        }

    def _when(self, name: str, row: Ledger) -> str:
        return f"done_{row.pk}={NOT_YET if name == 'why' else FILED}"

    def field_sections(self) -> list[dict[str, Any]]:
        lines = [
            {"legend": str(row), "fields": [self[f"{name}_{row.pk}"] for name in self.line_fields(row)]}
            for row in self.listed
        ]
        return [*lines, {"legend": "", "fields": [self["signature"]]}]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.listed and not self.done:
            raise forms.ValidationError("没有要归档的台账；请客服主管先填好“归档台账”清单。")
        lines = [*self.done.values()]
        for row in self.listed:
            line = {name: cleaned.get(f"{name}_{row.pk}") for name in self.line_fields(row)}
            if line["done"] == FILED:
                for name, sentence in (("pages", "请写打印了几页。"), ("place", "请写明归入哪里。")):
                    if not line[name] and f"{name}_{row.pk}" not in self.errors:
                        self.add_error(f"{name}_{row.pk}", sentence)
            if line["done"] == NOT_YET and not line["why"]:
                self.add_error(f"why_{row.pk}", "请写明为什么还没有、打算哪天补。")
            lines.append({"ledger": row.pk, "name": row.name, **line})
        self.record.lines = lines
        left = [line["name"] for line in lines if line["done"] == NOT_YET]
        filed = sum(line["done"] == FILED for line in lines)
        self.record.found = (f"已归 {filed} 本" + (f"，未归：{'、'.join(left)}" if left else ""))[:200]
        return cleaned
