"""What the desk does because of another's step: contacts look again, and what hangs on them moves with them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.reception.effects import all_open_below
from yihu.areas.reception.models import Contact, Matter
from yihu.ground.contact.promising import FOLLOW
from yihu.kernel import moments, search
from yihu.kernel.models import Deadline, Link, Record
from yihu.kernel.reactions import reacts_to

TOLD = ("closed", "tried")  # a repair that ended so has been called back


@reacts_to("*.closed")
def strike_off_may_follow(record: Any, commanding: Any) -> None:
    """Climb from what was closed to the contact it came of; if nothing below is open any more, it waits for its strike-off."""
    for contact in contacts_above(record.pk):
        if contact.state == Contact.State.IN_HAND and contact.closed_at is None and not all_open_below(contact.pk):
            commanding.perform(contact, "children_done", data={}, files={})


def contacts_above(pk: int) -> list[Contact]:
    seen, fresh = {pk}, {pk}
    found: list[Contact] = []
    while fresh:
        above = (
            set(Link.objects.filter(target_id__in=fresh, why__in=Link.HOLDING).values_list("origin_id", flat=True))
            - seen
        )
        found += Contact.objects.filter(pk__in=above)
        seen |= above
        fresh = above
    return found


@reacts_to("relations.talk.open")
def promises_are_followed_up(talk: Any, commanding: Any) -> None:
    """What was promised on a visit is a matter of the desk, one for each promise."""
    for known in talk.follow_ups():
        matter = Matter(community=talk.community, unit=talk.unit, party=talk.party, phone=known["phone"])
        data = {name: value for name, value in known.items() if name != "phone"}
        commanding.open(matter, data=data, files={}, origin=talk)


@reacts_to("*.open", when=lambda record: bool(record.team))
def the_department_is_known(record: Any, commanding: Any) -> None:
    """What came of a contact went to a department: its head sees the entry and reports on it (DESK-19)."""
    if not record.team:
        return
    for contact in Contact.objects.filter(links_out__target_id=record.pk, links_out__why=Link.Why.CAME_OF, team=""):
        if contact.closed_at is None:
            commanding.perform(contact, "given_to", data={"team": record.team}, files={})


@reacts_to("reception.contact.promise")
def promises_below_move(contact: Any, commanding: Any) -> None:
    """Another time agreed with the caller holds for all that came of the contact."""
    words = f"{contact.number} 与来访人改约 {moments.stamp(contact.promised_at)}，时限随之改变"
    for child in _open_below(contact):
        step = child.procedure.step(FOLLOW)
        if step is not None and child.state in step.source:
            _follow(child, contact.promised_at, words, commanding)


@reacts_to("reception.matter.promise")
def the_contact_hears_of_it(matter: Any, commanding: Any) -> None:
    """A time that was agreed on a matter shows on the contact, and the contact waits as long."""
    said = matter.journal.filter(step="promise").order_by("-seq").values_list("sentence", flat=True).first()
    for contact in contacts_above(matter.pk):
        if contact.closed_at is not None or contact.state not in (Contact.State.REGISTERED, Contact.State.IN_HAND):
            continue
        latest = max(moment for moment in (contact.promised_at, matter.promised_at) if moment)
        _follow(contact, latest, f"{matter.number}：{said}", commanding)


def _follow(record: Any, moment: Any, words: str, commanding: Any) -> None:
    typed = f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
    commanding.perform(record, FOLLOW, data={"promised_at": typed, "words": words[:400]}, files={})


@reacts_to("reception.contact.correct")
def what_came_of_it_moves_house(contact: Any, commanding: Any) -> None:
    """The room was written down wrongly: what is open and came of the contact with the same room moves as well."""
    changed = contact.journal.filter(step="correct").order_by("-seq").values_list("changed", flat=True).first() or {}
    if "unit" not in changed:
        return
    was = changed["unit"][0]
    if contact.party_id and not contact.party.occupancies.filter(unit_id=contact.unit_id).exists():
        _move(contact, contact.unit, None, commanding)
    for child in _open_below(contact):
        if str(child.unit or "") == was:
            _move(child, contact.unit, contact.party, commanding)


def _move(record: Any, unit: Any, party: Any, commanding: Any) -> None:
    changed = {}
    for name, new in (("unit", unit), ("party", party)):
        old = getattr(record, name)
        if old != new:
            changed[name] = [str(old or ""), str(new or "")]
            setattr(record, name, new)
    if changed:
        Record.objects.filter(pk=record.pk).update(unit=unit, party=party)
        commanding.note(record, "房号随接待记录更正", changed, step="moved")
        search.index_record(record)


def _open_below(contact: Any) -> list[Any]:
    """What came of the contact and is not finished, second rounds included."""
    numbers = all_open_below(contact.pk)
    return [row.typed for row in Record.objects.filter(number__in=numbers).order_by("pk")]


@reacts_to("outages.outage.closed")
def callers_are_struck_off(record: Any, commanding: Any) -> None:
    """Whoever belonged to what was off has heard that it is back: his line is finished."""
    for contact in contacts_above(record.pk):
        if contact.closed_at is not None or all_open_below(contact.pk):
            continue
        if contact.state == Contact.State.IN_HAND:
            commanding.perform(contact, "children_done", data={}, files={})
        commanding.perform(contact, "strike_off", data={}, files={})


@reacts_to("repairs.workorder.closed")
@reacts_to("complaints.complaint.closed")
def joined_callers_are_struck_off(job: Any, commanding: Any) -> None:
    """Whoever called about what was under way has been told that it is done: his line is finished with it."""
    if job.closed_as or job.state not in TOLD:
        return
    for contact in joined_to(job):
        if contact.closed_at is not None or all_open_below(contact.pk):
            continue
        if contact.state == Contact.State.IN_HAND:
            commanding.perform(contact, "children_done", data={}, files={})
        commanding.perform(contact, "strike_off", data={}, files={})


@reacts_to("repairs.workorder.reschedule")
@reacts_to("repairs.workorder.hold")
def callers_promises_follow(job: Any, commanding: Any) -> None:
    """A date that the owner agreed to holds for all who called about the same job."""
    due = Deadline.objects.filter(record_id=job.pk, code="D16", stopped_at__isnull=True).first()
    for contact in joined_to(job) if due else ():
        waits = contact.closed_at is None and contact.state == Contact.State.IN_HAND and contact.promised_at
        if waits and contact.promised_at < due.due_at:
            _follow(contact, due.due_at, f"{job.number} 改期，约定时间随之改变", commanding)


def joined_to(job: Any) -> list[Contact]:
    """The contacts that were tied to a job that was open already."""
    later = Link.objects.filter(target_id=job.pk, why=Link.Why.CAME_OF, at__gt=job.opened_at)
    return list(Contact.objects.filter(pk__in=later.values("origin_id")).order_by("pk"))
