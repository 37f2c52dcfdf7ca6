"""Delivery reports: each taken once, in whatever order they arrive; what the provider says happened last is what holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from yihu.ground.sending import losing
from yihu.ground.sending.channels import Outcome, Report
from yihu.ground.sending.models import Outgoing, Passage
from yihu.ground.sending.sender import ENDS

State = Outgoing.State
# where a report may still say something new; a message never offered has no reports
OPEN_TO = (State.WAITING, State.SENDING, State.HANDED, State.DELIVERED, State.FAILED, State.RETURNED)
ORDER = {Outcome.ACCEPTED: 0, Outcome.FAILED: 1, Outcome.DELIVERED: 2, Outcome.RETURNED: 3}
RANK = {State.FAILED: 1, State.DELIVERED: 2, State.RETURNED: 3}


def take(way: str, reports: Iterable[Report]) -> int:
    """Give how many reports said something new. One about a message of another way, or of nobody, is passed over."""
    return sum(_take_one(way, report) for report in reports)


def _take_one(way: str, report: Report) -> bool:
    with transaction.atomic():
        token = _token(report.token)
        message = Outgoing.objects.select_for_update().filter(way=way, token=token, attempts__gt=0).first()
        if message is None or message.state not in OPEN_TO:
            return False
        number = f"{way}:{message.pk}:{report.event}"[:120]
        _, first = Passage.objects.get_or_create(
            report=number, defaults={"message": message, "at": report.at, "words": _words(report)}
        )
        if not first or not _newer(message, report):
            return False
        fresh = {"reported_at": report.at, "provider_id": message.provider_id or report.provider_id}
        if report.outcome is Outcome.ACCEPTED:
            if message.state not in (State.SENDING, State.WAITING):
                return False
            fresh |= {"state": State.HANDED, "handed_at": message.handed_at or timezone.now()}
        else:
            state = ENDS[report.outcome]
            lost = losing.is_lost(message, state)
            fresh |= {
                "state": state,
                "reason": report.why[:200],
                "lost_at": message.lost_at or report.at if lost else None,
            }
            if lost and message.lost_at is None:
                losing.tell(message, timezone.now())
        Outgoing.objects.filter(pk=message.pk).update(**fresh)
        return True


def _token(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _newer(message: Outgoing, report: Report) -> bool:
    """Later in the provider's own time; of two at the same moment the one that can only come after the other."""
    if message.reported_at is None:
        return True
    known = (message.reported_at, RANK.get(State(message.state), 0))
    return (report.at, ORDER[report.outcome]) > known


def _words(report: Report) -> str:
    word = "已收到" if report.outcome is Outcome.ACCEPTED else State(ENDS[report.outcome]).label
    return f"服务商回执：{word}{f'（{report.why}）' if report.why else ''}"[:240]
