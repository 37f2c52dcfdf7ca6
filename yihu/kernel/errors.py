"""Refusals. Each is a sentence to a clerk: what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


class Refused(Exception):
    """The command was not carried out; nothing was written. ``afterwards`` runs when it has been taken back: what must be
    known of the attempt itself."""

    status = 409
    afterwards: Callable[[], None] | None = None

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAllowed(Refused):
    """This person may not do this."""

    status = 403


class NotFound(Refused):
    """Absent, or not for these eyes: both look the same from outside."""

    status = 404

    def __init__(self, sentence: str = "没有这条记录，或您无权查看。") -> None:
        super().__init__(sentence)


class Conflict(Refused):
    """Somebody else was faster. ``entries`` are the journal entries that the person had not yet seen."""

    def __init__(self, sentence: str, entries: Sequence[Any] = ()) -> None:
        super().__init__(sentence)
        self.entries = list(entries)


class Invalid(Refused):
    """What was typed does not do; the bound ``form`` knows where and why."""

    status = 422

    def __init__(self, form: Any) -> None:
        lines = [
            f"{form.fields[name].label or name}：{' '.join(errors)}" if name in form.fields else " ".join(errors)
            for name, errors in form.errors.items()
        ]
        super().__init__("；".join(lines) or "内容不完整，请检查。")
        self.form = form
        self.afterwards = getattr(form, "afterwards", None)
