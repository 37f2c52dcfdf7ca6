"""The figures of one day at the desk (F13, DESK-16): what came, what was done, what is still open. Plain JSON.

Each figure names the records behind it in ``behind``, so that it can be opened long after it was signed.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Level
from yihu.areas.duties.models import DaySheet
from yihu.areas.keys.models import KeyLoan
from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.reception.models import Category, Contact, Matter
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.reports.figures import VOID_ORDERS, Span, Table
from yihu.ground.contact.models import CallBack
from yihu.kernel.models import Deadline, Link, record_seen_by

KINDS = ("reception.contact", "reception.matter", "repairs.workorder", "complaints.complaint")
PROMISE = "D04"


def figures(sheet: Any, person: Any, now: datetime) -> dict[str, Any]:
    """What a sheet of one day shows, as far as ``person`` may see it; ``hidden`` says how much more there is."""
    of_day = Span(sheet.community, *sheet.bounds, person, now)
    contacts, matters, orders = (of_day.records(model) for model in (Contact, Matter, WorkOrder))
    complaints = of_day.records(Complaint)
    promised = _promised(of_day, contacts, matters)
    table = Table()
    _count_contacts(table, of_day, contacts, promised)
    _count_repairs(table, of_day, orders)
    _count_call_backs(table, of_day, [*matters, *orders, *complaints])
    _count_parcels(table, of_day)
    lists = {
        "open": _open(of_day, contacts, [*matters, *complaints], orders),
        "promised": [one for one in promised if one.promise_due >= of_day.start],
        "major": [one for one in complaints if one.level == Level.MAJOR and of_day.open_at_cut(one)],
        "complaints": _complaints(contacts, complaints),
        "keys": _keys_late(of_day),
        "urgent": [one for one in orders if one.level == WorkOrder.Level.URGENT and of_day.within(one.opened_at)],
        "done": _done(of_day, matters, orders),
    }
    return table.sheet(of_day, lists, KINDS)


def _count_contacts(table: Table, day: Span, contacts: list[Any], promised: list[Any]) -> None:
    received = [one for one in contacts if day.within(one.opened_at) and one.state != Contact.State.VOIDED]
    for category in Category:
        table.add("counts", category, category.label, [one for one in received if one.category == category])
    table.add("counts", "received", "合计", received)
    struck = [one for one in contacts if one.state == Contact.State.STRUCK and day.within(one.closed_at)]
    voided = [one for one in contacts if one.state == Contact.State.VOIDED and day.within(one.closed_at)]
    still = [one for one in contacts if day.open_at_cut(one)]
    rows = (
        ("struck", "已注销", struck),
        ("voided", "作废", voided),
        ("open", "未注销", still),
        ("before", "其中以前遗留", [one for one in still if one.opened_at < day.start]),
        ("promise_late", "承诺逾期未答", [one for one in promised if one.promise_due <= day.cut]),
        ("since_last", "上次签后登记", _since_last_sheet(day)),
    )
    for key, label, found in rows:
        table.add("standing", key, label, found)


def _since_last_sheet(day: Span) -> list[Any]:
    """What was logged after the last sheet was signed and before this day began stands on no other sheet."""
    earlier = DaySheet.objects.filter(
        sheet_of=day.community, day__lt=timezone.localdate(day.start), signed_at__isnull=False
    )
    signed_at = earlier.order_by("-day").values_list("signed_at", flat=True).first()
    if signed_at is None or signed_at >= day.start:
        return []
    rows = Contact.objects.seen_by(day.person).filter(community=day.community, opened_at__gt=signed_at)
    return list(rows.filter(opened_at__lt=day.start).exclude(state=Contact.State.VOIDED))


def _count_repairs(table: Table, day: Span, orders: list[Any]) -> None:
    S = WorkOrder.State
    received = [one for one in orders if day.within(one.opened_at) and one.state not in VOID_ORDERS]
    still = [one for one in orders if day.open_at_cut(one)]
    unfinished = [one for one in still if one.finished_at is None or one.finished_at > day.cut]
    rows = (
        ("received", "受理", received),
        ("urgent", "其中急修", [one for one in received if one.level == WorkOrder.Level.URGENT]),
        ("again", "返修", [one for one in received if one.round_no > 1]),
        ("finished", "完工", [one for one in orders if day.within(one.finished_at)]),
        ("closed", "关闭", [one for one in orders if one.state in (S.CLOSED, S.TRIED) and day.within(one.closed_at)]),
        ("void", "取消等", [one for one in orders if one.state in VOID_ORDERS and day.within(one.closed_at)]),
        ("unfinished", "未完工", unfinished),
        ("on_hold", "其中挂单", [one for one in unfinished if one.state == S.ON_HOLD]),
        ("late", "其中超时", [one for one in unfinished if one.next_due_at and one.next_due_at <= day.cut]),
    )
    for key, label, found in rows:
        table.add("repairs", key, label, found)


def _count_call_backs(table: Table, day: Span, records: list[Any]) -> None:
    calls = CallBack.objects.filter(community=day.community, at__gte=day.start, at__lt=day.end, at__lte=day.now)
    made = list(calls.filter(record_seen_by(day.person)).select_related("record"))
    by_result = Counter(call.feedback or call.outcome for call in made)
    table.add("call_backs", "made", "回访", [call.record for call in made], len(made))
    for value, label in (*CallBack.Feedback.choices, *CallBack.Outcome.choices[1:]):
        behind = [call.record for call in made if value == (call.feedback or call.outcome)]
        table.add("call_backs", value, label, behind, by_result[value])
    table.add("call_backs", "waiting", "待回访", [one for one in records if one.state == "call_back"])


def _count_parcels(table: Table, day: Span) -> None:
    """Where parcels are taken in at all: what came and went, what lies there (MAI-01)."""
    parcels = day.records(ParcelCustody)
    lying = [one for one in parcels if day.open_at_cut(one)]
    rows = (
        ("came", "代收", [one for one in parcels if day.within(one.opened_at)]),
        ("picked", "取走", [one for one in parcels if day.within(one.picked_at)]),
        ("returned", "退回", [one for one in parcels if day.within(one.returned_at)]),
        ("lying", "在存", lying),
        ("late", "其中超期", [one for one in lying if one.next_due_at and one.next_due_at <= day.cut]),
    )
    for key, label, found in rows if parcels else ():
        table.add("parcels", key, label, found)


def _open(day: Span, contacts: list[Any], matters: list[Any], orders: list[Any]) -> list[Any]:
    """Each matter once: a contact whose children are being worked on is told by its children."""
    in_hand = [one for one in contacts if day.open_at_cut(one)]
    told = _with_open_children(in_hand)
    return [
        *(one for one in in_hand if one.pk not in told),
        *(one for one in (*matters, *orders) if day.open_at_cut(one)),
    ]


def _with_open_children(contacts: list[Any]) -> set[int]:
    """A contact is 处理中 as long as something that came of it is open; the reception's procedure sees to that."""
    waiting = [one.pk for one in contacts if one.state == Contact.State.IN_HAND]
    links = Link.objects.filter(origin_id__in=waiting, why=Link.Why.CAME_OF)
    return set(links.values_list("origin_id", flat=True))


