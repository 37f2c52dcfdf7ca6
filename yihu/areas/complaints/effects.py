"""What the steps of a complaint do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.complaints.closing import PAPER, PHONE, OpinionForm, amends_owed, leads
from yihu.areas.complaints.models import Complaint, Explanation
from yihu.areas.complaints.receipts import send_by_itself
from yihu.areas.complaints.words import Category, Level, Source, Validity
from yihu.ground.contact.signing import keep_signature
from yihu.ground.staff.heads import heads_of
from yihu.kernel.authority import authority
from yihu.kernel.bars import let_in
from yihu.kernel.models import Attachment, Link
from yihu.kernel.procedure import Branch

S = Complaint.State


def complaint_from(origin: Any) -> dict[str, Any]:
    """What a complaint takes over from the contact, or a new round from the complaint that was closed."""
    facts = origin.facts()
    return {
        "unit": facts.get("unit"), "party": facts.get("party"), "complainant": facts.get("caller_name"), "phone": facts.get("phone"),
        "content": facts.get("content"), "about_staff": facts.get("about_staff"), "anonymous": facts.get("anonymous") or False,
        "relation": facts.get("relation") or "owner", "channel": facts.get("channel") or "phone", "repeat_of": facts.get("complaint") or "",
        "category": facts.get("complaint_category") or (Category.ATTITUDE if facts.get("about_staff") else Category.OTHER),
        "level": Level.IMPORTANT,
        "source": Source.LETTER if facts.get("channel") in ("letter", "mail") else Source.DIRECT, "about_dept": facts.get("about_dept") or "",
    }  # fmt: skip


WHERE_IT_STARTS = Branch(lambda act: S.CHECKING if act.data.get("team") else S.RECEIVED, (S.RECEIVED, S.CHECKING))
ANSWERED = Branch(lambda act: S.HANDLING if act.data.get("decided") == "no" else S.REPLIED, (S.REPLIED, S.HANDLING))
APPROVED = Branch(lambda act: S.CLOSED if act.record.anonymous else S.CALL_BACK, (S.CALL_BACK, S.CLOSED))


def opened(act: Any) -> None:
    """Who is complained of is kept out before anybody is told (DESK-06)."""
    complaint = act.record
    keep_away(act)
    first = complaint.repeat_of
    if first is not None:
        act.command.link(first, complaint, Link.Why.REWORK if complaint.round > first.round else Link.Why.SEE)
    if complaint.level == Level.MAJOR:
        complaint.major_at = act.at
        Complaint.objects.filter(pk=complaint.pk).update(major_at=act.at)
    send_by_itself(act)
    _tell_whoever_decides(act, f"{complaint.number} {_short(complaint)}")
    if complaint.pace == "natural":
        act.tell_post("project_manager", f"{complaint.number} 重大或涉及安全，不分昼夜计时：{_short(complaint)}")


def keep_away(act: Any) -> None:
    """The person, or each member of the department, who is complained of."""
    complaint = act.record
    if complaint.about_staff_id:
        act.bar(complaint.about_staff, "投诉涉及本人")
    if complaint.whole_team_out and complaint.about_dept:
        act.bar_team(complaint.about_dept, "投诉涉及整个部门", complaint.happened_at or complaint.opened_at)


def subject_named(act: Any) -> None:
    keep_away(act)
    act.record.refresh_from_db(fields=("handler", "team"))


def _tell_whoever_decides(act: Any, sentence: str) -> None:
    """The manager confirms; where he must keep away, or there is none, the project manager does."""
    for post in ("cs_manager", "project_manager"):
        if act.tell_post(post, sentence):
            break


def _tell_department(act: Any, sentence: str) -> None:
    complaint = act.record
    told = act.tell(heads_of(complaint.community_id, complaint.team), sentence)
    if not told:
        act.tell_post("project_manager", sentence)


def _short(complaint: Any) -> str:
    return str(complaint.summarise()[:60])


def drawn(act: Any) -> None:
    _tell_whoever_decides(act, f"{act.record.number} 处理表已拟好，请确认：{_short(act.record)}")


def issued(act: Any) -> None:
    complaint = act.record
    complaint.issued_at, complaint.issued_by = act.at, act.by
    if act.data.get("validity") == Validity.VALID and complaint.level != Level.MAJOR:
        complaint.validity = Validity.VALID
    graded(act)
    _tell_department(act, f"{complaint.number} 请在 2 小时内答复原因、措施、预防和完成时间：{_short(complaint)}")


def redirected(act: Any) -> None:
    act.record.handler = None
    _tell_department(act, f"{act.record.number} 改派给您部门，请在 2 小时内答复：{act.data['reason']}")


def replied(act: Any) -> None:
    complaint = act.record
    complaint.replied_at = complaint.replied_at or act.at
    complaint.replied_by = act.by
    if complaint.handler_id is None:
        complaint.handler = act.by
    if act.data.get("decided") == "no":
        act.start("D08")
        sentence = f"{complaint.number} 部门暂不能定期：{complaint.undecided_reason}，请先答复业主。"
    else:
        act.start("D04")
        sentence = f"{complaint.number} 部门已答复，请告知业主。"
    act.tell([complaint.opened_by], sentence)


def chased(act: Any) -> None:
    _tell_department(act, f"{act.record.number} 请尽快给出详细答复：{act.data['words']}")


def answered_first(act: Any) -> None:
    act.record.first_answer_at = act.record.first_answer_at or act.at


def told(act: Any) -> None:
    complaint = act.record
    complaint.told_at = act.at
    if complaint.first_answer_at is None:
        complaint.first_answer_at, complaint.first_answer = act.at, complaint.told


def remedied(act: Any) -> None:
    act.record.remedied_at = act.at


def gave_opinion(act: Any) -> None:
    complaint, way = act.record, act.data["way"]
    complaint.opinion_at, complaint.opinion_way = act.at, way
    complaint.opinion = act.data["opinion"]
    complaint.witnesses = ""
    if way == PAPER:
        for scan in act.data["scans"]:
            act.attach(scan, Attachment.Purpose.PAPER)
    elif way != PHONE:
        complaint.owner_signature = keep_signature(act, OpinionForm)
        if act.data["refused"]:
            complaint.witnesses = f"{act.data['witness_1']}、{act.data['witness_2']}"
    act.tell_post("project_manager", f"{complaint.number} 业主{complaint.get_opinion_display()}，请确认。")


def approved(act: Any) -> None:
    complaint = act.record
    complaint.confirmed_at, complaint.confirmed_by = act.at, act.by
    if complaint.validity == Validity.PENDING:
        complaint.validity = act.data["validity"]
        complaint.invalid_reason = act.data["why_invalid"]
    if complaint.caller_id:
        act.tell([complaint.caller], f"{complaint.number} 请在 3 天内回访：{_short(complaint)}")


def called_by(act: Any) -> None:
    act.tell([act.record.caller], f"{act.record.number} 请您回访：{_short(act.record)}")


def graded(act: Any) -> None:
    """What has become major hurries, is told upwards, and has no month of grace any more."""
    complaint = act.record
    if complaint.level != Level.MAJOR:
        complaint.major_at = None
        return
    if complaint.major_at is None:
        complaint.major_at = act.at
        act.stop("D11")
        act.start("D09")
        act.tell_post("project_manager", f"{complaint.number} 定为重大投诉：{_short(complaint)}")


def escalated(act: Any) -> None:
    complaint = act.record
    complaint.level, complaint.pace, complaint.level_reason = Level.MAJOR, "natural", "满一个月没有解决"
    graded(act)


def judged_valid(act: Any) -> None:
    act.record.validity = Validity.VALID


def judged_invalid(act: Any) -> None:
    act.record.validity, act.record.explained_at = Validity.INVALID, act.at


def appealed(act: Any) -> None:
    act.record.appealed_at = act.at
    act.tell_post("project_manager", f"{act.record.number} 投诉人不服无效的判定，请答复：{act.data['appeal'][:120]}")


def overturned(act: Any) -> None:
    act.record.validity = Validity.VALID
    _tell_whoever_decides(act, f"{act.record.number} 申诉成立，改判有效，请重新办理。")


def apologised(act: Any) -> None:
    complaint = act.record
    complaint.apology_at, complaint.apology_by = act.data["apologised_at"], act.by


def noticed(act: Any) -> None:
    """Told to every colleague of the place but those who must keep away."""
    complaint = act.record
    complaint.noticed_at = act.at
    people = authority().people_with(complaint.community_id, "reception.open")
    act.tell(people, f"投诉通报：{complaint.notice}"[:200])


def called_in(act: Any) -> None:
    Explanation.objects.create(
        complaint=act.record, came=act.data["came"], came_at=act.data["came_at"], said=act.data["said"]
    )


def second_round(act: Any) -> None:
    """Not satisfied when called: it is taken up again as the next round, tied to this one (DESK-14)."""
    first = act.record
    if first.anonymous:
        return
    again = Complaint(community=first.community, unit=first.unit, party=first.party, phone=first.phone)
    data = {
        "unit": first.unit_id or "", "party": first.party_id or "", "complainant": first.complainant, "relation": first.relation,
        "channel": "phone", "source": first.source, "referred_by": first.referred_by, "category": first.category, "level": first.level,
        "content": f"{first.content}\n（回访不满意：{act.data['words']}）"[:2000], "about_dept": first.about_dept,
        "about_staff": first.about_staff_id or "", "whole_team_out": first.whole_team_out, "team": first.team, "place": first.place,
        "demand": first.demand, "repeat_of": first.number, "happened_at": first.happened_at or "", "safety": first.safety,
    }  # fmt: skip
    opened_again = act.command.open(again, data=data, files={}, origin=first, why=Link.Why.REWORK)
    supervisors = authority().holders(first.community_id, "cs_supervisor")
    told = let_in(supervisors, first.pk) or authority().holders(first.community_id, "project_manager")
    act.tell(told, f"{first.number} 回访不满意，已开第 {opened_again.round} 轮 {opened_again.number}。")


# -- what must not be done now ----------------------------------------------------------------------------------------


def nobody_to_tell(complaint: Any, by: Any) -> str:
    return "匿名投诉没有可以答复的人；措施落实后请办“措施落实”。" if complaint.anonymous else ""


def waits_for_answers(complaint: Any, by: Any) -> str:
    waiting = complaint.joined.filter(answered_at__isnull=True).count()
    return f"还有 {waiting} 户没有答复，请先逐户答复。" if waiting else ""


def nobody_named(complaint: Any, by: Any) -> str:
    return "" if complaint.about_staff_id or complaint.about_dept else "还没有指明被投诉的人，请先“指明被投诉人”。"


def waits_for_amends(complaint: Any, by: Any) -> str:
    """The households' answers first; then what is owed for a colleague who was rightly complained of (CMP-07)."""
    return waits_for_answers(complaint, by) or (amends_owed(complaint) if complaint.validity == Validity.VALID else "")


