"""Who can take an order: what each one on duty does, how much he has in hand, when he is expected where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import timezone

from yihu.areas.repairs.models import Passing, Skill, WorkOrder
from yihu.kernel import bars
from yihu.kernel.authority import authority
from yihu.kernel.calendars import parameter

WORK, ASSIGN = "repairs.work", "repairs.assign"
MODE = "repairs.dispatch"
S, Trade = WorkOrder.State, WorkOrder.Trade
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def mode_of(community_id: int, at: datetime) -> str:
    """How orders are given out here: by the head, to the first who takes it, or by turn."""
    found = parameter(MODE, community_id, at, WorkOrder.Dispatch.ASSIGNED)
    return str(found) if found in WorkOrder.Dispatch.values else str(WorkOrder.Dispatch.ASSIGNED)


@dataclass
class Hand:
    """One of those who go out, as he stands just now."""

    person: Any
    trades: frozenset[str]
    heads: bool
    in_hand: int = 0
    given_at: datetime = NEVER
    appointments: list[Any] = field(default_factory=list)

    def does(self, trade: str) -> bool:
        """What was never written down of a worker is not held against him; a head goes out only for what he is named for."""
        if not self.trades:
            return not self.heads
        return trade in self.trades or trade == Trade.OTHER

    def clash(self, order: Any) -> Any:
        """The order for which he is already expected elsewhere at that time."""
        return next((other for other in self.appointments if overlaps(order, other)), None)


def overlaps(one: Any, other: Any) -> bool:
    if one.pk == other.pk or one.appointment_from is None or one.appointment_to is None:
        return False
    if one.appointment_from == one.appointment_to or other.appointment_from == other.appointment_to:
        return bool(one.appointment_from <= other.appointment_to and other.appointment_from <= one.appointment_to)
    return bool(one.appointment_from < other.appointment_to and other.appointment_from < one.appointment_to)


def crew_of(community_id: int, now: datetime) -> list[Hand]:
    """Everybody on duty who may go out; the same few queries however many they and their orders are."""
    people = list(authority().people_with(community_id, WORK))
    heads = set(authority().people_with(community_id, ASSIGN).values_list("pk", flat=True))
    trades: dict[int, set[str]] = defaultdict(set)
    for person_id, trade in Skill.objects.filter(community_id=community_id).values_list("person_id", "trade"):
        trades[person_id].add(trade)
    pks = [person.pk for person in people]
    hands = {one.pk: Hand(one, frozenset(trades[one.pk]), one.pk in heads) for one in people}
    mine = WorkOrder.objects.filter(handler_id__in=pks).order_by()
    open_now = Q(state__in=WorkOrder.IN_HAND, closed_at__isnull=True)
    for pk, count, last in (
        mine.filter(open_now | Q(assigned_at__gte=now - timedelta(days=31)))
        .values("handler")
        .annotate(count=Count("pk", filter=open_now), last=Max("assigned_at"))
        .values_list("handler", "count", "last")
    ):
        hands[pk].in_hand, hands[pk].given_at = count, last or NEVER
    for order in expected(mine).order_by("appointment_from", "pk"):
        hands[order.handler_id].appointments.append(order)
    return list(hands.values())


def expected(orders: Any) -> Any:
    """Orders that somebody is still to drive to, at an agreed time."""
    still = (S.ASSIGNED, S.ACCEPTED, S.ON_HOLD, S.ON_SITE, S.WORKING)
    return orders.filter(state__in=still, closed_at__isnull=True, appointment_from__isnull=False).select_related(
        "unit", "building"
    )


def of_day(orders: list[Any], day: Any) -> list[Any]:
    """Those of one day, in order."""
    return [one for one in orders if timezone.localtime(one.appointment_from).date() == day]


def ranked(hands: list[Hand], trade: str, order: Any = None) -> list[Hand]:
    """The best candidate first: of the trade, free at that time, with the least in hand, longest without a new order."""
    return sorted(
        hands,
        key=lambda one: (
            not one.does(trade),
            one.heads and not one.trades,
            order is not None and one.clash(order) is not None,
            one.in_hand,
            one.given_at,
            one.person.initials,
            one.person.pk,
        ),
    )


def in_turn(order: Any, now: datetime) -> Any:
    """Whose turn it is: of the trade, on duty, has not given this order back, need not keep away from it."""
    without = set(order.passings.filter(kind=Passing.Kind.REJECT).values_list("person_id", flat=True))
    hands = [one for one in crew_of(order.community_id, now) if one.does(order.trade) and one.person.pk not in without]
    free = {person.pk for person in bars.let_in((one.person for one in hands), order.pk)}
    hands = [one for one in hands if one.person.pk in free]
    return ranked(hands, order.trade, order)[0].person if hands else None


def to_grab(person: Any, communities: Any) -> Any:
    """Orders that nobody has yet and that this person may take: of his trade, not given back by him, none that he (or
    somebody in whose place he stands) must keep away from."""
    own = Skill.objects.filter(person_id=person.pk, community_id=OuterRef("community_id"))
    given_back = Passing.objects.filter(order_id=OuterRef("pk"), kind=Passing.Kind.REJECT, person_id=person.pk)
    rows = WorkOrder.objects.filter(
        community_id__in=communities, state=S.TO_ASSIGN, dispatch=WorkOrder.Dispatch.GRAB, closed_at__isnull=True
    ).exclude(ability=WorkOrder.Ability.OUTSIDE)
    of_trade = Q(trade=Trade.OTHER) | Exists(own.filter(trade=OuterRef("trade"))) | ~Exists(own)
    return bars.without(rows.filter(of_trade).exclude(Exists(given_back)), person)


def may_grab(person: Any, order: Any) -> bool:
    return bool(to_grab(person, [order.community_id]).filter(pk=order.pk).exists())


def who_may_grab(order: Any) -> list[Any]:
    """Those who are told of a new order; the head is told besides."""
    back = set(order.passings.filter(kind=Passing.Kind.REJECT).values_list("person_id", flat=True))
    hands = crew_of(order.community_id, timezone.now())
    return [one.person for one in hands if one.does(order.trade) and one.person.pk not in back and not one.heads]


def clashing(order: Any) -> Any:
    """Another order for which the person named on this one is expected at the same time."""
    if order.handler_id is None or order.appointment_from is None:
        return None
    others = expected(WorkOrder.objects.filter(handler_id=order.handler_id)).exclude(pk=order.pk)
    near = others.filter(appointment_from__lte=order.appointment_to, appointment_to__gte=order.appointment_from)
    return next((other for other in near if overlaps(order, other)), None)


def counts_of(community_id: int, since: datetime) -> dict[int, dict[str, int]]:
    """By person, how often he has given orders back and passed them on since then."""
    rows = (
        Passing.objects.filter(order__community_id=community_id, at__gte=since)
        .order_by()
        .values(who=F("person"))
        .annotate(
            rejects=Count("pk", filter=Q(kind=Passing.Kind.REJECT)),
            passes=Count("pk", filter=Q(kind=Passing.Kind.PASS)),
        )
    )
    return {row["who"]: {"rejects": row["rejects"], "passes": row["passes"]} for row in rows}
