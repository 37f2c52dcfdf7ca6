"""Several callers, one matter: what a call may belong to that is under way, tying it, and taking it out again."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.reception.models import Category, Contact
from yihu.ground.contact.beside import shown
from yihu.ground.contact.calling import settled
from yihu.ground.contact.jobs import Asked, job_as, jobs
from yihu.ground.contact.models import CallBack
from yihu.ground.estate.standing import standing, standing_as
from yihu.kernel.errors import Conflict
from yihu.kernel.models import Link, Record
from yihu.kernel.procedure import procedure_of
from yihu.kernel.screens.cells import state_cell, when

# what has a course of its own, whatever else is going on
NEVER = (Category.PRAISE, Category.SUGGESTION)


# -- before ------------------------------------------------------------------------------------------------------------


def under_way(number: str, community_id: int, person: Any) -> Any:
    """The outage (``Standing``) or the matter (``Job``) of this number, if a call may still be tied to it; else None."""
    return standing_as(number, community_id, person) or job_as(number, community_id, person)


def fitting(contact: Any, number: str, person: Any) -> Any:
    """The same, if this contact may belong to it: a complaint is heard as a complaint."""
    found = under_way(number, contact.community_id, person)
    complains = contact.category == Category.COMPLAINT
    return None if complains and getattr(found, "category", "") != Category.COMPLAINT else found


def may_belong(person: Any, contact: Any, grants: Any) -> bool:
    """What nobody has routed yet, or was answered by hand; what has a course of its own belongs to nothing else."""
    return contact.category not in NEVER and (contact.state == Contact.State.REGISTERED or contact.answered)


def candidates(contact: Any, person: Any) -> list[dict[str, Any]]:
    """What is off over the caller's home, then what is under way and may be what he called about, for the page."""
    if contact.category in NEVER:
        return []
    now, tied = timezone.now(), {record.pk for record in joined(contact)}
    kind = contact.category if contact.category in (Category.REPAIR, Category.COMPLAINT) else ""
    over = [] if kind == Category.COMPLAINT else standing(contact.community_id, contact.unit, person)
    found = [
        {
            "number": one.record.number,
            "url": one.record.get_absolute_url(),
            "off": one.word,
            "word": one.record.state_word,
            "css": state_cell(one.record)["css"],
            "where": one.record.place_words,
            "what": one.said,
            "sub": f"{when(one.record.opened_at, now)} 登记",
        }
        for one in over
        if one.record.pk not in tied
    ]
    asked = Asked(contact.community_id, person, unit=contact.unit, words=contact.content[:400], category=kind)
    return found + shown([one for one in jobs(asked) if one.record.pk not in tied])


# -- tying -------------------------------------------------------------------------------------------------------------


def tie(act: Any, record: Any) -> None:
    """Locked and asked once more: what is over this very moment calls nobody back who comes after."""
    Record.objects.select_for_update().get(pk=record.pk)
    if under_way(record.number, act.record.community_id, act.by) is None:
        raise Conflict(f"{record.number} 刚刚有变动，不能再并入；请看过最新情况，再保存一次。")
    act.command.link(act.record, record)


def join_job(act: Any, found: Any) -> None:
    """One more caller of what is under way; the call that urges it counts as an urge."""
    contact, record = act.record, found.record
    tie(act, record)
    contact.team = record.team
    if getattr(found, "tie", None) is not None:
        found.tie(act, contact)
    if act.data.get("urges"):
        act.perform(record, "urge", {"words": f"来电催办（{contact.number}）"})
    else:
        act.command.note(record, f"{act.by} 并入来电 {contact.number}", step="joined")


# -- taking out again --------------------------------------------------------------------------------------------------


def joined(contact: Any) -> list[Any]:
    """The open matters of others that this contact was tied to: not what it opened itself. A household of a complaint is
    taken out on the complaint's own page."""
    route = procedure_of(Contact).route
    assert route is not None
    own = set(route.to.values())
    ties = Link.objects.filter(origin_id=contact.pk, why=Link.Why.CAME_OF).select_related("target").order_by("pk")
    elsewhere = route.to[Category.COMPLAINT]
    rows = [
        one.target
        for one in ties.exclude(target__kind=elsewhere)
        if one.target.kind not in own or one.at > one.target.opened_at
    ]
    return [row for row in rows if row.closed_at is None or row.closed_as == Record.ClosedAs.MERGED]


def was_joined(person: Any, contact: Any, grants: Any) -> bool:
    return contact.pk is not None and contact.state == Contact.State.IN_HAND and bool(joined(contact))


def has_heard(contact: Any, record: Any) -> bool:
    """Whether he has been called back since he was tied to it: what he said of it then is written down."""
    tied = Link.objects.filter(origin_id=contact.pk, target_id=record.pk, why=Link.Why.CAME_OF).order_by("-at").first()
    calls = CallBack.objects.filter(record_id=contact.pk)
    return tied is not None and settled(calls.filter(at__gt=tied.at).values_list("outcome", flat=True))


def left(act: Any) -> None:
    """The tie is taken away; contact and job both say so, and whoever works on the job hears of it."""
    contact, record = act.record, act.data["job"]
    Link.objects.filter(origin_id=contact.pk, target_id=record.pk, why=Link.Why.CAME_OF).delete()
    contact.team = ""
    if contact.answered:  # he was told of something that did not concern him
        contact.answered, contact.result = False, ""
    if contact.state == Contact.State.REGISTERED:
        act.close_late("D04")
        contact.promised_at = act.data["promise"]
        act.start("D04")
    elif contact.state == Contact.State.READY:
        act.stop("D04")
        act.start("D21")
    sentence = f"{act.by} 撤出来电 {contact.number}：{act.data['reason']}"
    into = Link.objects.filter(origin_id=record.pk, why=Link.Why.MERGED).select_related("target").first()
    for holder in (record, *((into.target,) if into else ())):
        act.command.note(holder, sentence, step="left")
        if holder.handler_id:
            act.tell([holder.handler], f"{holder.number} 的来电 {contact.number} 并错了，已撤出：{act.data['reason']}")
