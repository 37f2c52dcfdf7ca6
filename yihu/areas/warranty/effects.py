"""What the steps of a warranty slip do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.warranty.forms import AcceptForm, CommonAcceptForm, HandForm
from yihu.areas.warranty.models import Slip
from yihu.ground.contact.signing import keep_signature
from yihu.kernel.models import Attachment, Link


def slip_from(origin: Any) -> dict[str, Any]:
    """What a slip takes over from the contact."""
    facts = origin.facts()
    return {
        "defect": facts.get("content"), "unit": facts.get("unit"), "party": facts.get("party"), "reporter": facts.get("caller_name"),
        "phone": facts.get("phone"),
    }  # fmt: skip


def opened(act: Any) -> None:
    for photo in act.data.get("photos") or []:
        act.attach(photo, Attachment.Purpose.BEFORE)
    if act.record.within == Slip.Within.OUT:
        act.tell_post("cs_supervisor", f"{act.record.number} 已过保修期仍开返修联系单：{act.record.out_reason}")


def handed(act: Any) -> None:
    slip = act.record
    slip.handed_at = act.at
    slip.receiver_signature = keep_signature(act, HandForm)


def chased(act: Any) -> None:
    act.record.chases += 1


def lettered(act: Any) -> None:
    slip = act.record
    slip.letters, slip.letter_at = slip.letters + 1, act.at
    act.tell_post("project_manager", f"{slip.number} 已发催办函（第 {slip.letters} 次）：{slip.summarise()[:60]}")


def finished(act: Any) -> None:
    for photo in act.data.get("photos") or []:
        act.attach(photo, Attachment.Purpose.AFTER)


def passed(act: Any) -> None:
    act.record.checked_by = act.by
    finished(act)


def failed(act: Any) -> None:
    act.record.failed_checks += 1
    act.record.finished_on = None
    passed(act)


def accepted(act: Any) -> None:
    slip = act.record
    slip.accepted_at = act.at
    slip.owner_signature = keep_signature(act, AcceptForm if slip.unit_id else CommonAcceptForm)


def not_accepted(act: Any) -> None:
    act.record.finished_on = None
    for photo in act.data.get("photos") or []:
        act.attach(photo)


def refused(act: Any) -> None:
    """The developer says it is not his: the slip stays open, shown apart, with what he said and what it looks like."""
    for photo in act.data["photos"]:
        act.attach(photo)
    act.tell_post("cs_supervisor", f"{act.record.number} 开发商拒保：{act.record.refused_reason}"[:200])


def again(act: Any) -> None:
    """Not satisfied: the developer gets it back as a second slip, tied to the first (DESK-14)."""
    first = act.record
    second = Slip(community=first.community, unit=first.unit, party=first.party, round_no=first.round_no + 1)
    data = {
        "item": first.item,
        "defect": f"{first.defect}\n（回访不满意：{act.data['words']}）"[:2000],
        "location": first.location,
        "reporter": first.reporter,
        "agreed_until": first.agreed_until or "",
        "unit": first.unit_id or "",
        "building": first.building_id or "",
        "common_area": first.common_area,
        "accepted_on": first.accepted_on or "",
        "party": first.party_id or "",
        "out_reason": first.out_reason or "第一次返修未合格",
    }
    opened_again = act.command.open(
        second, data=data, files={}, origin=first, why=Link.Why.REWORK, initial={"phone": first.phone}
    )
    act.tell_post("cs_supervisor", f"{first.number} 回访不满意，已开第二次返修 {opened_again.number}。")
