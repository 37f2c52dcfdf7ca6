"""What 今日 shows: each group is a condition over records; each post gets the groups in the order it needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Level
from yihu.areas.duties.models import ComplaintSheet, DaySheet, Diary, LongSheet, MonthSheet, NoonSheet, WeekSheet
from yihu.areas.outages.models import Outage
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.staff.models import Post, in_force
from yihu.kernel.authority import grants_of
from yihu.kernel.models import Link, Record
from yihu.kernel.procedure import procedures

SOON = timedelta(hours=2)
WAKING_FIRST = ("workorder__wake_on", "pk")
COMPLAINT = Complaint._meta.label_lower
OUTAGE = Outage._meta.label_lower
CONTACT, ORDER = Contact._meta.label_lower, WorkOrder._meta.label_lower
# what a superior has to read, and the state in which it waits for him
TO_READ = (
    (DaySheet, DaySheet.State.SIGNED),
    (WeekSheet, WeekSheet.State.SIGNED),
    (MonthSheet, MonthSheet.State.SIGNED),
    (LongSheet, LongSheet.State.SIGNED),
    (ComplaintSheet, ComplaintSheet.State.SIGNED),
    (NoonSheet, NoonSheet.State.REPORTED),
    (Diary, Diary.State.WRITTEN),
)

# what waits for parts or for a day that was agreed stands below what can be done now
HELD_LAST = Case(When(kind=ORDER, state=WorkOrder.State.ON_HOLD, then=Value(1)), default=Value(0))


@dataclass(frozen=True)
class Look:
    """Who looks at the board, of which community, and when; ``narrowed`` to what one person has on hand."""

    person: Any
    community: Any
    now: datetime
    narrowed: bool = False

    @property
    def grants(self) -> Any:
        return grants_of(self.person)

    def may(self, capability: str) -> bool:
        return bool(self.community) and self.grants.may(capability, self.community.pk)

    @property
    def me(self) -> list[int]:
        """The person, and whom he stands in for today."""
        return [self.person.pk, *sorted(self.grants.deputises())]

    @property
    def teams(self) -> list[str]:
        return sorted(self.grants.teams(self.community.pk)) if self.community else []

    def open_records(self) -> Any:
        """Everything unfinished that the person may see here."""
        return self._open_records.all()

    @cached_property
    def _open_records(self) -> Any:
        """Put together once for one look: what a person may see is a long condition, and every group asks for it."""
        return Record.objects.seen_by(self.person).filter(community=self.community, closed_at__isnull=True)


@dataclass(frozen=True)
class Group:
    """One part of the board. ``needs`` is a capability; ``step`` is offered on each row as a button."""

    name: str
    title: str
    empty: str
    condition: Callable[[Look], Q]
    order: tuple[Any, ...] = (HELD_LAST, F("next_due_at").asc(nulls_last=True), "opened_at", "pk")
    needs: str = ""
    tone: str = ""
    quiet: bool = False
    step: str = ""
    rows: int = 8

    def shown_to(self, look: Look) -> bool:
        return not self.needs or look.may(self.needs)


def _said_once(look: Look) -> Q:
    """A promise that what came of the record must keep as well is said once, by the one who has that in hand."""
    if look.narrowed:
        return Q()
    below = Link.objects.filter(
        origin_id=OuterRef("pk"), target__closed_at__isnull=True, target__next_due_at__lte=OuterRef("next_due_at")
    )
    return ~Q(Exists(below))


def _late(look: Look) -> Q:
    return Q(next_due_at__lte=look.now) & _said_once(look)


def _due(look: Look) -> Q:
    return Q(next_due_at__gt=look.now, next_due_at__lte=look.now + SOON) & _said_once(look)


def _mine(look: Look) -> Q:
    """What the person still has to do himself; calling back and reading what he signed are another's work."""
    return Q(handler_id__in=look.me) & ~to_call() & ~_signed()


def _team(look: Look) -> Q:
    """What the person's departments have on hand, himself apart."""
    colleagues = Post.objects.filter(
        in_force(timezone.localdate(look.now)), community=look.community, department__code__in=look.teams
    )
    theirs = Q(team__in=look.teams) | Q(handler_id__in=colleagues.values("account_id"))
    return theirs & ~Q(handler_id__in=look.me) & ~to_call()


def to_call() -> Q:
    """Whatever stands in a state from which a call-back leads on."""
    found = Q(pk__in=[])
    for procedure in procedures():
        step = procedure.step("call_back")
        if step is not None:
            found |= Q(kind=procedure.kind, state__in=step.source)
    return found


def _to_call(look: Look) -> Q:
    return to_call()