def waits_for_leader(complaint: Any, by: Any) -> str:
    """What became grave after a caller was named is called back by a leader all the same (CMP-07)."""
    if sentence := waits_for_amends(complaint, by):
        return sentence
    grave = complaint.level == Level.MAJOR and complaint.caller_id
    if grave and not leads(complaint.caller, complaint.community_id):
        return "重大投诉由经理回访，请先“改由别人回访”，选一位经理。"
    return ""


def not_major(complaint: Any, by: Any) -> str:
    return "" if complaint.level == Level.MAJOR else "不是重大投诉，不用报告或通报。"


def already_valid(complaint: Any, by: Any) -> str:
    return "已经判为有效。" if complaint.validity == Validity.VALID else ""


def appealed_before(complaint: Any, by: Any) -> str:
    return "已经申诉过一次，不能再申诉。" if complaint.appealed_at else ""


def no_appeal(complaint: Any, by: Any) -> str:
    return "" if complaint.appealed_at and not complaint.appeal_answer else "没有待答复的申诉。"


def appeal_waits(complaint: Any, by: Any) -> str:
    if complaint.appealed_at and not complaint.appeal_answer:
        return "投诉人的申诉还没有答复，请项目经理先答复。"
    return waits_for_answers(complaint, by)


def nothing_to_answer(complaint: Any, by: Any) -> str:
    return "" if complaint.joined.filter(answered_at__isnull=True).exists() else "没有待答复的住户。"
