"""What did not reach its customer: told to whoever wrote it, listed until somebody says how the customer knows otherwise.

Whatever has become of the record meanwhile: a closed one is looked at by nobody, its message is owed all the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from yihu.ground.sending import wording
from yihu.ground.sending.models import Outgoing, Passage
from yihu.kernel import messages
from yihu.kernel.authority import authority, grants_of, is_system
from yihu.kernel.errors import Refused
from yihu.kernel.models import Message
from yihu.kernel.plain import require, writing

BOOK, SEND = "sending.outgoing", "sending.send"
State = Outgoing.State
NO_NEED: Final = "none"
WAYS: Final = (
    ("phone", "已打电话告知"),
    ("desk", "已当面告知"),
    ("paper", "已送纸质的"),
    ("again", "已另发消息"),
    (NO_NEED, "不用再告知（写明原因）"),
)


def is_lost(message: Outgoing, state: str, *, wanted: bool = False) -> bool:
    """Whether a customer was not reached who should have been. What was held back for a reason (no way is connected, he
    does not agree any more) matters where the message stands for a paper; ``wanted``: it does here."""
    if message.party_id is None:
        return False
    if state in (State.FAILED, State.RETURNED):
        return True
    return state in (State.KEPT, State.CANCELLED) and (wanted or _owed(message))


def _owed(message: Outgoing) -> bool:
    use = wording.BY_CODE.get(message.code)
    return use is not None and use.owed


def tell(message: Outgoing, at: datetime) -> None:
    """Whoever wrote it, where it is his own to make good: he sends messages, or it stands for a paper that he gave. Else,
    and where he cannot send another, those who can: once, until it is read, however many are lost meanwhile."""
    writer, here = message.written_by, message.community_id
    there = not is_system(writer) and writer.is_active
    sends = there and grants_of(writer).may(SEND, here)
    word = wording.label_of(message.code)
    if sends or (there and _owed(message)):
        said = f"有发给客户的“{word}”没有送到，请改用别的方式告知。"
        _ring([writer], said, message.record, here, at)
    if not sends:
        _ring(
            list(authority().people_with(here, SEND)), "有消息没有送到客户，名单在发件箱“没送到的”里。", None, here, at
        )


def _ring(people: list[Any], said: str, record: Any, community_id: int, at: datetime) -> None:
    unread = Message.objects.filter(record=record, sentence=said, community_id=community_id, read_at__isnull=True)
    told = set(unread.filter(person__in=people).values_list("person_id", flat=True))
    rest = [one for one in people if one.pk not in told]
    messages.tell(rest, said, community_id=community_id, record=record, at=at)


def unheard(rows: Any) -> Any:
    """Those of these messages that nobody has made good yet."""
    return rows.filter(lost_at__isnull=False, dealt_at__isnull=True)


def deal(message: Outgoing, how: str, words: str, *, by: Any, key: str | None = None) -> None:
    """Somebody says how the customer knows it now."""
    require(by, SEND, message.community_id, "您不能登记，请找前台。")
    with writing(BOOK, message.pk, by=by, key=key, verb="deal", body=[how, words]) as opened:
        if opened is None:
            return
        commanding, book = opened
        label = dict(WAYS).get(how)
        if label is None:
            raise Refused("请选怎么告知的。")
        if how == NO_NEED and not words:
            raise Refused("不用再告知的，请写明原因。")
        rows = unheard(Outgoing.objects.filter(pk=message.pk))
        if not rows.update(dealt_at=commanding.now, dealt_by=by):
            raise Refused("这条消息已经有人处理过了，请刷新看看。")
        plain = "不用再告知" if how == NO_NEED else label
        said = f"{plain}：{words}" if words else plain
        Passage.objects.create(message_id=message.pk, at=commanding.now, words=f"{by} {said}"[:240], by=by)
        commanding.note(book, f"{by} {said}", step="deal")
        if message.record is not None:
            sentence = f"{by} 就没送到的“{wording.label_of(message.code)}”{said}"
            commanding.note(message.record, sentence, step="message")
