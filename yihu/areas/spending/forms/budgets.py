"""年度预算: each line's amount for the year, spread over the months; a single month may be put otherwise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.spending.figures import budget_of
from yihu.areas.spending.models import Budget, BudgetLine, BudgetRow
from yihu.basics.money import yuan
from yihu.kernel.forms import StepForm
from yihu.kernel.money_forms import MoneyField

MOST = 10**12


class BudgetForm(StepForm):
    class Meta:
        model = Budget
        fields = ["year", "ground"]
        widgets = {"ground": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"ground": "按什么编的，例如“按去年实际，电费上调 3%”"}

    def prepare(self) -> None:
        lines = BudgetLine.objects.filter(community_id=self.record.community_id, shown=True)
        self.lines = list(lines.order_by("-kind", "source", "code"))
        today = timezone.localdate(self.at or timezone.now())
        year = today.year + (today.month >= 10)
        self.initial["year"] = self.initial.get("year") or year
        known = self._known(year)
        for place, line in enumerate(self.lines):
            field: Any = MoneyField(
                label=f"{line.get_kind_display()}　{line}（全年，元）", required=False, most=MOST,
                help_text="平均分到 12 个月；某个月不一样的，保存后“调某个月”" if not place else "",
            )  # fmt: skip
            field.starred, field.when = False, ""
            field.initial = yuan(known[line.pk]).replace(",", "") if known.get(line.pk) else ""
            self.fields[f"line_{line.pk}"] = field

    def _known(self, year: int) -> dict[int, int]:
        """The rows of this draft, else of the budget in force: nobody types them a second time."""
        here = self.record.community_id
        before = self.record if self.record.pk else budget_of(here, year) or budget_of(here, year - 1)
        found: dict[int, int] = {}
        for line, amount in BudgetRow.objects.filter(budget=before).values_list("line", "amount") if before else ():
            found[line] = found.get(line, 0) + amount
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.lines:
            self.add_error(None, "还没有预算科目，请财务主管先在“预算科目”里建好。")
        cleaned["amounts"] = {line: cleaned.get(f"line_{line.pk}") or 0 for line in self.lines}
        if self.lines and not any(cleaned["amounts"].values()) and not self.errors:
            self.add_error(None, "请至少填一个科目的金额。")
        return cleaned


class AdjustForm(StepForm):
    """One month of one line otherwise than the average."""

    line = forms.ModelChoiceField(BudgetLine.objects.none(), label="科目")
    month = forms.TypedChoiceField(label="月份", coerce=int, choices=[(at, f"{at} 月") for at in range(1, 13)])
    amount = MoneyField(label="金额（元）", most=MOST)

    class Meta:
        model = Budget
        fields: list[str] = []

    def prepare(self) -> None:
        lines = BudgetLine.objects.filter(community_id=self.record.community_id, shown=True)
        self.fields["line"].queryset = lines.order_by("-kind", "code")  # type: ignore[attr-defined]


class OpinionForm(StepForm):
    class Meta:
        model = Budget
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}
