"""No paper or message that asks for money is written with what Civil Code 944 forbids; who tries is put down for the 项目经理."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.utils import timezone

from yihu.areas.billing.dunning.models import Attempt
from yihu.basics.identity import mask_free_text
from yihu.basics.pressure import pressing_words, why_not
from yihu.kernel import messages
from yihu.kernel.authority import authority
from yihu.kernel.doors import command

BOOK = "dunning.attempt"


class Guarded:
    """Mixed into a StepForm before it: ``guarded`` names the fields whose words go to a debtor or are meant for him."""

    guarded: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        form: Any = self
        for name in self.guarded:
            text = str(cleaned.get(name) or "")
            if sentence := why_not(text):
                form.add_error(name, sentence)
                where = f"{form.record._meta.verbose_name} {form.record.number} {form.fields[name].label}"
                form.afterwards = partial(put_down, form.record.community_id, form.by, where, text)
        return cleaned


def put_down(community_id: int, by: Any, where: str, text: str) -> None:
    """Written once the refused command has left nothing behind."""
    now = timezone.now()
    with command(by=by, at=now, verb=BOOK) as commanding:
        one = Attempt.objects.create(
            community_id=community_id, by=by, at=now, where=where[:80], words=pressing_words(text)[:40],
            text=mask_free_text(text)[:200],
        )  # fmt: skip
        sentence = f"{by} 在“{where}”里写了“{one.words}”，已被拒绝（民法典第944条）"
        commanding.note(commanding.book(BOOK, one.pk), sentence, step="refused")
        told = authority().holders(community_id, "project_manager")
        messages.tell(told, sentence[:200], community_id=community_id, at=now)
