"""已锁定: what the law makes us keep of a person is kept shut (PIPL 47): no reveal, no search by number, no message, no change."""

from __future__ import annotations

from typing import Any

from yihu.ground.estate.models import Party
from yihu.kernel.authority import grants_of, is_system
from yihu.kernel.errors import NotAllowed, Refused

OPEN = "personal.locked"
LOCKED = "这位客户的个人信息已锁定，只有客服经理、项目经理写明原因才能查看。"
BOOK = "estate.party"


def shut_to(by: Any, subject: Any) -> str:
    """Why the numbers of this row (a person's, or of a record about him) stay shut to ``by``, or ""."""
    party = subject if isinstance(subject, Party) else getattr(subject, "party", None)
    if not isinstance(party, Party) or party.locked_at is None:
        return ""
    if by is not None and not is_system(by) and grants_of(by).may(OPEN, party.community_id):
        return ""
    return LOCKED


def set_locked(writing: Any, party: Party, locked: bool, why: str) -> None:
    """Lock a person's data, or open it again; inside the caller's command."""
    if not is_system(writing.by) and not grants_of(writing.by).may("estate.edit", party.community_id):
        raise NotAllowed("您的岗位不能维护房屋与业户资料。")
    row = Party.objects.select_for_update().get(pk=party.pk)
    if bool(row.locked_at) == locked:
        return
    row.locked_at = writing.at if locked else None
    row.save(update_fields=["locked_at"])
    word = "锁定" if locked else "解除锁定"
    writing.note(writing.book(BOOK, row.pk), f"{writing.by} {word}个人信息（{why}）", step="lock")


def refuse_locked(*parties: Party) -> None:
    """A locked card is neither corrected nor merged before it is opened again."""
    for party in parties:
        if party.locked_at is not None:
            raise Refused(f"{party.name} 的个人信息已锁定，不能更改；要改的请先受理“解除锁定”。")
