"""Long work beside the desk's: short locks, and a breath in which others get their turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import connection

from yihu.kernel.jobs import checkpoint
from yihu.kernel.jobs.progress import stopping

HOLD = 0.07  # seconds of SQLite's one lock between two breaths
BREATH = 0.045  # who has waited for it so short a time looks for it more often than that


class Overtaken(Exception):
    """Somebody stopped the run, or another worker was faster: nothing of this slice is kept, not even that it was tried."""


class Pace:
    """Wraps each slice. PostgreSQL hands a lock to whoever waits for it, so only SQLite needs the breath."""

    def __init__(self) -> None:
        self.held = 0.0

    @contextmanager
    def slice(self) -> Iterator[None]:
        checkpoint()
        began = time.monotonic()
        with suppress(Overtaken):
            yield
        self.held += time.monotonic() - began
        if connection.vendor == "sqlite" and self.held > HOLD:
            stopping.wait(BREATH)
            self.held = 0.0
