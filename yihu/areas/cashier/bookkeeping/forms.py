"""月账: which month, what is asked about which slip, and the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.cashier.bookkeeping.drawing import corrections_of, unanswered
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip, SlipQuery
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.worktime import add_months
from yihu.ground.ledger.models import Voucher
from yihu.kernel.forms import RowField, StepForm

Outcome = SlipQuery.Outcome


class BookForm(StepForm):
    """The month that is just over stands in the form."""

    class Meta:
        model = MonthBook
        fields = ["period"]
        help_texts = {"period": "写成 2026-10 这样"}

    def prepare(self) -> None:
        today = timezone.localdate(self.at or timezone.now())
        self.initial["period"] = self.initial.get("period") or f"{add_months(today.replace(day=1), -1):%Y-%m}"

    def clean_period(self) -> str:
        period = str(self.cleaned_data["period"])
        if (month := Month.read(period)) is None:
            raise forms.ValidationError("月份写成 2026-10 这样。")
        if month.last >= timezone.localdate(self.at or timezone.now()):
            raise forms.ValidationError("这个月还没有过完，月末以后再开月账。")
        there = MonthBook.objects.filter(book_of=self.record.community_id, period=period).first()
        if there is not None:
            raise forms.ValidationError(f"{period} 已经有月账 {there.number}。")
        return period


class SlipField(RowField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}　{obj.day:%m-%d}　{obj.words[:30]}　{yuan(obj.total)}"


class AskForm(StepForm):
    slip = SlipField(Slip.objects.none(), label="凭证", empty_label="请选择")
    question = forms.CharField(label="疑问", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = MonthBook
        fields: list[str] = []

    def prepare(self) -> None:
        self.fields["slip"].queryset = Slip.objects.filter(book_id=self.record.pk or 0).order_by("number")  # type: ignore[attr-defined]


class QueryField(RowField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.slip}：{obj.question[:60]}"


class CorrectionField(RowField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.day:%Y-%m-%d} {obj.get_kind_display()} {mask_free_text(obj.words)[:60]}"


class AnswerForm(StepForm):
    """Nothing on a slip is edited: what was wrong has been reversed and posted anew, and the answer names that posting."""

    query = QueryField(SlipQuery.objects.none(), label="疑问", empty_label=None)
    outcome = forms.ChoiceField(label="结果", choices=Outcome.choices, widget=forms.RadioSelect)
    correction = CorrectionField(Voucher.objects.none(), label="冲销更正的分录", empty_label="请选择")
    answer = forms.CharField(label="答复", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    optional = ("correction",)
    starred = ("correction",)
    only_when = {"correction": "outcome=corrected"}
    field_order = ("query", "outcome", "correction", "answer")

    class Meta:
        model = MonthBook
        fields: list[str] = []

    def prepare(self) -> None:
        self.open = list(unanswered(self.record.pk or 0))
        self.fields["query"].queryset = unanswered(self.record.pk or 0)  # type: ignore[attr-defined]
        self.found = {query.pk: list(corrections_of(query).values_list("pk", flat=True)) for query in self.open}
        keys = {pk for found in self.found.values() for pk in found}
        self.fields["correction"].queryset = Voucher.objects.filter(pk__in=keys).order_by("-pk")  # type: ignore[attr-defined]
        self.initial["outcome"] = Outcome.CORRECTED if keys else Outcome.EXPLAINED
        if self.open:
            self.initial["query"] = self.open[0].pk
        if len(keys) == 1:
            self.initial["correction"] = next(iter(keys))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        query, correction = cleaned.get("query"), cleaned.get("correction")
        if cleaned.get("outcome") != Outcome.CORRECTED:
            cleaned["correction"] = None
        elif query is not None and not self.found.get(query.pk):
            words = "提出疑问以后，还没有冲销过这张凭证里的分录。请先红冲（账单、收据）或办支出更正，再来答复。"
            self.add_error("outcome", words)
        elif query is not None and (correction is None or correction.pk not in self.found[query.pk]):
            self.add_error("correction", f"请选冲销 {query.slip} 的那一笔。")
        return cleaned
