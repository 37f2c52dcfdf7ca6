"""What is asked when the others who called are told."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.repairs import callers
from yihu.areas.repairs.forms.base import OnOrder
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.contact.forms import CallBackSheet
from yihu.kernel import moments
from yihu.kernel.models import Record


class CallerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unit or '未登记房号'} · {obj.number} · {moments.short(obj.opened_at)}"


class CallerForm(CallBackSheet):
    """One of the others who reported the same fault hears that it is repaired."""

    caller = CallerChoice(label="回访谁", queryset=Record.objects.none(), widget=forms.RadioSelect, empty_label=None)
    sections = (("", ("caller",)), *CallBackSheet.sections)

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def prepare(self) -> None:
        rows = Record.objects.filter(pk__in=callers.waiting(self.record)).select_related("unit")
        self.fields["caller"].queryset = rows.order_by("opened_at", "pk")  # type: ignore[attr-defined]


class TellAllForm(OnOrder):
    """All the others are told by one message that somebody sent."""

    how = forms.ChoiceField(label="方式", choices=callers.HOW, widget=forms.RadioSelect)
    words = forms.CharField(label="告知内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        order = self.record
        when = moments.short(order.finished_at)
        place = order.common_place or "您报修的问题"
        self.initial.setdefault("words", f"{place}已于 {when} 修好：{order.work_done}。给您带来不便，请谅解。"[:400])
