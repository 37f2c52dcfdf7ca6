"""How far one report has come, in words for whoever sent it: his own matter, no names, nothing of the household."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.complaints.models import Complaint
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.online import codes
from yihu.fronts.online.models import Report
from yihu.kernel import moments
from yihu.kernel.models import Deadline, Link, Record

OPENS_FOR = timedelta(days=60)  # after the desk has struck it off
S, C = WorkOrder.State, Complaint.State
BEFORE_FINISH = (S.TO_ASSIGN, S.ASSIGNED, S.ACCEPTED, S.ON_SITE, S.WORKING, S.OUTSIDE, S.ON_HOLD)
FINISHED = (S.CALL_BACK, S.CLOSED, S.TRIED)
OF_REPAIR = {
    S.TO_ASSIGN: ("已收到，正在派师傅", ""),
    S.ASSIGNED: ("已派师傅", "师傅上门前会打您留的电话。"),
    S.ACCEPTED: ("师傅已接单", "师傅上门前会打您留的电话。"),
    S.ON_SITE: ("师傅已到场", ""),
    S.WORKING: ("正在维修", ""),
    S.OUTSIDE: ("已请专业单位来修", "上门前会打您留的电话。"),
    S.ON_HOLD: ("暂时修不了", "原因前台会打电话告诉您。"),
    S.TO_SIGN: ("已修好，请签字确认", ""),
    S.CALL_BACK: ("已修好", "前台会打电话回访，修得怎么样请照实说。"),
    S.CLOSED: ("已办结", ""),
    S.TRIED: ("已办结", ""),
    S.DECLINED: ("这件事我们修不了", "原因前台会告诉您；有疑问请打电话。"),
    S.CANCELLED: ("已取消", "不是您要取消的，请打电话给前台。"),
    S.FALSE_ALARM: ("到场看过，没有发现问题", "还有问题请再报一次，或打电话给前台。"),
}
OF_COMPLAINT = {
    C.RECEIVED: ("已受理", ""),
    C.CHECKING: ("已受理", ""),
    C.ISSUED: ("责任部门正在办", ""),
    C.REPLIED: ("责任部门有了答复", "前台会把处理办法告诉您。"),
    C.HANDLING: ("责任部门正在办", "暂时定不了完成时间，前台会先告诉您。"),
    C.TOLD: ("处理办法已经告诉您", "正在落实。"),
    C.OPINION: ("已经落实，等您的意见", ""),
    C.CONFIRMING: ("您的意见已记下，正在确认", ""),
    C.CALL_BACK: ("已处理，等回访", "会有人打电话问您满意不满意。"),
    C.CLOSED: ("已办结", ""),
    C.EXPLAINED: ("已向您解释", "不同意的，可以打电话给前台提出申诉。"),
}
AGAIN = "前台正在重新安排"


@dataclass(frozen=True)
class Standing:
    """What the page shows. ``word`` is the state, ``next`` what happens now and by when."""

    word: str
    next: str
    late: bool
    over: bool
    appointment: str
    together: bool
    may_urge: bool
    may_judge: bool
    times: list[tuple[str, str]]


def report_of(token: str, now: datetime) -> Report | None:
    """The report whose address it is, until two months after the desk has struck its entry off."""
    if not codes.CODE.fullmatch(token):
        return None
    rows = Report.objects.filter(digest=codes.digest(token))
    report = rows.select_related("contact", "card__community", "card__unit", "card__building").first()
    if report is None:
        return None
    closed = report.contact.closed_at
    return report if closed is None or now < closed + OPENS_FOR else None


def matter_of(report: Report) -> Any:
    """What is being worked on for him: the matter he opened, that into which it was merged, or its second round."""
    record, seen = Record.objects.get(pk=report.matter_id), set()
    while record.pk not in seen:
        seen.add(record.pk)
        why = (Link.Why.MERGED,) if record.closed_as == Record.ClosedAs.MERGED else (Link.Why.REWORK,)
        tie = Link.objects.filter(origin_id=record.pk, why__in=why).select_related("target").order_by("-pk").first()
        if tie is not None and (why == (Link.Why.MERGED,) or _his(tie.target, report)):
            record = tie.target
    return record.typed


def _his(again: Record, report: Report) -> bool:
    """A second round is his unless it was opened for another caller of the same job."""
    own = Link.objects.filter(target_id=again.pk, why=Link.Why.CAME_OF).values_list("origin_id", flat=True)
    return not own or report.contact_id in own


def standing_of(report: Report, now: datetime) -> Standing:
    matter, contact = matter_of(report), report.contact
    repair, together = isinstance(matter, WorkOrder), _merged(report)
    word, then = (OF_REPAIR if repair else OF_COMPLAINT).get(matter.state, (str(matter.state_word), ""))
    gone = matter.closed_as == Record.ClosedAs.WITHDRAWN
    if gone:
        word, then = (AGAIN, "") if contact.closed_at is None else ("已办结", "")
    elif contact.state == Contact.State.VOIDED:
        word, then = "已作废", "不是您的意思的，请打电话给前台。"
    open_now = matter.closed_at is None and not gone
    limits = _limits(matter, repair=repair) if open_now else []
    busy = matter.state in BEFORE_FINISH if repair else matter.state not in (C.CALL_BACK, C.EXPLAINED)
    return Standing(
        word=word,
        next="".join(part for part in (then, _waits(matter, repair=repair), _by_when(limits, now)) if part),
        late=any(due < now for _, due in limits),
        over=not open_now,
        appointment=_appointment(matter) if repair and not together and matter.state in BEFORE_FINISH else "",
        together=together,
        may_urge=open_now and busy,
        may_judge=repair and not gone and matter.state in FINISHED and not report.opinion,
        times=_times(report, matter, together=together),
    )


def _merged(report: Report) -> bool:
    return bool(Link.objects.filter(origin_id=report.matter_id, why=Link.Why.MERGED).exists())


def _limits(matter: Any, *, repair: bool) -> list[tuple[str, datetime]]:
    """The limits that run for what comes next, as the house itself is held to them."""
    order = (
        (("D14", "派出师傅"), ("D20", "派出师傅"), ("D16", "修好"))
        if repair
        else (("D06", "先答复您"), ("D10", "答复您"))
    )
    rows = Deadline.objects.filter(record_id=matter.pk, stopped_at__isnull=True, paused_at__isnull=True)
    running = dict(rows.values_list("code", "due_at"))
    return [(what, running[code]) for code, what in order if code in running]


def _waits(matter: Any, *, repair: bool) -> str:
    if repair and matter.state == S.ON_HOLD and matter.wake_on:
        return f"预计 {matter.wake_on:%-m 月 %-d 日}恢复。"
    return ""


def _by_when(limits: list[tuple[str, datetime]], now: datetime) -> str:
    over = [f"应在 {said(due)} 前{what}，已经过了时限。" for what, due in limits if due < now]
    if over:
        return f"{over[0]}请催办，或打电话给前台。"
    ahead = [f"最迟 {said(due)} {what}" for what, due in limits]
    return f"{'，'.join(ahead)}。" if ahead else ""


def said(moment: datetime) -> str:
    """11 月 23 日 09:30"""
    return f"{timezone.localtime(moment):%-m 月 %-d 日} {moments.clock(moment)}"


def _appointment(order: Any) -> str:
    first, last = order.appointment_from, order.appointment_to
    if first is None or last is None:
        return ""
    same_day = timezone.localtime(first).date() == timezone.localtime(last).date()
    until = moments.clock(last) if same_day else said(last)
    return said(first) if first == last else f"{said(first)} 至 {until}"


def _times(report: Report, matter: Any, *, together: bool) -> list[tuple[str, str]]:
    """When what was done; of a job that was others' too only what concerns him."""
    told = [("收到", report.sent_at)]
    if isinstance(matter, WorkOrder) and not together:
        told += [("派师傅", matter.assigned_at), ("到场", matter.arrived_at), ("修好", matter.finished_at)]
    elif isinstance(matter, Complaint) and not together:
        told += [("首次答复", matter.first_answer_at), ("告诉您处理办法", matter.told_at), ("落实", matter.remedied_at)]
    told += [("网上催办", report.urged_at), ("您的评价", report.opinion_at), ("办结", matter.closed_at)]
    done = sorted((moment, word) for word, moment in told if moment)
    return [(word, said(moment)) for moment, word in done]
