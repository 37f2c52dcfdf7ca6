"""How often a token may ask: by the minute, counted by all web processes together.

Once a process has seen the minute used up, it answers by itself until the next one.
"""

from __future__ import annotations

import time

from yihu.fronts.api.models import Integration
from yihu.kernel import rates
from yihu.kernel.rates import Limit

MINUTE = 60


class Throttle:
    """One process's sight of what all of them count."""

    def __init__(self) -> None:
        self._full: dict[int, tuple[int, int]] = {}  # integration → the minute that is used up, and at how many

    def seconds_to_wait(self, integration: Integration, now: float | None = None) -> int:
        """0 if this request may go on, else after how many seconds the next one may."""
        now = time.time() if now is None else now
        minute, most = int(now // MINUTE), integration.per_minute
        if self._full.get(integration.pk) != (minute, most):
            if rates.count(Limit("api", most, MINUTE), str(integration.pk), now):
                return 0
            self._full[integration.pk] = (minute, most)
        return MINUTE - int(now % MINUTE)


_of_this_process = Throttle()
seconds_to_wait = _of_this_process.seconds_to_wait
