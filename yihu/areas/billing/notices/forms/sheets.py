"""What is asked when a list is opened, at the door, and when a letter is known to have arrived."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.delivering import DeliveryForm
from yihu.areas.billing.notices import limits, who
from yihu.areas.billing.notices.models import DeliverySheet, Notice, NoticeBatch, Round
from yihu.kernel.authority import authority
from yihu.kernel.forms import PersonChoice, RowField, StepForm
from yihu.kernel.plain_pages import RowForm


class SheetForm(StepForm):
    """Opening: of which batch, carried by whom; opened by handing the batch out."""

    batch = RowField(NoticeBatch.objects.none(), label="批次")
    handler = PersonChoice(label="送达人", capability=who.DELIVER)

    class Meta:
        model = DeliverySheet
        fields = ["batch", "handler"]

    def prepare(self) -> None:
        field: Any = self.fields["batch"]
        field.queryset = NoticeBatch.objects.filter(community_id=self.record.community_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        batch = cleaned.get("batch")
        if batch is not None:
            self.record.due_at = limits.deliver_by(self.record.community_id, batch.month)
        return cleaned


KEPT = {"data-no-draft": ""}  # what was half typed about one door must not come up at another


def pick_notice(form: Any, rows: Any) -> None:
    """The notice that the page was opened for, else one of those that may be meant."""
    field = form.fields["notice"]
    field.queryset = rows.filter(sheet=form.record).select_related("unit", "party").order_by("seq")
    field.label_from_instance = lambda one: f"{one.unit or '—'} {one.party}"
    field.widget.attrs |= KEPT


def notice_field() -> RowField:
    return RowField(label="通知单", queryset=Notice.objects.none(), empty_label="请选择")


class DoorForm(DeliveryForm):
    """At the door, or at the post office."""

    notice = notice_field()
    sections = (("", ("notice", *DeliveryForm.sections[0][1])), *DeliveryForm.sections[1:])

    class Meta:
        model = DeliverySheet
        fields: list[str] = []

    def prepare(self) -> None:
        pick_notice(self, Notice.objects.valid())

    def addressee(self) -> Any:
        notice = self.cleaned_data.get("notice")
        return notice.party if notice is not None else None

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("notice") is None:
            return self.cleaned_data  # already said
        return super().clean()


class UndoForm(StepForm):
    """What was written down was about another door."""

    notice = notice_field()
    why = forms.CharField(label="原因", max_length=100)

    class Meta:
        model = DeliverySheet
        fields: list[str] = []

    def prepare(self) -> None:
        pick_notice(self, Notice.objects.valid().filter(delivered_at__isnull=False))


class ArrivedForm(StepForm):
    """The post says when the letter was signed for."""

    notice = notice_field()
    arrived_on = forms.DateField(
        label="查到的签收日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = DeliverySheet
        fields: list[str] = []

    def prepare(self) -> None:
        posted = Notice.objects.valid().filter(way__in=(Notice.Way.REGISTERED, Notice.Way.COURIER))
        pick_notice(self, posted)
        self.initial.setdefault("arrived_on", timezone.localdate(self.at))

    def clean_arrived_on(self) -> Any:
        return self.not_to_come("arrived_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        notice, day = cleaned.get("notice"), cleaned.get("arrived_on")
        if notice is not None and isinstance(day, date) and day < timezone.localtime(notice.delivered_at).date():
            self.add_error("arrived_on", "签收日期不能早于寄出的那天。")
        return cleaned


class RoundForm(RowForm):
    """Which building, by whom, in which order."""

    class Meta:
        model = Round
        fields = ["building", "steward", "position", "shown"]
        help_texts = {"position": "同一送达人先送哪栋：小的先送", "shown": "不再由他送的取消勾选"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here, fields = self.instance.community, self.fields
        buildings: Any = fields["building"]
        taken = Round.objects.filter(community=here).exclude(pk=self.instance.pk).values("building")
        buildings.queryset = buildings.queryset.filter(community=here).exclude(pk__in=taken).order_by("code", "pk")
        stewards: Any = fields["steward"]
        stewards.queryset = authority().people_with(here.pk, who.DELIVER)
        stewards.label_from_instance = str
