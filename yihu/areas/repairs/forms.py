"""What each step of a repair asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from yihu.areas.repairs.models import PartLine, WorkOrder
from yihu.basics.money import fen
from yihu.kernel.forms import PersonChoice, PhotosField, PickField, SignatureField, StepForm

Level, Trade = WorkOrder.Level, WorkOrder.Trade
MAX_FEN = 100_000_000


def money_field(label: str, **options: Any) -> forms.CharField:
    """元 on the screen, 分 in ``cleaned_data`` (see ``clean_money``)."""
    return forms.CharField(
        label=label, max_length=14, widget=forms.TextInput(attrs={"inputmode": "decimal", "data-money": ""}), **options
    )


def clean_money(text: str) -> int:
    """Typed 元 as 分; refuses more than two decimals and sums beyond a million."""
    try:
        amount = fen(text or "0")
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error
    if not 0 <= amount <= MAX_FEN:
        raise forms.ValidationError("金额应在 0 至 1,000,000.00 元之间。")
    return amount


class OrderForm(StepForm):
    """Opening; where it comes of a contact, all but level and trade is there already."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    appointment_from = forms.DateTimeField(label="预约开始")
    appointment_to = forms.DateTimeField(label="预约结束")
    photos = PhotosField(label="现场照片")
    optional = (
        "unit", "party", "common_area", "location", "reporter", "phone", "appointment_from", "appointment_to", "photos",
        "chargeable", "responsibility",
    )  # fmt: skip
    taken_over = ("symptom", "unit", "party", "reporter", "phone")
    sections = (
        ("", ("symptom", "level", "trade", "unit", "common_area", "location")),
        (
            "预约、收费、照片（可不填）",
            ("appointment_from", "appointment_to", "reporter", "phone", "chargeable", "responsibility", "photos"),
        ),
    )

    class Meta:
        model = WorkOrder
        fields = [
            "symptom", "level", "trade", "unit", "party", "common_area", "location", "reporter", "phone", "appointment_from",
            "appointment_to", "chargeable", "responsibility",
        ]  # fmt: skip
        widgets = {
            "symptom": forms.Textarea(attrs={"rows": 2}),
            "level": forms.RadioSelect,
            "trade": forms.RadioSelect,
            "chargeable": forms.RadioSelect,
            "responsibility": forms.RadioSelect,
            "party": forms.HiddenInput,
        }

    def prepare(self) -> None:
        self.fields["party"].queryset = self.fields["party"].queryset.filter(community_id=self.record.community_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.record.team = "engineering"
        cleaned["chargeable"] = cleaned.get("chargeable") or WorkOrder.Chargeable.UNDECIDED
        cleaned["responsibility"] = cleaned.get("responsibility") or WorkOrder.Responsibility.OWN
        if cleaned.get("common_area"):
            cleaned["unit"] = None  # no household's repair, whoever reported it; its sheet goes into nobody's file
        elif not cleaned.get("unit"):
            self.add_error("unit", "请选择房号；公共部位的报修请填写公共部位。")
        first, last = cleaned.get("appointment_from"), cleaned.get("appointment_to")
        if first and last and last < first:
            self.add_error("appointment_to", "预约结束不能早于预约开始。")
        if first and not last:
            cleaned["appointment_to"] = first
        return cleaned


class WorkerChoice(PersonChoice):
    """Somebody who goes out, with how many orders he has in hand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(capability="repairs.work", widget=forms.RadioSelect, empty_label=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        super().bind_to(record, by)
        in_hand = WorkOrder.objects.filter(handler=OuterRef("pk"), state__in=WorkOrder.IN_HAND, closed_at__isnull=True)
        counted = in_hand.order_by().values("handler").annotate(count=Count("pk")).values("count")
        self.queryset = self.queryset.annotate(in_hand=Coalesce(Subquery(counted), 0))

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · 在手 {obj.in_hand}"


class AssignForm(StepForm):
    """The engineering head looks at level and trade and names the worker."""

    handler = WorkerChoice(label="维修人员")

    class Meta:
        model = WorkOrder
        fields = ["handler", "level", "trade"]
        widgets = {"level": forms.RadioSelect, "trade": forms.RadioSelect}


class ReasonForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = WorkOrder
        fields: list[str] = []


class ReassignForm(ReasonForm):
    handler = WorkerChoice(label="改派给")

    class Meta:
        model = WorkOrder
        fields = ["handler"]


class DeclineForm(ReasonForm):
    """We can't do it: the owner has been told plainly, and how (REP-03)."""

    told = forms.CharField(label="如何告知业主", max_length=200)


class HoldForm(StepForm):
    """On hold needs a reason and the day on which it wakes; the owner is told."""

    told = forms.CharField(label="如何告知业主", max_length=200)
    optional = ("owner_agreed",)

    class Meta:
        model = WorkOrder
        fields = ["hold_reason", "wake_on", "owner_agreed"]
        widgets = {
            "hold_reason": forms.RadioSelect,
            "wake_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"owner_agreed": "业主同意改到恢复日期的，修复时限暂停；否则照常计算。"}

    def clean_wake_on(self) -> Any:
        wake_on = self.cleaned_data["wake_on"]
        if self.at and wake_on <= timezone.localdate(self.at):
            raise forms.ValidationError("恢复日期要晚于今天。")
        return wake_on


class PartForm(StepForm):
    item = forms.CharField(label="材料", max_length=60)
    quantity = forms.DecimalField(
        label="数量",
        min_value=0.01,
        max_digits=9,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    unit_price = money_field("单价（元）")

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def clean_unit_price(self) -> int:
        return clean_money(self.cleaned_data["unit_price"])


class DropPartForm(StepForm):
    part = forms.ModelChoiceField(
        label="哪一行", queryset=PartLine.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def prepare(self) -> None:
        self.fields["part"].queryset = PartLine.objects.filter(order_id=self.record.pk)  # type: ignore[attr-defined]


class FinishForm(StepForm):
    """The worker's report: cause, what was done, labour, photographs of the result, site left clean."""

    labour = money_field("人工费（元）", initial="0")
    photos = PhotosField(label="完工照片")
    site_clean = forms.BooleanField(label="现场已清理")
    optional = ("labour", "photos")

    class Meta:
        model = WorkOrder
        fields = ["cause", "work_done", "chargeable"]
        widgets = {"work_done": forms.Textarea(attrs={"rows": 3}), "chargeable": forms.RadioSelect}

    def prepare(self) -> None:
        self.fields["chargeable"].choices = [  # type: ignore[attr-defined]
            choice for choice in WorkOrder.Chargeable.choices if choice[0] != WorkOrder.Chargeable.UNDECIDED
        ]

    def clean_labour(self) -> int:
        return clean_money(self.cleaned_data["labour"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("chargeable") == WorkOrder.Chargeable.FREE and cleaned.get("labour"):
            self.add_error("labour", "无偿维修不收人工费；请改为有偿，或把人工费改为 0。")
        return cleaned


class SignForm(StepForm):
    """The customer signs what was done and what it costs; a refusal needs its reason, two witnesses and a photograph."""

    signature = SignatureField(label="客户签名")
    refused = forms.BooleanField(label="客户拒签")
    witness_1 = PersonChoice(label="见证人一", capability="reception.open")
    witness_2 = PersonChoice(label="见证人二", capability="reception.open")
    photos = PhotosField(label="拒签现场照片")
    starred = ("opinion", "signature")
    optional = ("signature", "refused", "opinion", "sign_refused", "witness_1", "witness_2", "photos")
    sections = (
        ("", ("opinion", "signature")),
        ("客户拒签时填写", ("refused", "sign_refused", "witness_1", "witness_2", "photos")),
    )

    class Meta:
        model = WorkOrder
        fields = ["opinion", "sign_refused"]
        widgets = {"opinion": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("refused"):
            if not cleaned.get("signature"):
                self.add_error("signature", "请客户在屏幕上签名；客户不肯签的，请勾选“客户拒签”。")
            if not cleaned.get("opinion"):
                self.add_error("opinion", "请选择客户的意见。")
            return cleaned
        if not cleaned.get("sign_refused"):
            self.add_error("sign_refused", "请写明客户拒签的原因。")
        witnesses = {person.pk for person in (cleaned.get("witness_1"), cleaned.get("witness_2")) if person}
        if len(witnesses) != 2:
            self.add_error("witness_2", "拒签须有两名不同的员工见证。")
        if not cleaned.get("photos"):
            self.add_error("photos", "拒签须附现场照片。")
        return cleaned
