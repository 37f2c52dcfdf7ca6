"""代转留言."""

from __future__ import annotations

from django import forms

from yihu.areas.counter.models import AbsentNote
from yihu.kernel.forms import PersonChoice, PickField, StepForm


class NoteForm(StepForm):
    """Who asks for whom; the time is known."""

    handler = PersonChoice(label="找哪位同事", capability="counter.receive")
    unit = PickField("estate.Unit", url="estate:pick_unit", label="对方房号")
    optional = ("phone", "unit", "urgent")

    class Meta:
        model = AbsentNote
        fields = ["handler", "caller_name", "phone", "unit", "words", "urgent"]
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"words": "对方要说什么、要不要回电话"}


class PassForm(StepForm):
    class Meta:
        model = AbsentNote
        fields = ["how"]
        widgets = {"how": forms.RadioSelect}
