"""What several of these forms ask alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from yihu.ground.staff.heads import departments
from yihu.kernel import clocks
from yihu.kernel.authority import authority
from yihu.kernel.forms import RowsField, StepForm
from yihu.kernel.procedure import SERVICE, Limit

ANSWER = Limit(SERVICE, minutes=480)  # by when somebody hears of it where nothing else was promised
TEXT = {"rows": 3}


class PeopleField(RowsField):
    """Some of the people who work in the record's community today."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, capability: str, **kwargs: Any) -> None:
        self.capability = capability
        super().__init__(queryset=None, **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        self.queryset = authority().people_with(record.community_id, self.capability)

    def clean(self, value: Any) -> Any:
        """A hand-over gives the one person whom the contact is about."""
        return super().clean(value if isinstance(value, list | tuple) or not value else [value])


def team_field(label: str, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, **kwargs)


def offer_departments(form: StepForm, empty: str) -> None:
    form.fields["team"].choices = [("", empty), *departments(form.record.community_id)]  # type: ignore[attr-defined]


def here_only(form: StepForm) -> None:
    """A household's people only out of the record's own community."""
    form.fields["party"].queryset = form.fields["party"].queryset.filter(community_id=form.record.community_id)  # type: ignore[attr-defined]


def usually(form: StepForm) -> datetime:
    return clocks.after(ANSWER, form.at or timezone.now(), form.record.community_id)