def _waking(look: Look) -> Q:
    return Q(kind=ORDER, state=WorkOrder.State.ON_HOLD, workorder__wake_on__lte=timezone.localdate(look.now))


def _to_route(look: Look) -> Q:
    return Q(kind=CONTACT, state=Contact.State.REGISTERED)


def _to_strike(look: Look) -> Q:
    return Q(kind=CONTACT, state=Contact.State.READY)


def _to_assign(look: Look) -> Q:
    return Q(kind=ORDER, state=WorkOrder.State.TO_ASSIGN)


def _signed() -> Q:
    return reduce(or_, (Q(kind=model._meta.label_lower, state=state) for model, state in TO_READ))


def _to_read(look: Look) -> Q:
    """The complaints of a month wait for the one who signs them, nobody else."""
    found = _signed()
    return found if look.may("duties.approve") else found & ~Q(kind=ComplaintSheet._meta.label_lower)


def in_hand(look: Look) -> Q:
    """What somebody still has to do."""
    return Q(handler_id__isnull=False) & ~to_call()


def _late_in_hand(look: Look) -> Q:
    return in_hand(look) & _late(look)


def _outages(look: Look) -> Q:
    """What is off now, and what will be before this time tomorrow."""
    soon = Q(state=Outage.State.PLANNED, outage__begins_at__lte=look.now + timedelta(days=1))
    return Q(kind=OUTAGE) & (Q(state=Outage.State.RUNNING) | soon)


def _major(look: Look) -> Q:
    """Open complaints of the gravest level: part of the supervisor's daily check (CMP-08)."""
    return Q(kind=COMPLAINT, complaint__level=Level.MAJOR)


GROUPS = (
    Group("outages", "停水停电", "没有停用。", _outages, tone="late", quiet=True),
    Group("major", "重大投诉", "没有未结的重大投诉。", _major, needs="complaints.judge", tone="late", quiet=True),
    Group("late", "已超时", "没有超时的事。", _late, tone="late"),
    Group("due", "两小时内到期", "两小时内没有到期的事。", _due, tone="due"),
    Group("to_route", "待分派", "没有待分派的登记。", _to_route, needs="reception.route", step="route"),
    Group("to_assign", "待派工", "没有待派的维修单。", _to_assign, needs="repairs.assign", step="assign"),
    Group("calls", "待回访", "没有要回访的事。", _to_call, needs="contact.call_back", step="call_back"),
    Group("to_strike", "待注销", "没有待注销的接待。", _to_strike, needs="reception.strike_off", step="strike_off"),
    Group("to_read", "待审阅", "没有待审阅的汇总和日志。", _to_read, needs="duties.read", step="read", quiet=True),
    Group("waking", "挂单到期", "没有到期的挂单。", _waking, WAKING_FIRST, tone="due", quiet=True),
    Group("mine", "我的", "您手上没有未结的事。", _mine),
    Group("team", "我的部门", "部门里没有别的未结的事。", _team, quiet=True, rows=5),
)
BY_NAME = {group.name: group for group in GROUPS}

# Behind the figures about one's people: not on the board itself, only as lists.
PERSONS = (
    Group("open_of", "未结", "没有未结的事。", in_hand, needs="workbench.team"),
    Group("late_of", "超时", "没有超时的事。", _late_in_hand, needs="workbench.team"),
)
LISTS = {group.name: group for group in (*GROUPS, *PERSONS)}

PEOPLE, GAPS, LOST, WAITING = "people", "gaps", "lost", "waiting"

# The first line whose capability the person has says what stands left (first on a telephone) and what stands right.
ARRANGED: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("repairs.assign", ("to_assign", "late", "due", "waking"), ("mine", PEOPLE, "team")),
    (
        "reception.void",
        ("major", "to_read", "late", "due", "to_route", "team"),
        (LOST, PEOPLE, GAPS, "calls", "to_strike", "waking", "mine"),
    ),
    ("reception.route", ("to_route", "due", "late", "calls"), ("to_strike", LOST, "mine", GAPS, "waking", "team")),
    ("workbench.team", ("major", "to_read", "late", "due", "team"), (WAITING, PEOPLE, GAPS, "waking", "mine")),
    ("", ("late", "due", "mine"), (WAITING, "team")),
)


def arrangement(look: Look) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is off comes first for everybody: the next call will be about it."""
    left, right = next((left, right) for needs, left, right in ARRANGED if not needs or look.may(needs))
    return ("outages", *left), right


def shown(names: Iterable[str], look: Look) -> list[Group]:
    return [BY_NAME[name] for name in names if name in BY_NAME and BY_NAME[name].shown_to(look)]
