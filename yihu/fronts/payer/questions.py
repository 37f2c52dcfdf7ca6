"""A question or an objection becomes an entry of the desk, with its reason coded; dunning hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from yihu.areas.billing.dunning.models import DunningCase
from yihu.areas.reception.models import Contact
from yihu.basics.money import yuan
from yihu.fronts.payer.models import Objection
from yihu.fronts.payer.papers import Paper
from yihu.kernel import moments
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused

MOST_A_DAY, MOST_OPEN = 3, 5
ROUTE = "reception.route"


@dataclass(frozen=True)
class Question:
    """What somebody typed who has the paper in his hand; who he is, only he says."""

    reason: str
    words: str
    line: Any = None
    relation: str = "owner"
    name: str = ""
    phone: str = ""


def raise_question(paper: Paper, question: Question, *, key: str) -> Objection | None:
    """One entry for one question; the desk hands it over. None where the same form came a second time."""
    system = authority().system()
    body = [paper.kind, paper.pk, question.reason, question.words, question.line.charge_id if question.line else None]
    with command(by=system, key=key, verb="payer.question", body=body) as commanding:
        if commanding.replayed:
            return None
        # so that two at once are counted one after the other
        type(paper.record).objects.select_for_update().get(pk=paper.pk)
        _not_too_many(paper, commanding.at)
        unit = paper.record.unit if question.line is None else question.line.charge.unit
        contact = commanding.open(
            Contact(community=paper.community, unit=unit), data=_entry(paper, question, unit), files={}
        )
        found = Objection.objects.create(
            **{paper.kind: paper.record}, charge=question.line.charge if question.line else None, reason=question.reason,
            contact=contact, asked_at=commanding.at,
        )  # fmt: skip
        sentence = f"{contact.number} 客户在缴费页面提出：{found.get_reason_display()}（{unit or paper.number}），请分派、答复。"
        desk = authority().people_with(contact.community_id, ROUTE)
        commanding.tell(desk, sentence, community_id=contact.community_id, record=contact)
        _tell_dunning(commanding, paper, found)
        commanding.answer(contact)
    return found


def _asked(paper: Paper) -> Any:
    return Objection.objects.filter(**{paper.kind: paper.record})


def _not_too_many(paper: Paper, at: Any) -> None:
    rows = _asked(paper)
    today = rows.filter(asked_at__gt=at - timedelta(days=1)).count()
    if today >= MOST_A_DAY or rows.filter(contact__closed_at__isnull=True).count() >= MOST_OPEN:
        raise Refused("您提的疑问我们已经收到，正在办；还有话要说，请打通知单上的查询电话。")


def _entry(paper: Paper, question: Question, unit: Any) -> dict[str, Any]:
    """The opening form of the desk's register, filled in; nobody has looked at it yet, so it is not handed over."""
    about = f"通知单 {paper.number}"
    if question.line is not None:
        charge = question.line.charge
        about += f"，{charge.item} {charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d} {yuan(question.line.amount)} 元"
    reason = Objection.Reason(question.reason).label
    return {
        "unit": unit.pk if unit is not None else "",
        "caller_name": question.name,
        "phone": question.phone,
        "relation": question.relation,
        "channel": Contact.Channel.CHAT,
        "category": "other",
        "content": f"【缴费页面·{reason}】{about}。{question.words}".strip(),
        "unrouted": "on",
    }


def _tell_dunning(commanding: Any, paper: Paper, found: Objection) -> None:
    """Whoever asks for the money knows that it is contested before he asks again."""
    rows = DunningCase.objects.filter(open_of=paper.party, community=paper.community, closed_at__isnull=True)
    for case in rows:
        commanding.note(
            case, f"客户在缴费页面提出：{found.get_reason_display()}（{found.contact.number}）", step="objected"
        )


def asked_of(paper: Paper) -> list[dict[str, str]]:
    """How far each question has come, in a word."""
    rows = _asked(paper).select_related("contact", "charge__item").order_by("-pk")[:10]
    return [
        {
            "what": f"{one.charge.item}：{one.get_reason_display()}" if one.charge else one.get_reason_display(),
            "when": moments.short(one.asked_at),
            "state": _state(one.contact),
            "css": "state-done" if one.contact.closed_at or one.contact.replied_at else "state-busy",
        }
        for one in rows
    ]


def _state(contact: Any) -> str:
    if contact.closed_at is not None or contact.replied_at is not None:
        return "已答复"
    return "处理中" if contact.state == Contact.State.IN_HAND else "已收到"
