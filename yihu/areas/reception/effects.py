"""What the desk's steps do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.reception.knowledge import count_answers
from yihu.areas.reception.models import Contact, Matter
from yihu.kernel.authority import authority, grants_of
from yihu.kernel.models import Link, Record


def where_it_starts(act: Any) -> str:
    """Answered on the spot: only to be struck off. Routed at once by the desk: in hand. Else the desk must route it."""
    if act.data.get("answered"):
        return Contact.State.READY
    if act.by.is_system or grants_of(act.by).may("reception.route", act.record.community_id):
        return Contact.State.IN_HAND
    return Contact.State.REGISTERED


def after_opening(act: Any) -> None:
    """The receiver stays responsible (首问责任); whoever the contact is about must not see it (DESK-06)."""
    contact = act.record
    contact.handler = act.by
    if act.data.get("answered"):
        count_answers(act.data.get("knowledge") or "", contact.community_id)
    about = contact.about_staff
    if about is None or contact.category != "complaint":
        return
    act.bar(about, "事项涉及本人")
    if about.pk == act.by.pk:
        contact.handler = None
    told = "cs_manager" if "cs_supervisor" in grants_of(about).posts(contact.community_id) else "cs_supervisor"
    act.tell_post(told, f"{contact.number} 涉及员工本人，请亲自处理。")


def still_open(contact: Any, by: Any) -> str:
    """A line is struck off only when all that came of it is finished and called back (DESK-05)."""
    numbers = all_open_below(contact.pk)
    return f"{'、'.join(numbers)} 还没有办结和回访，暂不能注销。" if numbers else ""


def all_open_below(pk: int) -> list[str]:
    """Numbers of unfinished records that came of this one, second rounds included."""
    found: list[str] = []
    seen, fresh = {pk}, {pk}
    while fresh:
        rows = (
            Record.objects.filter(links_in__origin_id__in=fresh)
            .exclude(links_in__why=Link.Why.SEE)
            .exclude(pk__in=seen)
            .distinct()
        )
        fresh = {row.pk for row in rows}
        found += sorted(row.number for row in rows if row.closed_at is None)
        seen |= fresh
    return found


def replied(act: Any) -> None:
    act.record.replied_at = act.at


def matter_from(origin: Any) -> dict[str, Any]:
    """What a matter takes over from the contact."""
    facts = origin.facts()
    return {
        name: facts.get(name)
        for name in ("category", "content", "promised_at", "unit", "party", "caller_name", "phone")
    }


def matter_opened(act: Any) -> None:
    if act.record.handler_id:
        act.tell([act.record.handler], f"{act.record.number} {act.record.summarise()[:60]}，请跟进。")


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
    }
    data["handler"] = first.handler_id or ""
    opened = act.open(again, data, why=Link.Why.REWORK)
    act.tell(
        authority().holders(first.community_id, "cs_supervisor"),
        f"{first.number} 回访不满意，已开第二轮 {opened.number}。",
    )
