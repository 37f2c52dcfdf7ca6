"""集体投诉: one matter of many households. Who calls about it later joins it, who joined wrongly is taken out again."""

from __future__ import annotations

from typing import Any

from yihu.areas.complaints.answers import units_of
from yihu.areas.complaints.models import Household
from yihu.areas.complaints.receipts import send_to_joined, sent_of
from yihu.basics.identity import mask_free_text
from yihu.kernel.erasing import Part, has_parts
from yihu.kernel.models import Link, Record

has_parts(Part(Household, record="complaint", party="party", file="receipt_signed"))
MANY = 3  # households that make a complaint a matter for the project manager


def joined(act: Any) -> None:
    data = act.data
    add_household(
        act.record, unit=data["unit_joining"], name=data["name"], phone=data["phone"], said=data["said"], at=act.at
    )
    tell_if_many(act, act.record)


def add_household(complaint: Any, *, name: str, said: str, phone: Any, at: Any, **more: Any) -> Household:
    household = Household(complaint=complaint, name=name[:40], phone=phone or "", said=said[:400], joined_at=at, **more)
    household.save(force_insert=True)
    return household


def tell_if_many(act: Any, complaint: Any) -> None:
    count = complaint.collective_count
    if count == MANY:
        act.tell_post("project_manager", f"{complaint.number} 已有 {count} 户投诉同一件事：{complaint.summary[:60]}")


def called_too(act: Any, contact: Any, complaint: Any) -> None:
    """One more call about it, tied to it already: a household of its own, to be answered like the others. Of one that is in it,
    and of one whom nobody knows, the call is only noted.
    """
    unknown = not contact.unit_id and not contact.caller_name
    if unknown or contact.unit_id in units_of(complaint):
        return
    data = {"unit_joining": contact.unit_id or "", "name": contact.caller_name, "said": contact.content[:400]}
    act.perform(complaint, "join", data)
    household = complaint.joined.order_by("pk").last()
    household.came_by_id, household.party_id, household.phone = contact.pk, contact.party_id, contact.phone
    household.complaint = complaint
    send_to_joined(act, household)


def taken_out(act: Any) -> None:
    """It joined wrongly: its call stands before the desk again and is opened as what it is."""
    household, complaint = act.data["household"], act.record
    _withdraw(complaint.households.filter(pk=household.pk), act, act.data["reason"])
    call = household.came_by
    if call is None or call.closed_at is not None:
        return
    Link.objects.filter(origin_id=call.pk, target_id=complaint.pk, why=Link.Why.CAME_OF).delete()
    again = call.procedure.step("reroute")
    if again is not None and call.state in again.source:
        act.perform(call, "reroute", {"reason": f"误并入 {complaint.number}：{act.data['reason']}"[:200]})


def answered(act: Any) -> None:
    chosen = [one.pk for one in act.data["households"]]
    waiting = act.record.joined.filter(pk__in=chosen, answered_at__isnull=True)
    waiting.update(answered_at=act.at, answer=act.data["answer"], answered_by=act.by)


def merged(act: Any) -> None:
    """Two were opened about the same thing: the households of the one go on in the other."""
    came, kept = act.record, act.data["into"].typed
    known = units_of(kept)
    own = [] if came.anonymous else [(came, came.complainant, came.content, {"receipt_message": sent_of(came)})]
    own += [(one, one.name, one.said, _receipt_of(one)) for one in came.joined.select_related("unit", "party")]
    for one, name, said, receipt in own:
        if one.unit is not None and one.unit.pk in known:
            continue
        told = {f"receipt_{part}": getattr(one, f"receipt_{part}") for part in ("way", "words", "at", "by")}
        add_household(
            kept, unit=one.unit, party=one.party, name=name, phone=one.phone, said=said, at=act.at, came_by_id=came.pk,
            **told, **receipt,
        )  # fmt: skip
    tell_if_many(act, kept)
    _say_how_many(kept)


def _receipt_of(household: Household) -> dict[str, Any]:
    return {f"receipt_{part}": getattr(household, f"receipt_{part}") for part in ("message", "signed", "failed_at")}


def split(act: Any) -> None:
    kept = act.data["out_of"].typed
    _withdraw(kept.households.filter(came_by_id=act.record.pk), act, act.data["reason"])
    _say_how_many(kept)


def _withdraw(households: Any, act: Any, why: str) -> None:
    households.filter(withdrawn_at__isnull=True).update(
        withdrawn_at=act.at, withdrawn_by=act.by, withdrawn_why=why[:200]
    )


def _say_how_many(complaint: Any) -> None:
    """Its line in the lists says of how many households it is; the step was another record's."""
    Record.objects.filter(pk=complaint.pk).update(summary=mask_free_text(complaint.summarise())[:120])
