"""The process that does the background work: threads that run tasks, and a watch that beats, fires and takes over."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections
from django.utils import timezone

from yihu.kernel.jobs.claims import Claim, beat, take_next
from yihu.kernel.jobs.health import LOST_AFTER
from yihu.kernel.jobs.progress import stopping
from yihu.kernel.jobs.runner import execute, take_back
from yihu.kernel.jobs.schedule import fire_due, sync_schedules
from yihu.kernel.models.jobs import Heartbeat

T = TypeVar("T")

logger = logging.getLogger("yihu.jobs")

DATABASE_AWAY = (OperationalError, InterfaceError)
POLL = 0.5  # seconds between two looks at an empty queue
GRACE = 10.0  # less than the 15 s after which the group kills


class Worker:
    """``lost_after`` is how long another worker may be silent before its tasks are taken over (0: for ever);
    ``grace`` how long a task may go on after the process has been asked to end."""

    def __init__(self, *, threads: int, lost_after: float, grace: float) -> None:
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.threads, self.lost_after, self.grace = threads, lost_after, grace
        self.held: dict[str, Claim] = {}
        self.next_beat = self.asked_at = 0.0
        self.crashed = False

    def run(self, once: bool) -> bool:
        """True when all threads came to their end, False when a task had to be given back under their hands."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.asked_to_end)
        sync_schedules(timezone.now())
        self.keep_watch()
        crew = [threading.Thread(target=self.serve, args=(n, once), daemon=True) for n in range(1, self.threads + 1)]
        for thread in crew:
            thread.start()
        while any(thread.is_alive() for thread in crew) and time.monotonic() < self.end_by():
            time.sleep(0.1) if stopping.is_set() else stopping.wait(POLL)
            self.guarded(self.keep_watch)
        for claim in list(self.held.values()):
            self.guarded(claim.give_back)
        self.guarded(Heartbeat.objects.filter(worker=self.name).delete)
        if self.crashed:
            raise SystemExit(1)
        return not any(thread.is_alive() for thread in crew)

    def asked_to_end(self, number: int, frame: FrameType | None) -> None:
        """Finish what is in hand; asked a second time, do not even wait for that."""
        if stopping.is_set():
            self.grace = 0.0
        self.asked_at = self.asked_at or time.monotonic()
        stopping.set()

    def end_by(self) -> float:
        return self.asked_at + self.grace if self.asked_at else float("inf")

    def keep_watch(self) -> None:
        """The main thread never lets go of its connection: however busy the threads, the heart beats."""
        if time.monotonic() >= self.next_beat:
            beat(self.name, self.threads)
            self.next_beat = time.monotonic() + (min(5.0, self.lost_after / 6) or 5.0)
            if self.lost_after and not stopping.is_set():
                take_back(timedelta(seconds=self.lost_after), self.name, set(self.held))
        if not stopping.is_set():
            fire_due(timezone.now())

    def serve(self, number: int, once: bool) -> None:
        """One thread: take, run, take the next. Its own faults end the whole process, so that somebody notices."""
        holder = f"{self.name}/{number}"
        try:
            while not stopping.is_set():
                worked = self.guarded(lambda: self.run_one(holder))
                if worked is False and once:
                    break
                if not worked:
                    stopping.wait(POLL)
        except BaseException:
            logger.exception("A thread of this worker has died")
            self.crashed = True
            self.asked_at = self.asked_at or time.monotonic()
            stopping.set()
        finally:
            connections.close_all()

    def run_one(self, holder: str) -> bool:
        close_old_connections()
        claim = take_next(timezone.now(), holder)
        if claim is None:
            return False
        self.held[holder] = claim
        try:
            execute(claim)
        finally:
            del self.held[holder]
        return True

    def guarded(self, act: Callable[[], T]) -> T | None:
        """A database that is away for a moment ends nobody: say so, let go of the connection, try again."""
        try:
            return act()
        except DATABASE_AWAY as error:
            logger.warning("The database is not there (%s), trying again", type(error).__name__)
            connection.close()
            return None


def work(*, once: bool = False, threads: int = 1, lost_after: float = LOST_AFTER.seconds, grace: float = GRACE) -> None:
    """Be a worker, in a process of its own, until asked to end (``once``: until nothing is due)."""
    if not Worker(threads=threads, lost_after=lost_after, grace=grace).run(once):
        logging.shutdown()
        os._exit(0)  # a thread still runs what has been given back; the open transaction is rolled back with us
