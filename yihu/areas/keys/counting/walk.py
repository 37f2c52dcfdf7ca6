"""One answer for one hook, written when it is given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yihu.areas.keys.counting.compare import status_at
from yihu.areas.keys.counting.models import KeyCount, Tick
from yihu.areas.keys.models import KeySet
from yihu.areas.keys.models.ledger import folded_tag
from yihu.basics.text import clean_line
from yihu.kernel.doors import command
from yihu.kernel.errors import Conflict, NotFound, Refused
from yihu.kernel.plain import require

COUNT = "counting.count"
A = Tick.Answer


def tick(
    count: Any, key_pk: int, *, answer: str, tag: str, by: Any, key: str | None = None, at: datetime | None = None
) -> None:
    """Keep an answer. A tag that was scanned or typed answers by itself: the right one is here, another does not fit."""
    require(by, COUNT, count.community_id, "您不能核查钥匙，请找客服主管。")
    with command(by=by, key=key, at=at, body=[count.pk, key_pk, answer, tag], verb="counting.tick") as commanding:
        if commanding.replayed:
            return
        held = KeyCount.objects.select_for_update(of=("self",)).filter(pk=count.pk).first()
        if held is None:
            raise NotFound
        if held.state != KeyCount.State.DUE or held.closed_at is not None:
            raise Conflict(f"{held.number} 已经签字，不能再改；要改请让见证人退回重核。")
        hung = (
            KeySet.objects.select_for_update(of=("self",)).filter(pk=key_pk, hook__cabinet_id=held.cabinet_id).first()
        )
        if hung is None:
            raise Refused("这把钥匙已经不挂在这个柜里，请看下一个。")
        answer, seen = _judged(hung, answer, tag)
        Tick.objects.create(
            count=held, key=hung, hook=hung.hook.label, answer=answer, seen=seen,
            expected=status_at(hung, commanding.at), at=commanding.at, by=by,
        )  # fmt: skip


def _judged(hung: KeySet, answer: str, tag: str) -> tuple[str, str]:
    seen = clean_line(tag, 40, cut=True)
    if seen and answer != A.AWAY:
        return (A.HERE, "") if folded_tag(seen) == hung.tag and answer != A.WRONG else (A.WRONG, seen)
    if answer not in A.values:
        raise Refused("请按“在”“不在”或“不符”，或扫一下标签。")
    return answer, seen
