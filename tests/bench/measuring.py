"""Floor and subject take turns, so that whatever else the machine does meets both alike; medians of five rounds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection

ROUNDS = 5
# What every page of a person who has signed in asks for; the grants of his posts are not left out.
EVERY_PAGE = re.compile(
    r'^\W*(SELECT|UPDATE)\b.*?\b(FROM|UPDATE) "?(django_session|staff_account|staff_post)"?', re.DOTALL
)


@dataclass(frozen=True)
class Took:
    """Wall clock and processor of this process, in milliseconds."""

    ms: float
    cpu: float


@dataclass
class Round:
    floor: Took
    subject: Took

    @property
    def times(self) -> float:
        """How many times as long as the floor the subject took."""
        return self.subject.ms / self.floor.ms


@dataclass
class Duel:
    """One figure: what is measured, what it is measured against, and how often in a round."""

    floor: Callable[[int], object]
    subject: Callable[[int], object]
    calls: int
    warm_up: int = 3
    rounds: list[Round] = field(default_factory=list)
    called: int = 0
    pairs: list[tuple[Took, Took]] = field(default_factory=list)

    def prepare(self) -> None:
        """Templates are compiled and caches are filled before anything is timed."""
        for _ in range(self.warm_up):
            self._both()

    def round(self) -> None:
        pairs = [self._both() for _ in range(self.calls)]
        self.pairs += pairs
        self.rounds.append(Round(_middle(one for one, _ in pairs), _middle(other for _, other in pairs)))

    def _both(self) -> tuple[Took, Took]:
        self.called += 1
        # Who goes first changes, so that neither always finds the other's pages in the processor's memory.
        if self.called % 2:
            return timed(self.floor, self.called), timed(self.subject, self.called)
        subject = timed(self.subject, self.called)
        return timed(self.floor, self.called), subject

    def figures(self) -> dict[str, Any]:
        """The raw numbers behind the ratio."""
        return {
            "ms": round(median(one.subject.ms for one in self.rounds), 2),
            "cpu_ms": round(median(one.subject.cpu for one in self.rounds), 2),
            "floor_ms": round(median(one.floor.ms for one in self.rounds), 2),
            "floor_cpu_ms": round(median(one.floor.cpu for one in self.rounds), 2),
            "rounds": [round(one.times, 2) for one in self.rounds],
        }

    @property
    def times(self) -> float:
        return median(one.times for one in self.rounds)

    @property
    def late(self) -> float:
        """The slow one in twenty of the subject's calls, in times of the slow one in twenty of the floor's."""
        return _slow(subject for _, subject in self.pairs) / _slow(floor for floor, _ in self.pairs)

    @property
    def late_ms(self) -> float:
        return _slow(subject for _, subject in self.pairs)

    @property
    def late_of_usual(self) -> float:
        """The same against the floor's median: what the floor's own bad moments cannot hide."""
        return self.late_ms / median(floor.ms for floor, _ in self.pairs)


def timed(call: Callable[[int], object], number: int) -> Took:
    cpu, began = time.process_time(), time.perf_counter()
    call(number)
    return Took((time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000)


def _slow(took: Iterator[Took]) -> float:
    times = sorted(one.ms for one in took)
    return times[int(len(times) * 0.95)]


def _middle(took: Iterator[Took]) -> Took:
    some = list(took)
    return Took(median(one.ms for one in some), median(one.cpu for one in some))


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that runs meanwhile, without BEGIN and COMMIT."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def own_queries(found: list[str]) -> list[str]:
    """Those beyond session, user and posts."""
    return [sql for sql in found if not EVERY_PAGE.match(sql.split(" WHERE ")[0])]
