"""What the steps of a complaint do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.complaints.models import Complaint
from yihu.ground.staff.heads import heads_of
from yihu.kernel.procedure import Branch

S = Complaint.State


def complaint_from(origin: Any) -> dict[str, Any]:
    """What a complaint takes over from the contact."""
    facts = origin.facts()
    return {
        "unit": facts.get("unit"), "party": facts.get("party"), "complainant": facts.get("caller_name"), "phone": facts.get("phone"),
        "content": facts.get("content"), "about_staff": facts.get("about_staff"), "anonymous": facts.get("anonymous") or False,
        "relation": facts.get("relation") or "owner", "channel": facts.get("channel") or "phone",
    }  # fmt: skip


WHERE_IT_STARTS = Branch(lambda act: S.CHECKING if act.data.get("team") else S.RECEIVED, (S.RECEIVED, S.CHECKING))


def opened(act: Any) -> None:
    """Who is complained of is kept out before anybody is told (DESK-06)."""
    complaint = act.record
    if complaint.about_staff_id:
        act.bar(complaint.about_staff, "投诉涉及本人")
    act.tell_post("cs_manager", f"{complaint.number} {complaint.summarise()[:60]}")


def issued(act: Any) -> None:
    complaint = act.record
    complaint.issued_at, complaint.issued_by = act.at, act.by
    act.tell(
        heads_of(complaint.community_id, complaint.team), f"{complaint.number} 请在 2 小时内答复原因、措施和预防。"
    )


def replied(act: Any) -> None:
    act.record.replied_at, act.record.replied_by = act.at, act.by


def told(act: Any) -> None:
    complaint = act.record
    complaint.told_at = act.at
    complaint.first_answer_at = complaint.first_answer_at or act.at


def gave_opinion(act: Any) -> None:
    act.record.opinion_at = act.at


def approved(act: Any) -> None:
    act.record.confirmed_at, act.record.confirmed_by = act.at, act.by


def nothing_more(act: Any) -> None:
    """A bad answer to the call-back is told to the supervisor."""
    act.tell_post("cs_supervisor", f"{act.record.number} 回访不满意：{act.data['words']}"[:200])
