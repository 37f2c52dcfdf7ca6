"""What came of a contact keeps the promise that was made to its caller: when that is moved, this is moved with it."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.kernel.forms import StepForm
from yihu.kernel.procedure import Step
from yihu.kernel.who import system

FOLLOW = "promise_follows"


class FollowForm(StepForm):
    words = forms.CharField(max_length=400)


def follows_promise(model: Any, states: tuple[str, ...]) -> Step:
    """The step by which a record with ``promised_at`` and D04 takes over a time that was agreed elsewhere."""
    meta = type("Meta", (), {"model": model, "fields": ["promised_at"]})
    form = type("FollowForm", (FollowForm,), {"Meta": meta})
    return Step(FOLLOW, "约定时间随之改变", states, None, who=system, form=form, starts=("D04",), says="{words}")
