"""How often may be asked: so many times in a span, counted in one row, whoever asks at the same moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from yihu.fronts.payer.models import Knock
from yihu.ground.staff.throttle import address_of
from yihu.kernel.errors import Refused

KEPT = timedelta(days=2)


class Limit(NamedTuple):
    """``most`` times within ``minutes``."""

    what: str
    most: int
    minutes: int


WRONG: Final = Limit("wrong", 60, 15)  # addresses that open nothing, by whoever tries them
SENT: Final = Limit("sent", 60, 60)  # forms, at one bill
ASKED: Final = Limit("asked", 30, 60)  # the channel, at one bill
SHEETS: Final = Limit("sheets", 20, 60)  # receipts set in type, at one bill


class TooOften(Refused):
    """Asked more often than a person would."""

    status = 429

    def __init__(self) -> None:
        super().__init__("点得太频繁了，请过一会儿再试。")


def count(limit: Limit, whose: str) -> None:
    """One more time; TooOften where it was enough."""
    span = {"what": limit.what, "whose": whose, "since": _begins(limit)}
    row, _ = Knock.objects.get_or_create(**span)
    if not Knock.objects.filter(pk=row.pk, count__lt=limit.most).update(count=F("count") + 1):
        raise TooOften


def enough(limit: Limit, whose: str) -> bool:
    return Knock.objects.filter(what=limit.what, whose=whose, since=_begins(limit), count__gte=limit.most).exists()


def stranger(request: HttpRequest) -> str:
    """Where a request comes from, as nobody can read it back."""
    return salted_hmac("yihu.payer.knock", address_of(request) or "?").hexdigest()


def forget(now: datetime) -> None:
    Knock.objects.filter(since__lt=now - KEPT).delete()


def _begins(limit: Limit) -> datetime:
    seconds = limit.minutes * 60
    return datetime.fromtimestamp(timezone.now().timestamp() // seconds * seconds, UTC)
