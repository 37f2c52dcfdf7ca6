"""What happens in the demo's month, worked out beforehand: a list of events, the same for the same seed and moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

from yihu.basics.worktime import OFFICE_ZONE

T = TypeVar("T")

OPENS, CLOSES = time(8, 30), time(22, 0)
MORNING_SHIFT_ENDS = time(15, 30)
REGULARS = 60
# how busy the desk is, by the hour
BUSY = {8: 5, 9: 14, 10: 13, 11: 11, 12: 6, 13: 6, 14: 9, 15: 10, 16: 9, 17: 8, 18: 8, 19: 10, 20: 7, 21: 3}


@dataclass(frozen=True)
class Home:
    """A unit and who may call from it."""

    pk: int
    label: str
    community: str
    building: str
    owner: tuple[int, str]
    lessee: tuple[int, str] | None = None


@dataclass(frozen=True)
class Named:
    """Stands for an account until the event is carried out."""

    username: str


@dataclass(frozen=True)
class NumberOf:
    """Stands for the number of another case's record until the event is carried out: its contact, or what it began."""

    case: int
    word: str = "open"


@dataclass(frozen=True)
class RecordOf:
    """Stands for another case's contact itself."""

    case: int


@dataclass(frozen=True)
class Signed:
    """Stands for somebody's signature until the event is carried out."""

    hand: int


@dataclass(frozen=True)
class Photo:
    """Stands for a photograph until the event is carried out."""

    scene: int


@dataclass(frozen=True)
class Row:
    """Stands for a row of one of the community's lists until the event is carried out."""

    model: str
    column: str
    value: Any
    community: str = "community"


@dataclass(frozen=True)
class IdEnding:
    """Stands for the last four of somebody's document, as he shows it at the desk."""

    party: int


@dataclass(frozen=True)
class Its:
    """Stands for the first row that hangs on the record itself, e.g. what was asked of the store."""

    rows: str


@dataclass(frozen=True)
class Lines:
    """Stands for all lines of a sheet that is filled in, in order; ``wrong`` says which ones, and why."""

    of: str
    wrong: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Event:
    """One thing that somebody does. ``on`` names the record: that of its case (contact, child, again), or
    "turn day-sheet 2026-11-03", "look <channel> 2026-11-03/09:00"; ">" leads to what came of it.
    """

    at: datetime
    case: int
    what: str
    by: str
    on: str = "contact"
    data: dict[str, Any] = field(default_factory=dict)
    community: str = ""
    turn: int = 0

    @property
    def key(self) -> str:
        return f"{self.case}:{self.turn}"


class Story:
    """Gathers the events of one month."""

    def __init__(self, seed: int, now: datetime, days: int, homes: dict[str, list[Home]]) -> None:
        self.random = Random(f"yihu:{seed}")
        self.now = now.astimezone(OFFICE_ZONE).replace(second=0, microsecond=0)
        self.homes = homes
        self.first = self.now.date() - timedelta(days=days - 1)
        self.events: list[Event] = []
        self.cases = 0
        self.free: dict[str, datetime] = {}
        self.regulars: dict[str, list[Home]] = {}
        self.had: dict[int, set[str]] = {}

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def case(self, community: str, at: datetime, home: Home | None = None) -> Case:
        self.cases += 1
        return Case(self, self.cases, community, at, home or self.home(community))

    def home(self, community: str) -> Home:
        """Some households call again and again."""
        if community not in self.regulars:
            everybody = self.homes[community]
            self.regulars[community] = self.random.sample(everybody, min(REGULARS, len(everybody)))
        return self.random.choice(self.regulars[community] if self.chance(0.33) else self.homes[community])

    def moments(self, day: date, count: int) -> list[datetime]:
        """When the telephone rings on one day, in order."""
        hours = self.random.choices(list(BUSY), list(BUSY.values()), k=count)
        found = []
        for hour in hours:
            minute = self.random.randrange(30, 60) if hour == 8 else self.random.randrange(60)
            found.append(moment(day, time(hour, minute)))
        return sorted(found)

    def pick(self, things: Sequence[T]) -> T:
        return self.random.choice(things)

    def pick_by(self, weights: Mapping[T, float]) -> T:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def minutes(self, low: int, high: int) -> timedelta:
        return timedelta(minutes=self.random.randint(low, high))

    def until_now(self) -> list[Event]:
        """What has happened so far, in the order in which it happened."""
        happened = [event for event in self.events if event.at <= self.now]
        return sorted(happened, key=lambda event: (event.at, event.case, event.turn))


class Case:
    """One contact and all that comes of it; ``at`` is how far its time has run."""

    def __init__(self, story: Story, number: int, community: str, at: datetime, home: Home) -> None:
        self.story, self.number, self.community, self.at, self.home = story, number, community, at, home
        self.turn = 0
        self.opening: dict[str, Any] = {}
        self.appointment: datetime | None = None

    def do(self, what: str, by: str, on: str = "contact", **data: Any) -> None:
        """Somebody does something now."""
        self.turn += 1
        event = Event(self.at, self.number, what, by, on, data, self.community, self.turn)
        self.story.events.append(event)

    def begin(self, kind: str, by: str, **data: Any) -> None:
        """Something that is no call is logged: it is this case's own record."""
        self.do("log", by, kind, **data)

    def wait(self, low: int, high: int, *, desk: bool = True) -> datetime:
        """Some minutes later; with ``desk`` not before somebody sits there."""
        self.at += self.story.minutes(low, high)
        if desk:
            self.at = when_open(self.at, self.story)
        return self.at

    def until(self, at: datetime) -> datetime:
        self.at = max(self.at, at)
        return self.at

    def next_day(self, hour: int, spread: int = 90) -> datetime:
        """The next day around an hour."""
        self.at = moment(self.at.date() + timedelta(days=1), time(hour)) + self.story.minutes(0, spread)
        return self.at

    def clerk(self) -> str:
        return clerk_at(self.at)


def moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, OFFICE_ZONE)


def when_open(at: datetime, story: Story) -> datetime:
    """The moment itself while the desk is staffed, else some minutes after it opens again."""
    if at.time() < OPENS:
        return moment(at.date(), OPENS) + story.minutes(1, 25)
    if at.time() >= time(21, 58):
        return moment(at.date() + timedelta(days=1), OPENS) + story.minutes(1, 25)
    return at


def clerk_at(at: datetime) -> str:
    """Two clerks take turns: one in the morning, the other till night, and change every day."""
    morning = at.time() < MORNING_SHIFT_ENDS
    even = at.date().toordinal() % 2 == 0
    return "wang" if morning == even else "sun"


def typed(at: datetime) -> str:
    """A moment as a form takes it."""
    return f"{at:%Y-%m-%dT%H:%M}"


def by_community(homes: Iterable[Home]) -> dict[str, list[Home]]:
    found: dict[str, list[Home]] = {}
    for home in homes:
        found.setdefault(home.community, []).append(home)
    return found
