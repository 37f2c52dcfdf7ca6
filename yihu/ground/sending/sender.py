"""Sends what waits: claim, hand over, write down. What may have gone out is asked about before it is offered again.

Every move is one compare-and-set on state and attempts, committed before the next word to the provider. A worker that is
killed between the hand-over and its note leaves 发送中 behind; whoever takes over asks the provider by the message's token.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.estate.models import Party
from yihu.ground.sending import losing, wording
from yihu.ground.sending.channels import Answer, Letter, Outcome, channel_of
from yihu.ground.sending.models import ContactWay, Outgoing, Passage, StaffQuiet, StaffWay, Way
from yihu.ground.sending.rules import rest_until, rules_of
from yihu.kernel import moments
from yihu.kernel.authority import authority
from yihu.kernel.bars import is_barred
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import job

logger = logging.getLogger("yihu.sending")

State = Outgoing.State
MOST_TRIES = 6
FIRST_WAIT, LONGEST_WAIT = 15, 3600  # seconds
GIVE_UP_ASKING = timedelta(hours=24)
DOUBT = "不知道是否已经发出：服务商没有答复。请先问过客户，再决定是否重发。"
ENDS = {Outcome.DELIVERED: State.DELIVERED, Outcome.FAILED: State.FAILED, Outcome.RETURNED: State.RETURNED}


@job(retries=8)
def send_message(*, message_id: int) -> None:
    """One look at one message. Running it twice, or in two workers at once, does no harm."""
    deliver(message_id, timezone.now())


def deliver(message_id: int, now: datetime) -> None:
    message = Outgoing.objects.select_related("party", "account", "record", "bell").filter(pk=message_id).first()
    if message is None:
        return
    if message.state == State.WAITING:
        _first(message, now)
    elif message.state == State.SENDING:
        _in_doubt(message, now)


def settling() -> timedelta:
    """After this long no request of ours can still be on its way to the provider."""
    return timedelta(seconds=2 * settings.YIHU_SEND_SECONDS)


# -- offering --------------------------------------------------------------------------------------------------------


def _first(message: Outgoing, now: datetime) -> None:
    if message.not_before > now:
        _look_again(message, message.not_before)
        return
    reason = _forbidden(message)
    if reason:
        _settle(message, State.CANCELLED, reason, now)
        return
    until = None if message.urgent else _rest(message, now)
    if until is not None:
        held = Outgoing.objects.filter(pk=message.pk, state=State.WAITING).update(not_before=until)
        if held:
            _write(message, now, f"免打扰时间，{moments.short(until)} 再发")
            _look_again(message, until)
        return
    if channel_of(message.way) is None:
        _settle(message, State.KEPT, f"没有接通{message.get_way_display()}通道，只存在发件箱里。", now)
        return
    if _claim(message, now):
        _offer(message, now)


def _claim(message: Outgoing, now: datetime) -> bool:
    """Take the message for this attempt; of several workers one wins. The customer's limit of the day is counted under
    the same lock, so that two messages cannot both be the last one."""
    with transaction.atomic():
        if message.party_id and not message.urgent:
            Party.objects.select_for_update().get(pk=message.party_id)
            most = rules_of(message.community_id, now).per_day
            if _sent_today(message, now) >= most:
                _settle(
                    message,
                    State.CANCELLED,
                    f"今天已给这位客户发了 {most} 条，到了上限。可以明天重发。",
                    now,
                    wanted=True,
                )
                return False
        return _take(message, State.WAITING, now)


def _take(message: Outgoing, state: str, now: datetime) -> bool:
    rows = Outgoing.objects.filter(pk=message.pk, state=state, attempts=message.attempts)
    if not rows.update(state=State.SENDING, attempts=message.attempts + 1, claimed_at=now):
        return False
    message.state, message.attempts, message.claimed_at = State.SENDING, message.attempts + 1, now
    return True


def _offer(message: Outgoing, now: datetime) -> None:
    channel = channel_of(message.way)
    assert channel is not None
    try:
        address = _address(message)
    except Refused as refused:
        _settle(message, State.FAILED, refused.sentence, now)
        return
    subject = f"{message.community}：{wording.label_of(message.code)}"
    answer = channel.send(Letter(address, subject, message.text, str(message.token)))
    if answer.outcome is Outcome.ACCEPTED:
        _handed(message, answer, timezone.now())
    elif answer.outcome is Outcome.REFUSED:
        _settle(message, State.FAILED, answer.why, timezone.now())
    elif answer.outcome is Outcome.BUSY:
        _try_later(message, answer, timezone.now())
    elif not channel.asks:
        _settle(message, State.FAILED, DOUBT, timezone.now())
    else:
        _write(message, timezone.now(), f"{answer.why}，稍后查询是否已收到")
        _look_again(message, now + settling())


def _try_later(message: Outgoing, answer: Answer, now: datetime) -> None:
    if message.attempts >= MOST_TRIES:
        _settle(message, State.FAILED, f"{answer.why}，试了 {message.attempts} 次没有发出。", now)
        return
    again = now + timedelta(seconds=min(LONGEST_WAIT, FIRST_WAIT * 4 ** (message.attempts - 1)))
    rows = Outgoing.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts)
    if rows.update(state=State.WAITING, not_before=again):
        _write(message, now, f"{answer.why}，{moments.clock(again)} 再发")
        _look_again(message, again)


# -- in doubt --------------------------------------------------------------------------------------------------------


def _in_doubt(message: Outgoing, now: datetime) -> None:
    """Claimed by an attempt that wrote nothing more: ask first, and only when that attempt can't be at work any more."""
    assert message.claimed_at is not None
    settled_at = message.claimed_at + settling()
    if now < settled_at:
        _look_again(message, settled_at)
        return
    channel = channel_of(message.way)
    answer = channel.ask(str(message.token)) if channel is not None else Answer(Outcome.UNKNOWN)
    if answer.outcome is Outcome.ABSENT:
        if message.attempts >= MOST_TRIES:
            _settle(message, State.FAILED, f"试了 {message.attempts} 次，服务商都没有收到。", now)
        elif _take(message, State.SENDING, now):
            _write(message, now, "服务商没有收到，再发")
            _offer(message, now)
    elif answer.outcome is Outcome.UNKNOWN:
        if channel is None or not channel.asks or now - message.claimed_at > GIVE_UP_ASKING:
            _settle(message, State.FAILED, DOUBT, now)
        else:
            _look_again(message, now + max(settling(), (now - message.claimed_at) / 2))
    else:
        _handed(message, answer, now)


