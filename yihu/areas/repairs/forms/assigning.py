"""Who goes, when, and whether at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from yihu.areas.repairs import crew
from yihu.areas.repairs.forms.base import ReasonForm, WindowForm
from yihu.areas.repairs.models import Firm, WorkOrder
from yihu.kernel.forms import PersonChoice, StepForm


class _Ranked(ModelChoiceIterator):  # type: ignore[type-arg]
    """The candidates in their order, reckoned only where somebody looks at them."""

    def __init__(self, field: Any) -> None:
        self.field = field

    @property
    def queryset(self) -> Any:
        return self.field.queryset

    def __iter__(self) -> Any:
        return ((hand.person.pk, self.field.words(hand)) for hand in self.field.ranked())


class WorkerChoice(PersonChoice):
    """Somebody who goes out today: the best candidate first, with his trades, what he has in hand, and a clash of times."""

    iterator = _Ranked

    def __init__(self, *, others_than_handler: bool = False, **kwargs: Any) -> None:
        self.others, self.order = others_than_handler, None
        super().__init__(capability=crew.WORK, widget=forms.RadioSelect, empty_label=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        self.order = record
        super().bind_to(record, by)

    def ranked(self) -> list[crew.Hand]:
        hands = crew.ranked(crew.crew_of(self.order.community_id, timezone.now()), self.order.trade, self.order)
        return [one for one in hands if not (self.others and one.person.pk == self.order.handler_id)]

    def words(self, one: crew.Hand) -> str:
        parts = [str(one.person), f"在手 {one.in_hand}"]
        if not one.does(self.order.trade):
            parts.append("非本工种")
        if other := one.clash(self.order):
            parts.append(f"预约重叠 {other.number}")
        elif today := crew.of_day(one.appointments, timezone.localdate()):
            parts.append(f"今日约 {len(today)}")
        return " · ".join(parts)


class AssignForm(StepForm):
    """The engineering head looks at level and trade and names the worker."""

    handler = WorkerChoice(label="维修人员")
    optional = ("ability",)

    class Meta:
        model = WorkOrder
        fields = ["handler", "level", "trade", "ability"]
        widgets = {"level": forms.RadioSelect, "trade": forms.RadioSelect, "ability": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ability") == WorkOrder.Ability.OUTSIDE:
            self.add_error("ability", "须外委的单，请点“离开”，再点“外委”选单位。")
        return cleaned


class TurnForm(StepForm):
    """The program names the next one."""

    handler = WorkerChoice(label="维修人员")

    class Meta:
        model = WorkOrder
        fields = ["handler"]


class JudgeForm(StepForm):
    """Before anybody is sent: can we do it, have we got the parts (REP-03)?"""

    class Meta:
        model = WorkOrder
        fields = ["ability"]
        widgets = {"ability": forms.RadioSelect}


class ReassignForm(ReasonForm):
    handler = WorkerChoice(label="改派给", others_than_handler=True)

    class Meta:
        model = WorkOrder
        fields = ["handler"]


class PassForm(ReasonForm):
    to = WorkerChoice(label="转给谁", others_than_handler=True)
    field_order = ("to", "reason")

    def clean_to(self) -> Any:
        if self.cleaned_data["to"].pk == self.record.handler_id:
            raise forms.ValidationError("这张单已经在他手上，请选别人。")
        return self.cleaned_data["to"]


class RescheduleForm(WindowForm):
    """改约: the new time, why, and with whom it was agreed."""

    reason = forms.CharField(label="改约原因", max_length=200)
    told = forms.CharField(label="与谁约定、怎样约定", max_length=200)
    owner_agreed = forms.BooleanField(
        label="业主同意修复时限顺延", help_text="到新的预约开始为止不计时；没有同意的，修复时限照常计算。"
    )
    optional = ("owner_agreed",)

    class Meta:
        model = WorkOrder
        fields = ["appointment_from", "appointment_to"]


class FirmChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An outside firm in use here; those of the trade first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, widget=forms.RadioSelect, empty_label=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        self.queryset = Firm.objects.filter(community_id=record.community_id, shown=True).order_by("name")
        rows = sorted(self.queryset, key=lambda firm: record.trade not in firm.trades)
        self.choices = [(firm.pk, f"{firm.name}（{firm.trades_text or '工种未填'}）") for firm in rows]


class SendOutForm(WindowForm):
    """外委: which firm, when it comes, what the owner was told."""

    firm = FirmChoice(label="外委单位")
    told = forms.CharField(label="如何告知业主", max_length=200)

    class Meta:
        model = WorkOrder
        fields = ["firm", "appointment_from", "appointment_to"]
