"""What a run is drawn up from: the month, the sources, and, where only some are wanted, the items."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.reckoned import SOURCES
from yihu.areas.billing.running.models import BillingRun
from yihu.basics.months import Month
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import RowsField, StepForm

YEARS_BACK = 24  # months


def _left_out(community_id: int, month: Month) -> dict[date, int]:
    """Earlier months of which households are still without their bill, and how many: what is read and shared in a month is
    billed by a run of that month only, so it must be possible to draw it up once more."""
    rows = BillingRun.objects.filter(
        community=community_id, lines_posted__gt=0, month_on__lt=month.before.first, month_on__gte=add_months(month.first, -YEARS_BACK)
    ).order_by("month_on", "pk")  # fmt: skip
    found = {row.month_on: int(row.figures.get("left_out", 0)) for row in rows if not row.items}
    return {first: count for first, count in found.items() if count}


class OpeningForm(StepForm):
    """All stands there already: the month, every source, every item."""

    month_on = forms.TypedChoiceField(label="账单月份", coerce=date.fromisoformat, widget=forms.RadioSelect)
    sources = forms.MultipleChoiceField(label="来源", widget=forms.CheckboxSelectMultiple)
    items = RowsField(
        queryset=FeeItem.objects.none(), label="只出这些收费项目", widget=forms.CheckboxSelectMultiple,
        help_text="不选就是全部",
    )  # fmt: skip
    optional = ("items",)
    sections = (("", ("month_on", "sources", "threshold")), ("只出一部分项目", ("items",)))

    class Meta:
        model = BillingRun
        fields = ["month_on", "sources", "threshold", "items"]
        help_texts = {"threshold": "一户的合计比上月多或少超过这个百分比，就列出来看"}

    def prepare(self) -> None:
        month = Month.of(timezone.localdate(self.at or timezone.now()))
        around = (month.before, month, month.after)
        choices = [(one.first.isoformat(), str(one)) for one in around]
        choices += [
            (first.isoformat(), f"{Month.of(first)}（{count} 户没有出账）")
            for first, count in _left_out(self.record.community_id, month).items()
        ]
        self.fields["month_on"].choices = choices  # type: ignore[attr-defined]
        self.fields["sources"].choices = [(one.slug, one.label) for one in SOURCES.values()]  # type: ignore[attr-defined]
        items = FeeItem.objects.filter(community_id=self.record.community_id, shown=True)
        self.fields["items"].queryset = items.exclude(nature=FeeItem.Nature.DEPOSIT).order_by("pk")  # type: ignore[attr-defined]
        usual = {"month_on": month.first.isoformat(), "sources": list(SOURCES), "items": []}
        self.initial |= {name: value for name, value in usual.items() if not self.initial.get(name)}

    def clean_items(self) -> list[int]:
        return sorted(item.pk for item in self.cleaned_data["items"])

    def clean_threshold(self) -> int:
        threshold = int(self.cleaned_data["threshold"])
        if not 1 <= threshold <= 1000:
            raise forms.ValidationError("请填 1 至 1000 之间的百分数。")
        return threshold

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            wanted = BillingRun(
                community_id=self.record.community_id,
                **{name: cleaned[name] for name in ("month_on", "sources", "items")},
            )
            other = BillingRun.objects.filter(under_way=wanted.scope).first()
            if other is not None:
                self.add_error("month_on", f"{other.number} 正在办同样的出账（{other.state_word}），请到那一张上办。")
        return cleaned  # fmt: skip
