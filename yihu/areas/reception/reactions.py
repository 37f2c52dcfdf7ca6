"""A contact looks again whenever something closes: is all that came of it finished?"""

from typing import Any

from yihu.areas.reception.effects import all_open_below
from yihu.areas.reception.models import Contact, Matter
from yihu.kernel.models import Link
from yihu.kernel.reactions import reacts_to


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
            set(Link.objects.filter(target_id__in=fresh).exclude(why=Link.Why.SEE).values_list("origin_id", flat=True))
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


@reacts_to("outages.outage.closed")
def callers_are_struck_off(record: Any, commanding: Any) -> None:
    """Whoever was answered with what was off has heard that it is back: his line is finished."""
    for contact in contacts_above(record.pk):
        if not contact.answered or contact.closed_at is not None or all_open_below(contact.pk):
            continue
        if contact.state == Contact.State.IN_HAND:
            commanding.perform(contact, "children_done", data={}, files={})
        commanding.perform(contact, "strike_off", data={}, files={})
