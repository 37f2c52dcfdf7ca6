"""What is asked when the others who called are told."""

from __future__ import annotations

from django import forms

from yihu.areas.repairs import callers
from yihu.areas.repairs.forms.base import OnOrder
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.contact.forms import CallerSheet
from yihu.kernel import moments


class CallerForm(CallerSheet):
    """One of the others who reported the same fault hears that it is repaired."""

    class Meta:
        model = WorkOrder
        fields: list[str] = []

    def waiting(self) -> list[int]:
        return callers.waiting(self.record)


class TellAllForm(OnOrder):
    """All the others are told by one message that somebody sent."""

    how = forms.ChoiceField(label="方式", choices=callers.HOW, widget=forms.RadioSelect)
    words = forms.CharField(label="告知内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        order = self.record
        when = moments.short(order.finished_at)
        place = order.common_place or "您报修的问题"
        self.initial.setdefault("words", f"{place}已于 {when} 修好：{order.work_done}。给您带来不便，请谅解。"[:400])
