"""Spans of time that begin on the clock (``kernel/rates``)."""

from __future__ import annotations

import time

from yihu.kernel.rates import Limit


def within_one(*limits: Limit, seconds: float = 20) -> None:
    """Wait until none of these spans ends within the next seconds: else what is counted would begin anew in the middle of a test."""
    while any(limit.seconds - time.time() % limit.seconds < seconds for limit in limits):
        time.sleep(0.5)
