"""Writes messages into the outbox, in the transaction of what caused them; the job that sends joins it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.sending import losing, wording
from yihu.ground.sending.models import ContactWay, Outgoing, Passage, Way
from yihu.ground.sending.sender import send_message
from yihu.kernel.errors import Refused
from yihu.kernel.locking_away import GONE, SHUT
from yihu.kernel.plain import require, writing

SEE, SEND, CONSENT, DRAFT, APPROVE = (
    "sending.see", "sending.send", "sending.consent", "sending.draft", "sending.approve",
)  # fmt: skip
BOOK = "sending.outgoing"
State = Outgoing.State


def no_consent(party: Any, way: str) -> str:
    """Why nothing may go to this customer by this way, or ""."""
    if party.locked_at is not None:
        return f"{party.name}的个人信息已锁定，不能发。"
    row = ContactWay.objects.filter(party=party, way=way).first()
    word = Way(way).label
    if row is None:
        return f"{party.name}没有同意接收{word}，不能发。请先征得同意并登记在“联系方式与同意”里。"
    if not row.in_force:
        return f"{party.name}已撤回对{word}的同意，不能发。"
    if not row.address and not (way == Way.SMS and party.phone):
        return f"{party.name}没有留{word}的号码，不能发。请先补上。"
    return ""


def agreed_way(party: Any) -> str:
    """By which way of sending this customer agreed to be reached, or ""."""
    rows = ContactWay.objects.filter(party=party, withdrawn_at__isnull=True).exclude(way=Way.PUSH)
    found = set(rows.values_list("way", flat=True))
    return next((way for way in Way.values if way in found and not no_consent(party, way)), "")


def write(
    *, code: str, party: Any, way: str, values: Mapping[str, str], by: Any, at: datetime, key: str, record: Any = None
) -> Outgoing:
    """One message to a customer. What must not be sent is written down all the same, cancelled, with the reason."""
    words = wording.in_force(code, party.community_id)
    gaps = wording.missing(words.text, values)
    reason = no_consent(party, way) or (f"缺少{'、'.join(gaps)}，没有发。" if gaps else "")
    text = wording.fill(words.text, values)
    reason = reason or wording.refusal(wording.BY_CODE[code], record, text)
    return put(
        Outgoing(
            community_id=party.community_id, party=party, record_id=record.pk if record else None, way=way, code=code,
            values=dict(values), text=text, urgent=words.urgent, written_at=at, written_by=by, key=key, not_before=at,
        ),
        reason,
    )  # fmt: skip


def put(message: Outgoing, reason: str = "") -> Outgoing:
    """Insert once (the key decides), and let the worker know. Gives the row that is there."""
    message.state = State.CANCELLED if reason else State.WAITING
    message.reason = reason[:200]
    lost = bool(reason) and losing.is_lost(message, message.state)
    message.lost_at = message.written_at if lost else None
    with transaction.atomic():
        Outgoing.objects.bulk_create([message], ignore_conflicts=True)
        kept = Outgoing.objects.get(key=message.key)
        if kept.token == message.token:
            words = f"没有发出：{reason}" if reason else "写入发件箱"
            Passage.objects.create(message=kept, at=kept.written_at, words=words[:240], by_id=kept.written_by_id)
            if lost:
                losing.tell(kept, kept.written_at)
            if not reason:
                send_message.using(key=f"send:{kept.token}").enqueue(message_id=kept.pk)
    return kept


def recipients(*, unit: Any = None, record: Any = None, day: Any) -> list[Any]:
    """Who may be written to: the record's own customer, and those who live in the unit or own it today."""
    unit_id = record.unit_id if record is not None else unit.pk
    own = Party.objects.filter(pk=record.party_id) if record is not None and record.party_id else Party.objects.none()
    stays = Occupancy.objects.on(day).filter(unit_id=unit_id).exclude(role=Occupancy.Role.EMERGENCY)
    there = Party.objects.filter(pk__in=stays.values("party_id"))
    return list((own | there).distinct().order_by("pk")) if unit_id else list(own)


