"""What a talk with a customer asks, with what was promised in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.relations.forms.shared import TEXT, here_only
from yihu.areas.relations.models import Talk
from yihu.areas.relations.times import day_end
from yihu.kernel.forms import PersonChoice, PickField, StepForm

PROMISES = 4


def _promises() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for at in range(1, PROMISES + 1):
        found[f"what_{at}"] = forms.CharField(label="承诺事项", max_length=200)
        found[f"due_{at}"] = forms.DateField(label="完成日期", widget=forms.DateInput(attrs={"type": "date"}))
        found[f"handler_{at}"] = PersonChoice(
            label="责任人", capability="reception.matter.work", help_text="不选就是登记人自己"
        )
    return found


class TalkOpening(StepForm):
    """Opening (F11). Each promise becomes a matter with a limit, in the hands of the one who is named."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")

    class Meta:
        model = Talk
        fields = ["unit", "party", "interviewee", "phone", "talked_on", "method", "topics", "needs"]
        widgets = {
            "party": forms.HiddenInput,
            "talked_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "method": forms.RadioSelect,
            "topics": forms.Textarea(attrs=TEXT),
            "needs": forms.Textarea(attrs={"rows": 2}),
        }

    optional = ("unit", "party", "phone", "needs", *_promises())
    sections = (
        ("", ("unit", "interviewee", "phone", "talked_on", "method", "topics", "needs")),
        *((f"承诺事项 {at}", (f"what_{at}", f"due_{at}", f"handler_{at}")) for at in range(1, PROMISES + 1)),
    )

    def prepare(self) -> None:
        here_only(self)
        self.initial["talked_on"] = self.initial.get("talked_on") or timezone.localdate(self.at)

    def clean_talked_on(self) -> Any:
        return self.not_to_come("talked_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.record.handler = self.by
        promises = []
        for at in range(1, PROMISES + 1):
            what, due = cleaned.get(f"what_{at}"), cleaned.get(f"due_{at}")
            if what and due is None and f"due_{at}" not in self.errors:
                self.add_error(f"due_{at}", "请填写答应什么时候办好。")
            elif due and not what:
                self.add_error(f"what_{at}", "请写明答应了什么。")
            elif due and due < timezone.localdate(self.at):
                self.add_error(f"due_{at}", "完成日期不能早于今天。")
            elif what and due:
                promises.append(
                    {"what": what, "due_at": day_end(due), "handler": cleaned.get(f"handler_{at}") or self.by}
                )
        return {**cleaned, "promises": promises}


TalkForm = type("TalkForm", (TalkOpening,), _promises())
