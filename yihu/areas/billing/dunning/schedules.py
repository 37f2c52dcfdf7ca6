"""What dunning does by itself: the batch of the 11th working day, promises that are due, debts that were paid (D66, D67)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from yihu.areas.billing.dunning.dates import dunning_day
from yihu.areas.billing.dunning.effects import still_to_come
from yihu.areas.billing.dunning.forms.cases import REASONABLE
from yihu.areas.billing.dunning.forms.notices import why_no_notice
from yihu.areas.billing.dunning.forms.suspensions import owed_for
from yihu.areas.billing.dunning.models import (
    Demand,
    DunningCase,
    DunningNotice,
    DunningRound,
    Instalment,
    Letter,
    Passed,
    Suspension,
)
from yihu.areas.billing.dunning.reckon import evening, owed_of, to_decide
from yihu.areas.billing.dunning.standing import late_on, limitations, overdue
from yihu.areas.billing.dunning.suspension_effects import last_of_seven
from yihu.areas.billing.dunning.turning import all_turned
from yihu.areas.billing.running.using import use_all
from yihu.basics.worktime import CalendarYearMissing
from yihu.ground.ledger.in_check import in_check
from yihu.ground.ledger.models import Charge
from yihu.kernel import messages, moments
from yihu.kernel.authority import authority
from yihu.kernel.calendars import office
from yihu.kernel.doors import command, open_record, perform
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import schedule
from yihu.kernel.rhythms import Turn, rhythm

SLICE = 100  # notices of one round in one go: the worker has other things to do as well
OPENS_AT = timedelta(hours=9)
R, S = DunningRound.State, DunningCase.State


@rhythm("dunning-round", DunningRound)
def rounds(community: Any, now: datetime) -> Iterable[Turn]:
    """One a month, on its 11th working day. Without the year's holidays there is an alarm and no guess (scenario 23)."""
    today = timezone.localdate(now)
    try:
        day = dunning_day(today.year, today.month, office(community.pk, now))
    except CalendarYearMissing as missing:
        alarm(community, today, str(missing), now)
        return
    opens = evening(day).replace(hour=0, minute=0) + OPENS_AT
    data = {"day": day.isoformat(), "due_at": moments.stamp(evening(day))}
    yield Turn(f"{day:%Y-%m}", opens, data)


def alarm(community: Any, today: date, sentence: str, now: datetime) -> None:
    """Once a day, to those who can enter the year and those who wait for the notices."""
    system = authority().system()
    key = f"dunning-no-calendar:{community.pk}:{today.isoformat()}"
    with command(by=system, key=key, at=now, body=None, verb="dunning.alarm") as commanding:
        if commanding.replayed:
            return
        people = [
            person for post in ("sysadmin", "finance_supervisor", "project_manager")
            for person in authority().holders(community.pk, post)
        ]  # fmt: skip
        messages.tell(
            people, f"催款日无法推算，本月催款单没有生成：{sentence}"[:200], community_id=community.pk, at=now
        )
        commanding.note(
            commanding.book("dunning.alarm", community.pk), f"催款日无法推算：{sentence}"[:200], step="alarm"
        )


@schedule("dunning-draw-up", every=timedelta(minutes=1))
def draw_up() -> None:
    """Go on with the batches that are not whole yet; each notice is opened once, whatever happens meanwhile."""
    for batch in DunningRound.objects.filter(state=R.DRAWING, closed_at__isnull=True).order_by("pk"):
        draw(batch, timezone.now())


def draw(batch: DunningRound, now: datetime, most: int = SLICE) -> bool:
    """True when everybody who has not paid has his notice, or a reason why not."""
    system, day = authority().system(), timezone.localdate(now)
    use_all(batch.community_id, now)  # nobody is asked for what he has paid in advance
    late = overdue(batch.community_id, batch.day).values_list("party", flat=True).order_by("party").distinct()
    seen = set(batch.notices.values_list("party", flat=True)) | set(batch.passes.values_list("party", flat=True))
    waiting = [party for party in late if party not in seen]
    checked = in_check(batch.community_id) if waiting else {}
    for party in waiting[:most]:
        _one(batch, party, day, checked, system, now)
    if len(waiting) > most:
        return False
    perform(batch, "drawn", by=system, key=f"dunning-drawn:{batch.pk}", at=now)
    return True