def agreed(units: Any, way: str, day: date) -> Any:
    """Who lives in or owns one of the units on that day and agreed to be written to this way: the stays, a customer once
    for each of his units."""
    ways = ContactWay.objects.filter(way=way, withdrawn_at__isnull=True)
    stays = Occupancy.objects.on(day).filter(unit__in=units, party__in=ways.values("party"))
    return stays.exclude(role=Occupancy.Role.EMERGENCY)


def send_by_hand(
    *,
    party: Any,
    way: str,
    code: str,
    typed: Mapping[str, str],
    by: Any,
    key: str,
    unit: Any = None,
    record: Any = None,
) -> Outgoing | None:
    """A clerk sends one message now. Refused with a sentence where it must not go. None: this form was sent before."""
    require(by, SEND, party.community_id, "您不能给客户发消息，请找前台。")
    body = [party.pk, way, code, sorted(typed.items()), record.pk if record else None]
    with writing(BOOK, "new", by=by, key=key, verb="send", body=body) as opened:
        if opened is None:
            return None
        commanding, _ = opened
        values = {
            **wording.values_of(community=party.community, party=party, unit=unit, record=record),
            **{name: text for name, text in typed.items() if text},
        }
        made = write(
            code=code, party=party, way=way, values=values, by=by, at=commanding.now, key=f"hand:{by.pk}:{key}"[:160],
            record=record,
        )  # fmt: skip
        if made.state == State.CANCELLED:
            raise Refused(made.reason)
        commanding.note(commanding.book(BOOK, made.pk), f"{by} 发“{wording.label_of(code)}”", step="send")
        if record is not None:
            commanding.note(record, f"{by} 给客户发{made.get_way_display()}“{wording.label_of(code)}”", step="message")
        commanding.answer(made)
    return made


def cancel(message: Outgoing, *, by: Any, key: str | None = None) -> None:
    """Stop a message that has not left yet."""
    require(by, SEND, message.community_id, "您不能取消消息，请找前台。")
    with writing(BOOK, message.pk, by=by, key=key, verb="cancel", body=[]) as opened:
        if opened is None:
            return
        commanding, book = opened
        waiting = Outgoing.objects.filter(pk=message.pk, state=State.WAITING)
        if not waiting.update(state=State.CANCELLED, reason=f"{by} 取消"):
            raise Refused("这条消息已经交出或已有结果，不能取消了。")
        Passage.objects.create(message_id=message.pk, at=commanding.now, words=f"{by} 取消", by=by)
        commanding.note(book, f"{by} 取消", step="cancel")


AGAIN = (State.FAILED, State.RETURNED, State.CANCELLED, State.KEPT)


def retry(message: Outgoing, *, by: Any, key: str | None = None) -> None:
    """Offer a message anew that came to nothing. It goes out under a new number: the provider knows the old one's end."""
    require(by, SEND, message.community_id, "您不能重发消息，请找前台。")
    with writing(BOOK, message.pk, by=by, key=key, verb="retry", body=[]) as opened:
        if opened is None:
            return
        commanding, book = opened
        reason = no_consent(message.party, message.way) if message.party else ""
        if message.text in (GONE, SHUT):
            reason = "这条消息的内容已依法删除或锁定，不能重发。"
        if reason:
            raise Refused(reason)
        gaps = wording.missing(wording.in_force(message.code, message.community_id).text, message.values)
        if message.party and gaps and message.attempts == 0:
            raise Refused(f"缺少{'、'.join(gaps)}，不能发。请在单上填好以后另发一条。")
        token = uuid.uuid4()
        fresh = {
            "state": State.WAITING, "reason": "", "attempts": 0, "provider_id": "", "claimed_at": None, "handed_at": None,
            "reported_at": None, "lost_at": None, "dealt_at": None, "dealt_by": None, "not_before": commanding.now, "token": token,
        }  # fmt: skip
        if not Outgoing.objects.filter(pk=message.pk, state__in=AGAIN).update(**fresh):
            raise Refused("这条消息正在发送或已经送达，不用重发。")
        Passage.objects.create(message_id=message.pk, at=commanding.now, words=f"{by} 重发", by=by)
        commanding.note(book, f"{by} 重发", step="retry")
        send_message.using(key=f"send:{token}").enqueue(message_id=message.pk)