def _promised(day: Span, contacts: list[Any], matters: list[Any]) -> list[Any]:
    """Answers promised until the next noon and not yet given; the contact speaks for its matter."""
    records = {one.pk: one for one in (*contacts, *matters)}
    running = Deadline.objects.filter(
        ~Exists(
            Link.objects.filter(
                target_id=OuterRef("record_id"),
                why=Link.Why.CAME_OF,
                origin__deadlines__code=PROMISE,
                origin__deadlines__stopped_at__isnull=True,
            )
        ),
        community=day.community,
        code=PROMISE,
        stopped_at__isnull=True,
        due_at__lt=day.end + timedelta(hours=12),
    )
    found = []
    for record_id, due_at in running.order_by("due_at").values_list("record_id", "due_at"):
        if record := records.get(record_id):
            record.promise_due = due_at
            found.append(record)
    return found


def _complaints(contacts: list[Any], complaints: list[Any]) -> list[Any]:
    """The complaints that are open or came or went on this day; a contact that one came of is told by it."""
    told = set(Link.objects.filter(target__in=[one.pk for one in complaints]).values_list("origin_id", flat=True))
    before = [one for one in contacts if one.category == Category.COMPLAINT and one.pk not in told]
    return [*before, *complaints]


def _keys_late(day: Span) -> list[Any]:
    """Keys that should be back by now: whoever takes over goes on chasing them (KEY-09)."""
    out = [one for one in day.records(KeyLoan) if one.out_at and one.out_at <= day.cut and day.open_at_cut(one)]
    return [one for one in out if one.due_at and one.due_at <= day.cut]


def _done(day: Span, matters: list[Any], orders: list[Any]) -> list[Any]:
    return [
        *(one for one in orders if day.within(one.finished_at)),
        *(one for one in matters if day.within(one.done_at)),
    ]