def ask_what_became(message: Outgoing, now: datetime) -> None:
    """No report has come for a message that was handed over: ask, and take the answer like a report."""
    channel = channel_of(message.way)
    if channel is None or not channel.asks:
        return
    answer = channel.ask(str(message.token))
    if answer.outcome in ENDS:
        _settle(message, ENDS[answer.outcome], answer.why, now)


# -- writing down ----------------------------------------------------------------------------------------------------


def _handed(message: Outgoing, answer: Answer, now: datetime) -> None:
    """The provider has it. A report that was faster stays: it knows more."""
    with transaction.atomic():
        moved = Outgoing.objects.filter(pk=message.pk, state=State.SENDING).update(state=State.HANDED, handed_at=now)
        Outgoing.objects.filter(pk=message.pk, provider_id="").update(provider_id=answer.provider_id)
        if moved:
            _write(message, now, f"已交{message.get_way_display()}通道")
    if answer.outcome in ENDS:
        message.state = State.HANDED
        _settle(message, ENDS[answer.outcome], answer.why, now)


def _settle(message: Outgoing, state: str, reason: str, now: datetime, *, wanted: bool = False) -> None:
    rows = Outgoing.objects.filter(pk=message.pk, state=message.state, attempts=message.attempts)
    lost = losing.is_lost(message, state, wanted=wanted)
    with transaction.atomic():
        if rows.update(state=state, reason=reason[:200], lost_at=now if lost else None):
            label = State(state).label
            _write(message, now, f"{label}：{reason}" if reason else label)
            if lost:
                losing.tell(message, now)


def _write(message: Outgoing, now: datetime, words: str) -> None:
    Passage.objects.create(message_id=message.pk, at=now, words=words[:240])


def _look_again(message: Outgoing, at: datetime) -> None:
    send_message.using(key=f"send:{message.token}", run_after=at).enqueue(message_id=message.pk)


# -- what must be so at the moment of sending --------------------------------------------------------------------------


def _forbidden(message: Outgoing) -> str:
    """What has changed since the message was written, so that it must not go any more; or ""."""
    if message.account_id:
        return _unwanted(message)
    consent = ContactWay.objects.filter(party_id=message.party_id, way=message.way).first()
    if consent is None or not consent.in_force:
        return f"客户没有同意接收{message.get_way_display()}，或已撤回，没有发。"
    use = wording.BY_CODE.get(message.code)
    record = message.record
    if use is not None and use.while_open and record is not None and record.closed_at is not None:
        return f"{record.number} 已经结束，不用再发。"
    return ""


def _unwanted(message: Outgoing) -> str:
    if message.bell is not None and message.bell.read_at is not None:
        return "已经在程序里看过，不用再发。"
    if message.record_id and message.account is not None and is_barred(message.account, message.record_id):
        return "这个人须回避，没有发。"
    on = StaffWay.objects.filter(account_id=message.account_id, way=message.way, on_since__isnull=False).exists()
    return "" if on and message.account is not None and message.account.is_active else "这个人已关闭这条通知。"


def _rest(message: Outgoing, now: datetime) -> datetime | None:
    own = StaffQuiet.objects.filter(account_id=message.account_id).first() if message.account_id else None
    if own is not None:
        return rest_until(now, own.begins, own.ends)
    rules = rules_of(message.community_id, now)
    return rest_until(now, rules.begins, rules.ends)


def _sent_today(message: Outgoing, now: datetime) -> int:
    midnight = now.astimezone(OFFICE_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = Outgoing.objects.filter(party_id=message.party_id, claimed_at__gte=midnight, urgent=False)
    return sent.exclude(pk=message.pk).exclude(state__in=[State.WAITING, State.CANCELLED, State.KEPT]).count()


def _address(message: Outgoing) -> str:
    """The one place where an address is read in the clear; the reading is journaled with the record as its reason."""
    value = _sealed(message)
    if not value:
        raise Refused(f"没有{message.get_way_display()}的号码或地址。")
    Outgoing.objects.filter(pk=message.pk).update(mask=str(value)[:60])
    record: Any = message.record
    return str(value.reveal(by=authority().system(), reason=f"发送消息 {message.pk}", record=record))


def _sealed(message: Outgoing) -> Any:
    if message.account_id:
        return StaffWay.objects.get(account_id=message.account_id, way=message.way).address
    row = ContactWay.objects.get(party_id=message.party_id, way=message.way)
    assert message.party is not None
    return row.address or (message.party.phone if message.way == Way.SMS else row.address)
