"""What the supervisor checks each day (DESK-08): fields that are missing or say nothing, signatures that are missing.

今日 shows each person the gaps that wait for him; this page is one day, complete, grouped by what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from yihu.areas.complaints.joined_receipts import without_receipt
from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Level, Validity
from yihu.areas.duties.models import DaySheet
from yihu.areas.reception.gaps import conditions as contact_gaps
from yihu.areas.reception.gaps import gaps_of, with_gaps
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.contact.models import CallBack
from yihu.kernel.masked import UNREADABLE
from yihu.kernel.models import Attachment, JournalEntry, record_seen_by

SAYS_NOTHING = 4  # 漏水 alone tells nobody where and what


@dataclass(frozen=True)
class Gap:
    """One record with one thing missing, and who is to put it right."""

    record: Any
    person: Any
    words: str = ""

    @property
    def where(self) -> str:
        if isinstance(self.record, DaySheet):
            return f"{self.record.day:%m-%d}"
        return str(self.record.unit or "公共区域")


@dataclass(frozen=True)
class Check:
    """One kind of gap: how it is called and whether a row has it."""

    title: str
    fails: Callable[[Any], bool]


CONTACT_CHECKS = (
    *(Check(f"接待记录缺{name}", lambda one, name=name: name in gaps_of(one)) for name in contact_gaps()),
    Check("接待记录电话不完整", lambda one: bool(one.phone) and not well_formed(one.phone)),
    Check("接待内容过于简单", lambda one: len(one.content.strip()) < SAYS_NOTHING),
    Check("未分派", lambda one: one.state == Contact.State.REGISTERED),
)
ORDER_CHECKS = (
    Check("维修单缺报修人", lambda one: one.unit_id is not None and not one.reporter.strip()),
    Check("维修单缺联系电话", lambda one: one.unit_id is not None and not one.phone),
    Check("维修单电话不完整", lambda one: bool(one.phone) and not well_formed(one.phone)),
    Check("公共部位缺具体位置", lambda one: one.unit_id is None and not one.location.strip()),
    Check("报修内容过于简单", lambda one: len(one.symptom.strip()) < SAYS_NOTHING),
)
FINISHED_CHECKS = (
    Check("完工后客户未签字", lambda one: one.state == WorkOrder.State.TO_SIGN),
    Check("完工单缺故障原因", lambda one: not one.cause.strip()),
    Check("完工单收费方式未定", lambda one: one.chargeable == WorkOrder.Chargeable.UNDECIDED),
    Check("有偿维修没有金额", lambda one: one.chargeable == WorkOrder.Chargeable.PAID and one.total_fen == 0),
    Check("签字图片缺失", lambda one: one.signed_at is not None and not one.sign_refused and not one.has_signature),
)


COMPLAINT_CHECKS = (
    Check("未结的重大投诉", lambda one: one.level == Level.MAJOR),
    Check("重大投诉没有报告项目经理", lambda one: one.level == Level.MAJOR and not one.reported),
    Check("投诉有效性未判定", lambda one: one.validity == Validity.PENDING and one.state != Complaint.State.RECEIVED),
    Check("投诉没有责任部门", lambda one: one.state == Complaint.State.RECEIVED),
    Check("投诉回执未交", lambda one: one.receipt_at is None and not one.anonymous),
    Check("并入户的投诉回执未交", lambda one: one.joined_without),
)


def well_formed(phone: Any) -> bool:
    """What is no phone number is masked whole."""
    return set(str(phone)) != {"*"} and str(phone) != UNREADABLE


def of_day(community: Any, day: date, person: Any, now: datetime) -> list[dict[str, Any]]:
    """The groups of gaps of one day, in the order of the register. A fixed number of queries."""
    start = datetime.combine(day, time(0), OFFICE_ZONE)
    within = {"gte": start, "lt": start + timedelta(days=1)}
    groups = [
        *_check(CONTACT_CHECKS, _contacts(community, person, within), lambda one: one.opened_by),
        *_check(ORDER_CHECKS, _opened_orders(community, person, within), lambda one: one.opened_by),
        *_check(FINISHED_CHECKS, _finished_orders(community, person, within), lambda one: one.handler),
        *_check(COMPLAINT_CHECKS, _complaints(community, person, start), lambda one: one.handler or one.opened_by),
        _call_backs(community, person, within),
        *_sheets(community, day, person, now),
    ]
    return [{"title": title, "gaps": gaps} for title, gaps in groups if gaps]


def _check(checks: Iterable[Check], rows: list[Any], to_put_right: Callable[[Any], Any]) -> list[tuple[str, list[Gap]]]:
    return [
        (check.title, [Gap(row, to_put_right(row), row.summary) for row in rows if check.fails(row)])
        for check in checks
    ]


def _of(model: Any, community: Any, person: Any, within: dict[str, Any], column: str) -> Any:
    moments = {f"{column}__{name}": at for name, at in within.items()}
    rows = model.objects.seen_by(person).filter(community=community, closed_as="", **moments)
    return rows.select_related("unit", "handler", "opened_by").order_by("opened_at", "pk")


def _contacts(community: Any, person: Any, within: dict[str, Any]) -> list[Any]:
    rows = _of(Contact, community, person, within, "opened_at").exclude(state=Contact.State.VOIDED)
    return list(with_gaps(rows))


def _opened_orders(community: Any, person: Any, within: dict[str, Any]) -> list[Any]:
    void = (WorkOrder.State.CANCELLED, WorkOrder.State.FALSE_ALARM)
    return list(_of(WorkOrder, community, person, within, "opened_at").exclude(state__in=void))


def _finished_orders(community: Any, person: Any, within: dict[str, Any]) -> list[Any]:
    drawn = Attachment.objects.filter(record_id=OuterRef("pk"), purpose=Attachment.Purpose.SIGNATURE)
    rows = _of(WorkOrder, community, person, within, "finished_at").annotate(has_signature=Exists(drawn))
    return list(rows.prefetch_related("parts"))


def _complaints(community: Any, person: Any, start: datetime) -> list[Any]:
    """Those that were open on the day, however long before they were received: the supervisor looks at them each day (CMP-08)."""
    told = JournalEntry.objects.filter(record_id=OuterRef("pk"), step__in=("inform", "approve"))
    still = Q(closed_at__isnull=True) | Q(closed_at__gte=start + timedelta(days=1))
    rows = Complaint.objects.seen_by(person).filter(still, community=community, opened_at__lt=start + timedelta(days=1))
    without = without_receipt().filter(complaint_id=OuterRef("pk"))
    rows = rows.filter(closed_as="").annotate(reported=Exists(told), joined_without=Exists(without))
    rows = rows.select_related("unit", "handler", "opened_by")
    return list(rows.order_by("opened_at", "pk"))


def _call_backs(community: Any, person: Any, within: dict[str, Any]) -> tuple[str, list[Gap]]:
    moments = {f"at__{name}": at for name, at in within.items()}
    rows = CallBack.objects.filter(
        record_seen_by(person), community=community, outcome=CallBack.Outcome.REACHED, interviewee="", **moments
    )
    found = rows.select_related("record__unit", "caller").order_by("at")
    return "回访记录缺受访人", [Gap(call.record, call.caller, call.record.summary) for call in found]


def _sheets(community: Any, day: date, person: Any, now: datetime) -> list[tuple[str, list[Gap]]]:
    """Sheets up to this day that nobody signed in time, and signed ones that the manager has not read."""
    rows = list(
        DaySheet.objects.seen_by(person)
        .filter(Q(state=DaySheet.State.DUE, due_at__lt=now) | Q(state=DaySheet.State.SIGNED))
        .filter(community=community, day__lte=day, day__gte=day - timedelta(days=31), closed_at__isnull=True)
        .select_related("unit", "handler")
        .order_by("day")
    )
    unsigned = [Gap(row, None, row.summary) for row in rows if row.state == DaySheet.State.DUE]
    unread = [Gap(row, row.handler, row.summary) for row in rows if row.state == DaySheet.State.SIGNED]
    unread = [gap for gap in unread if timezone.localdate(gap.record.signed_at) < timezone.localdate(now)]
    return [("每日工作汇总表未签字", unsigned), ("每日工作汇总表经理未审阅", unread)]
