"""How often a token may ask: counted by the minute in the database, so that all web processes count together.

One statement for each request that is let in; once a process has seen the minute used up, it answers by itself until the
next one.
"""

from __future__ import annotations

import time

from django.db import connection

from yihu.fronts.api.models import Integration, Pace

COUNT = f"""
INSERT INTO {Pace._meta.db_table} (integration_id, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (integration_id) DO UPDATE SET
    count = CASE WHEN {Pace._meta.db_table}.minute = excluded.minute THEN {Pace._meta.db_table}.count + 1 ELSE 1 END,
    minute = excluded.minute
RETURNING count
"""


class Throttle:
    """One process's sight of what all of them count."""

    def __init__(self) -> None:
        self._full: dict[int, tuple[int, int]] = {}  # integration → the minute that is used up, and at how many

    def seconds_to_wait(self, integration: Integration, now: float | None = None) -> int:
        """0 if this request may go on, else after how many seconds the next one may."""
        now = time.time() if now is None else now
        minute, most = int(now // 60), integration.per_minute
        if self._full.get(integration.pk) == (minute, most):
            return self._rest(now)
        if self._count(integration.pk, minute) <= most:
            return 0
        self._full[integration.pk] = (minute, most)
        return self._rest(now)

    def _count(self, integration_id: int, minute: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [integration_id, minute])
            return int(cursor.fetchone()[0])

    def _rest(self, now: float) -> int:
        return 60 - int(now % 60)


_of_this_process = Throttle()
seconds_to_wait = _of_this_process.seconds_to_wait
