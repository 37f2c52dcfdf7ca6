"""What is asked when a month's notices are drawn up, handed out, replaced and closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.notices import limits, who
from yihu.areas.billing.notices.counting import errors_of_batch
from yihu.areas.billing.notices.drawing import rounds_of
from yihu.areas.billing.notices.models import Notice, NoticeBatch
from yihu.areas.billing.tariffs.models import Board
from yihu.basics.months import Month
from yihu.ground.sending.guarded import Guarded
from yihu.kernel.forms import PersonChoice, RowField, StepForm

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class BatchForm(StepForm):
    """Opening: which month. The 23rd opens it by itself (D63)."""

    period = forms.CharField(label="账期", widget=forms.TextInput(attrs={"type": "month"}))

    class Meta:
        model = NoticeBatch
        fields = ["period"]

    def prepare(self) -> None:
        self.initial.setdefault("period", f"{timezone.localdate(self.at):%Y-%m}")

    def clean_period(self) -> str:
        period = str(self.cleaned_data["period"])
        if (month := Month.read(period)) is None:
            raise forms.ValidationError("请选择月份，例如 2026-11。")
        other = NoticeBatch.objects.filter(batch_of_id=self.record.community_id, period=period).first()
        if other is not None:
            raise forms.ValidationError(f"{period} 的缴费通知单已经开出（{other.number}），请在那一批里办。")
        self.record.print_by = limits.print_by(self.record.community_id, month)
        return period


class DrawForm(Guarded, StepForm):
    """By when to pay, and how; known from the month before. It stands on thousands of sheets: no threat goes out with it."""

    optional = ("hotline",)
    guarded = ("pay_ways", "hotline")

    class Meta:
        model = NoticeBatch
        fields = ["pay_by", "pay_ways", "hotline"]
        widgets = {"pay_by": DATE, "pay_ways": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"pay_ways": "印在通知单上，例如收费处的地点和时间、收款账户"}

    def prepare(self) -> None:
        batch = self.record
        last = NoticeBatch.objects.filter(community_id=batch.community_id, drawn_at__isnull=False).exclude(pk=batch.pk)
        known = last.order_by("-period").first()
        if not self.initial.get("pay_by"):
            self.initial["pay_by"] = limits.pay_by(batch.community_id, batch.month, self.at or timezone.now())
        for name in ("pay_ways", "hotline"):
            if known is not None and not self.initial.get(name):
                self.initial[name] = getattr(known, name)
        if not self.initial.get("hotline") and batch.drawn_at is None:
            # the first batch: as the price list on the wall says
            board = Board.objects.filter(community_id=batch.community_id).first()
            self.initial["hotline"] = board.hotline if board is not None else ""

    def clean_pay_by(self) -> date | None:
        day: date | None = self.cleaned_data["pay_by"]
        if day is not None and day <= timezone.localdate(self.at):
            raise forms.ValidationError("缴清日期要在今天以后，给客户留出时间。")
        return day


class ReasonForm(StepForm):
    words = forms.CharField(label="哪里不对", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = NoticeBatch
        fields: list[str] = []


class HandOutForm(StepForm):
    """Everything is known where each building has its deliverer; else: who takes the rest."""

    rest = PersonChoice(label="其余由谁送", capability=who.DELIVER)

    class Meta:
        model = NoticeBatch
        fields: list[str] = []

    def prepare(self) -> None:
        self.ways = rounds_of(self.record.community_id)
        # for buildings that nobody is named for, and for no building at all
        left = self.record.notices.valid().filter(sheet__isnull=True).exclude(unit__building__in=self.ways)
        names = sorted(
            {str(one.unit.building) if one.unit else "没有房号的" for one in left.select_related("unit__building")}
        )
        if not names:
            del self.fields["rest"]
        else:
            self.fields["rest"].help_text = f"{'、'.join(names[:12])}还没有定送达人，可在“送达分工”里定好"

    def clean(self) -> dict[str, Any]:
        """It is handed out as it was asked: by the rounds as they stood when it was known who is missing."""
        return {**(super().clean() or {}), "ways": self.ways}


class ReplaceForm(StepForm):
    """One notice is wrong: which, in what, and how it came about. The books are put right before."""

    notice = RowField(label="错的通知单", queryset=Notice.objects.none(), empty_label="请选择")
    wrong = forms.ChoiceField(label="错在哪里", choices=Notice.Wrong.choices, widget=forms.RadioSelect)
    cause = forms.CharField(
        label="怎么错的",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="账单本身错的，先红冲、重新出账，再来更正通知单",
    )

    class Meta:
        model = NoticeBatch
        fields: list[str] = []

    def prepare(self) -> None:
        field: Any = self.fields["notice"]
        field.queryset = (
            Notice.objects.valid().filter(batch=self.record).select_related("unit", "party").order_by("seq")
        )
        field.label_from_instance = lambda one: f"{one.number} {one.unit or ''} {one.party}"
        field.widget.attrs["data-no-draft"] = ""  # what was half typed about one must not come up at another


class CloseForm(StepForm):
    """Too many errors are not closed without their cause (FEE-12)."""

    optional = ("cause",)
    starred = ("cause",)

    class Meta:
        model = NoticeBatch
        fields = ["cause"]
        widgets = {"cause": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = errors_of_batch(self.record)
        if found.too_many and not cleaned.get("cause"):
            sentence = f"本期通知单出错 {found.words}，超过 0.05%，请写明原因和怎样避免。"
            self.add_error("cause", sentence)
        return cleaned
