"""Wordings: drafted by one, approved by another, in force from a day on. What was in force before stays as it was."""

from __future__ import annotations

from typing import Any

from yihu.basics.identity import mask_free_text
from yihu.ground.sending import wording
from yihu.ground.sending.models import Wording
from yihu.ground.sending.outbox import APPROVE, DRAFT
from yihu.kernel.authority import authority
from yihu.kernel.errors import Refused
from yihu.kernel.plain import require, writing

BOOK = "sending.wording"
State = Wording.State


def book_id(community_id: int, code: str) -> str:
    return f"{community_id}/{code}"


def draft(row: Wording, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    require(by, DRAFT, row.community_id, "您不能起草消息模板，请找客服主管。")
    body = [row.text, row.urgent, row.from_on]
    book_of = book_id(row.community_id, row.code)
    with writing(BOOK, book_of, by=by, key=key, verb="draft", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        if sentence := wording.problem(wording.BY_CODE[row.code], row.text):
            raise Refused(sentence)
        row.state, row.drafted_by, row.drafted_at = State.DRAFT, by, commanding.now
        row.save(force_insert=True)
        commanding.note(book, f"{by} 起草：{mask_free_text(row.text)}（{row.from_on} 起用）", step="draft")
        approvers = [one for one in authority().people_with(row.community_id, APPROVE) if one.pk != by.pk]
        commanding.tell(approvers, f"消息模板“{wording.label_of(row.code)}”等您批准", community_id=row.community_id)
        commanding.answer(row)


def decide(row: Wording, approved: bool, *, by: Any, key: str | None = None) -> None:
    """Approve or refuse; never one's own."""
    require(by, APPROVE, row.community_id, "您不能批准消息模板，请找客服主管。")
    if row.drafted_by_id == by.pk:
        raise Refused("这是您自己起草的，请另一位有权批准的人批准。")
    book_of = book_id(row.community_id, row.code)
    with writing(BOOK, book_of, by=by, key=key, verb="decide", body=[row.pk, approved]) as opened:
        if opened is None:
            return
        commanding, book = opened
        state = State.APPROVED if approved else State.REFUSED
        waiting = Wording.objects.filter(pk=row.pk, state=State.DRAFT)
        if not waiting.update(state=state, decided_by=by, decided_at=commanding.now):
            raise Refused("这份模板已经有人处理过了，请刷新页面看看。")
        word = "批准" if approved else "没有批准"
        commanding.note(book, f"{by} {word}：{mask_free_text(row.text)}", step="decide")
        commanding.tell(
            [row.drafted_by], f"消息模板“{wording.label_of(row.code)}”{by}{word}了", community_id=row.community_id
        )
