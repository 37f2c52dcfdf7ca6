"""What is asked before the whole list leaves the house."""

from __future__ import annotations

from django import forms

from yihu.areas.households.models import Roster
from yihu.kernel.forms import StepForm, asking


class RosterForm(StepForm):
    optional = ("narrowed",)

    class Meta:
        model = Roster
        fields = ["why", "goes_to", "narrowed"]
        widgets = {"narrowed": forms.HiddenInput}
        help_texts = {"why": "例如：社区核对常住人口", "goes_to": "例如：交社区张主任，用完当面销毁"}


RefuseForm = asking(Roster, "refused_why")