def _one(batch: DunningRound, party: int, day: date, checked: dict[int, str], system: Any, now: datetime) -> None:
    community = batch.community
    case = DunningCase.objects.filter(open_of=party, community=community, closed_at__isnull=True).first()
    try:
        if case is None:
            made = DunningCase(community=community)
            case = open_record(made, by=system, key=f"dunning-case:{batch.pk}:{party}", data={"party": party}, at=now)
        why = why_no_notice(case, day, checked)
        if not why:
            data = {"case": case.pk, "pay_by": (day + timedelta(days=REASONABLE)).isoformat()}
            notice = DunningNotice(community=community, round=batch)
            open_record(notice, by=system, key=f"dunning:{batch.pk}:{party}", data=data, at=now)
            return
    except Refused as refused:  # he has paid this very moment
        why = refused.sentence
    Passed.objects.get_or_create(round=batch, party_id=party, defaults={"why": why[:120]})


@schedule("dunning-look-again", every=timedelta(minutes=10))
def look_again() -> None:
    """Debts that were paid, promises that were due, letters that have arrived by now."""
    look(timezone.now())


def look(now: datetime) -> None:
    today, system = timezone.localdate(now), authority().system()
    _proven(today)
    _lift(now, today, system)
    cases = DunningCase.objects.filter(closed_at__isnull=True).order_by("party")
    owed = _owed(cases, today)
    for case in cases:
        found = owed.get((case.community_id, case.party_id), [])
        step = _step_for(case, found, today)
        if step:
            _do(case, step, system, now)


def _owed(cases: Any, today: date) -> dict[tuple[int, int], list[Any]]:
    rows = Charge.objects.filter(late_on(today), party__in=cases.values("party"))
    ordered = rows.order_by("community", "party", "due_on")
    return {key: list(some) for key, some in groupby(ordered, key=lambda one: (one.community_id, one.party_id))}


def _step_for(case: DunningCase, found: list[Any], today: date) -> str:
    if not found:
        if to_decide(case, today):
            return "paid_undecided" if case.owed_fen else ""
        return "turned" if all_turned(case) else "paid"
    if case.state == S.PLAN and case.next_part_at is not None and timezone.localdate(case.next_part_at) < today:
        return "plan_broken" if not kept(case, today) else "next_part" if still_to_come(case, today) else "plan_kept"
    ends = min(limitations(found).values())
    return "look_again" if (owed_of(found), ends) != (case.owed_fen, case.limitation_on) else ""


def kept(case: DunningCase, today: date) -> bool:
    """Whether as much was paid since the agreement as fell due under it by yesterday."""
    parts = list(Instalment.objects.filter(case=case, in_force=True))
    plan = case.demands.filter(kind=Demand.Kind.PLAN).order_by("-pk")[:1]
    covered = Charge.objects.filter(pk__in=[line.charge_id for one in plan for line in one.lines.all()])
    still = sum(charge.open for charge in covered)
    return parts[0].owed - still >= sum(part.amount for part in parts if part.due_on < today)


def _proven(today: date) -> None:
    """Letters that should have arrived by now count as delivered from that day (诉讼时效规定第8条), messages from the day
    on which they were reported (民法典第137条)."""
    for demand in Demand.objects.filter(on__isnull=True).select_related("case"):
        paper = (
            DunningNotice.objects.filter(pk=demand.record_id).first() or Letter.objects.filter(demand=demand).first()
        )
        if paper is None or getattr(paper, "wrong", ""):
            continue
        on = paper.served_on(today, demand.case.community_id)
        if on is not None:
            words = (
                f"{demand.words}；{paper.delivery_words}"[:200] if paper.way == paper.Way.ELECTRONIC else demand.words
            )
            Demand.objects.filter(pk=demand.pk, on__isnull=True).update(on=on, words=words)


def _lift(now: datetime, today: date, system: Any) -> None:
    """A service goes on as soon as it is paid for, contested, or its time is up: well within two hours (§6.2.4)."""
    for paper in Suspension.objects.filter(closed_at__isnull=True).select_related("case"):
        owed = owed_for(paper.case, today)
        settled = not any(owed.get(one.item_id) for one in paper.services.all())
        over = paper.state == Suspension.State.IN_FORCE and (
            today >= paper.ends_on or paper.case.state in (S.PAUSED, S.PLAN) or settled
        )
        step = "lift_itself" if over else "paid" if settled and paper.state != Suspension.State.IN_FORCE else ""
        if step:
            _do(paper, step, system, now)
        elif paper.state == Suspension.State.WAITING and paper.pay_by is None and last_of_seven(paper, now)[0]:
            _do(paper, "reached", system, now)


def _do(record: Any, step: str, system: Any, now: datetime) -> None:
    """Somebody may have moved it this very moment; then it is looked at again."""
    with suppress(Refused):
        perform(record, step, by=system, at=now)
