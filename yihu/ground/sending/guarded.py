"""A form whose words go to somebody who is asked for money: what Civil Code 944 forbids is refused, and told of (domain.md §6.2.5)."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from yihu.ground.sending.wording import put_down, threat


class Guarded:
    """Mixed into a StepForm before it: ``guarded`` names the fields whose words go to a debtor or are meant for him."""

    guarded: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        form: Any = self
        for name in self.guarded:
            text = str(cleaned.get(name) or "")
            if sentence := threat(text):
                form.add_error(name, sentence)
                where = f"{form.record._meta.verbose_name} {form.record.number} {form.fields[name].label}"
                form.afterwards = partial(put_down, form.record.community_id, form.by, where, text)
        return cleaned
