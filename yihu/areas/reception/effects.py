"""What the desk's steps do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.reception.joining import join_job, tie
from yihu.areas.reception.knowledge import count_answers
from yihu.areas.reception.models import Contact, Matter
from yihu.ground.contact.jobs import Job
from yihu.ground.staff.heads import heads_of
from yihu.kernel.authority import authority, grants_of
from yihu.kernel.bars import is_barred
from yihu.kernel.hand_over import hand_over_target, route_kind
from yihu.kernel.models import Link, Record
from yihu.kernel.procedure import procedure_of


def where_it_starts(act: Any) -> str:
    """Answered on the spot: only to be struck off. Handed over at once: in hand. Else the desk must route it."""
    if act.data.get("answered"):
        # one who was told that the water is off waits to hear that it is back
        return Contact.State.IN_HAND if act.data.get("joins") else Contact.State.READY
    if act.data.get("joins_job"):
        return Contact.State.IN_HAND
    kind = route_kind(procedure_of(Contact), act.data)
    handed_over = hand_over_target(kind, act.record, act.by) is not None
    return Contact.State.IN_HAND if handed_over else Contact.State.REGISTERED


def after_opening(act: Any) -> None:
    """Whoever the contact is about must not see it (DESK-06)."""
    contact = act.record
    if act.data.get("answered"):
        count_answers(act.data.get("knowledge") or "", contact.community_id)
    if act.data.get("joins"):
        tie(act, act.data["joins"].record)
    if act.data.get("joins_job"):
        join_job(act, act.data["joins_job"])
    _keep_its_subject_out(act)


def joined_later(act: Any) -> None:
    """The desk finds that what a colleague logged is under way already: it is one more call about that, and of its category."""
    found = act.data["joins_job"]
    if isinstance(found, Job):
        act.record.category = found.category
    join_job(act, found)
    _keep_its_subject_out(act)


def rerouted(act: Any) -> None:
    """No department has it any more."""
    act.record.team = ""


def routed(act: Any) -> None:
    """The desk may find that it is a complaint after all."""
    _keep_its_subject_out(act)


def _keep_its_subject_out(act: Any) -> None:
    contact, about = act.record, act.record.about_staff
    if about is None or contact.category != "complaint":
        return
    act.bar(about, "事项涉及本人")
    if contact.handler_id and is_barred(contact.handler, contact.pk):
        contact.handler = None
    meant_too = "cs_supervisor" in grants_of(about).posts(contact.community_id)
    for post in ("cs_manager", "project_manager") if meant_too else ("cs_supervisor", "cs_manager", "project_manager"):
        if act.tell_post(post, f"{contact.number} 涉及员工本人，请亲自处理。"):
            break


def still_open(contact: Any, by: Any) -> str:
    """A line is struck off only when all that came of it is finished and called back (DESK-05)."""
    numbers = all_open_below(contact.pk)
    return f"{'、'.join(numbers)} 还没有办结和回访，暂不能注销。" if numbers else ""


def all_open_below(pk: int, without: int = 0) -> list[str]:
    """Numbers of unfinished records that came of this one, second rounds included; ``without`` leaves one of them out.

    A second round that has callers of its own (those who were not satisfied) holds them alone, not all who called.
    """
    found: list[str] = []
    seen, fresh = {pk, without}, {pk}
    while fresh:
        ties = Link.objects.filter(origin_id__in=fresh, why__in=Link.HOLDING).exclude(target_id__in=seen)
        pairs = list(ties.values_list("target_id", "why"))
        rounds = {target for target, why in pairs if why == Link.Why.REWORK}
        fresh = {target for target, _ in pairs} - (_of_others(rounds, pk) if rounds else set())
        rows = Record.objects.filter(pk__in=fresh, closed_at__isnull=True)
        found += sorted(rows.values_list("number", flat=True))
        seen |= fresh
    return found


def _of_others(rounds: set[int], pk: int) -> set[int]:
    """Those of the second rounds that were opened for other callers than this one."""
    ties = Link.objects.filter(target_id__in=rounds, why=Link.Why.CAME_OF).values_list("target_id", "origin_id")
    own = {target for target, origin in ties if origin == pk}
    return {target for target, _ in ties} - own


def after_leaving(act: Any) -> str:
    """Taken out of a job it did not belong to: to be routed anew, unless something else came of it as well."""
    contact, record = act.record, act.data["job"]
    rest = Link.objects.filter(origin_id=contact.pk, why=Link.Why.CAME_OF).exclude(target_id=record.pk)
    if not rest.exists():
        return Contact.State.REGISTERED
    return "" if all_open_below(contact.pk, without=record.pk) else Contact.State.READY


def replied(act: Any) -> None:
    act.record.replied_at = act.at


def reported(act: Any) -> None:
    """It stands on the entry from now on; whoever took it is told."""
    act.record.reported_at, act.record.reported_by = act.at, act.by
    if act.record.handler_id and act.record.handler_id != act.by.pk:
        act.tell([act.record.handler], f"{act.record.number} {act.by} 回报：{act.data['report'][:120]}")


def matter_from(origin: Any) -> dict[str, Any]:
    """What a matter takes over from the contact."""
    facts = origin.facts()
    return {
        name: facts.get(name)
        for name in ("category", "content", "promised_at", "unit", "party", "caller_name", "phone")
    }


def matter_opened(act: Any) -> None:
    matter = act.record
    people = [matter.handler] if matter.handler_id else []
    people += heads_of(matter.community_id, matter.team) if matter.team and not people else []
    act.tell(people, f"{matter.number} {matter.summarise()[:60]}，请跟进。")


def matter_done(act: Any) -> None:
    act.record.done_at = act.at


def second_round(act: Any) -> None:
    """Not satisfied: the matter is taken up again, tied to the first (DESK-14)."""
    first = act.record
    again = Matter(
        community=first.community, unit=first.unit, party=first.party, round_no=first.round_no + 1, phone=first.phone
    )
    data = {
        "category": first.category,
        "content": f"{first.content}\n（客户不满意：{act.data['words']}）"[:2000],
        "caller_name": first.caller_name,
        "team": first.team,
        "subject": first.subject,
    }
    able = authority().people_with(first.community_id, "reception.matter.work")
    data["handler"] = first.handler_id if able.filter(pk=first.handler_id).exists() else ""
    opened = act.open(again, data, why=Link.Why.REWORK)
    act.tell(
        authority().holders(first.community_id, "cs_supervisor"),
        f"{first.number} 回访不满意，已开第二轮 {opened.number}。",
    )
