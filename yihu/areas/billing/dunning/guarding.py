"""Who tries to write what Civil Code 944 forbids into what asks for money is put down for the 项目经理."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.billing.dunning.models import Attempt
from yihu.basics.identity import mask_free_text
from yihu.basics.pressure import pressing_words
from yihu.kernel import messages
from yihu.kernel.authority import authority
from yihu.kernel.doors import command

BOOK = "dunning.attempt"


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
