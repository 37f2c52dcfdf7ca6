"""How often may be asked: so many times in a span, counted in the database, so that all web processes count together.

Spans begin on the clock, at the full minute or quarter of an hour. One statement for each time that is counted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from yihu.kernel.errors import Refused
from yihu.kernel.jobs import schedule
from yihu.kernel.models import Tally

KEPT = timedelta(days=2)
TABLE = Tally._meta.db_table
COUNT = f"""
INSERT INTO {TABLE} (what, whose, since, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (what, whose) DO UPDATE SET
    count = CASE WHEN {TABLE}.since = excluded.since THEN {TABLE}.count + 1 ELSE 1 END,
    since = excluded.since
RETURNING count
"""


class Limit(NamedTuple):
    """``most`` times within ``seconds``."""

    what: str
    most: int
    seconds: int


class TooOften(Refused):
    """Asked more often than a person would."""

    status = 429

    def __init__(self) -> None:
        super().__init__("点得太频繁了，请过一会儿再试。")


def count(limit: Limit, whose: str, now: float | None = None) -> bool:
    """One more time; False where it is more often than allowed. ``now``: seconds of the epoch."""
    since = connection.ops.adapt_datetimefield_value(_begins(limit, now))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [limit.what, whose, since])
        return bool(cursor.fetchone()[0] <= limit.most)


def hold(limit: Limit, whose: str) -> None:
    """One more time; TooOften where it is more often than allowed."""
    if not count(limit, whose):
        raise TooOften


def used_up(limit: Limit, whose: str) -> bool:
    """Whether it was asked as often as allowed in this span; asking this is not counted."""
    return Tally.objects.filter(
        what=limit.what, whose=whose, since=_begins(limit, None), count__gte=limit.most
    ).exists()


def _begins(limit: Limit, now: float | None) -> datetime:
    moment = timezone.now().timestamp() if now is None else now
    return datetime.fromtimestamp(moment // limit.seconds * limit.seconds, UTC)


@schedule("rates", every=timedelta(days=1))
def forget() -> None:
    """Once a day what was counted is forgotten."""
    Tally.objects.filter(since__lt=timezone.now() - KEPT).delete()
