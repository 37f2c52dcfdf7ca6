"""How often a token may ask: counted by the minute in each web process, which has its share of what is allowed."""

from __future__ import annotations

import threading
import time

from django.conf import settings

_lock = threading.Lock()
_counted: dict[int, tuple[int, int]] = {}  # integration -> (minute, requests in it)


def seconds_to_wait(integration_id: int, per_minute: int, now: float | None = None) -> int:
    """0 if this request may go on, else after how many seconds the next one may."""
    now = time.time() if now is None else now
    minute, share = int(now // 60), max(1, per_minute // settings.YIHU_WEB_PROCESSES)
    with _lock:
        known, count = _counted.get(integration_id, (minute, 0))
        count = count if known == minute else 0
        _counted[integration_id] = (minute, count + 1)
    return 0 if count < share else 60 - int(now % 60)


def forget() -> None:
    with _lock:
        _counted.clear()
