"""投诉回执, 投诉记录表 (F20), 投诉意见处理表 (F21), and the month's 客户抱怨登记表 and 跟踪表 (F23)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.complaints.models import Complaint
from yihu.areas.complaints.words import Category, Level, Opinion, Source, Validity
from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.ground.contact.models import CallBack
from yihu.ground.contact.ringing import in_words
from yihu.ground.contact.words import Channel
from yihu.ground.staff.heads import department_name
from yihu.kernel.models import JournalEntry
from yihu.kernel.moments import short, stamp
from yihu.kernel.prints.declare import Print
from yihu.kernel.signatures import drawing

MOST_LINES = 2000
WAYS = {"screen": "屏幕签名", "paper": "纸上签名，见附件", "phone": "电话答复", "refused": "拒签"}


def receipt(complaint: Any, by: Any) -> dict[str, Any]:
    """What the complainant takes with him: his own words, and the number by which he can follow it (CMP-14)."""
    return {**_told(complaint, "投诉回执"), "ring": in_words(complaint.community)}


def _told(complaint: Any, title: str) -> dict[str, Any]:
    return {
        **_head(complaint, title),
        "complainant": _who(complaint),
        "unit": str(complaint.unit or ""),
        "received_at": stamp(complaint.opened_at),
        "received_by": str(complaint.opened_by),
        "content": mask_free_text(complaint.content),
        "demand": mask_free_text(complaint.demand),
        "rounds": complaint.round,
    }


def record_sheet(complaint: Any, by: Any) -> dict[str, Any]:
    return {
        **_told(complaint, "投诉记录表"),
        "phone": str(complaint.phone),
        "relation": complaint.get_relation_display(),
        "channels": Channel.labels,
        "channel": complaint.get_channel_display(),
        "sources": Source.labels,
        "source": complaint.get_source_display(),
        "referred_by": complaint.referred_by,
        "categories": Category.labels,
        "category": complaint.get_category_display(),
        "levels": Level.labels,
        "level": complaint.get_level_display(),
        "level_reason": complaint.level_reason,
        "validities": Validity.labels,
        "validity": complaint.get_validity_display(),
        "invalid_reason": complaint.invalid_reason,
        "about_dept": department_name(complaint.community_id, complaint.about_dept),
        "about_staff": str(complaint.about_staff or ""),
        "happened": " ".join(part for part in (stamp(complaint.happened_at), complaint.place) if part),
        "apologised": "是" if complaint.apologised else "否",
        "repeat_of": str(complaint.repeat_of or ""),
        "households": [str(one) for one in complaint.joined.select_related("unit").order_by("pk")],
        "explanations": [
            f"{stamp(one.came_at)} {one.came}：{mask_free_text(one.said)}"
            for one in complaint.explanations.select_related("came")
        ],
        "explained_at": stamp(complaint.explained_at),
    }


def handling_sheet(complaint: Any, by: Any) -> dict[str, Any]:
    """Every section of F21; what nobody has written down yet leaves room for a pen."""
    households = list(complaint.joined.select_related("unit").order_by("pk"))
    return {
        **_head(complaint, "投诉意见处理表"),
        "unit": str(complaint.unit or ""),
        "complainant": _who(complaint),
        "phone": str(complaint.phone),
        "received_at": stamp(complaint.opened_at),
        "received_by": str(complaint.opened_by),
        "category": complaint.get_category_display(),
        "level": complaint.get_level_display(),
        "content": mask_free_text(complaint.content),
        "demand": mask_free_text(complaint.demand),
        "dept": department_name(complaint.community_id, complaint.team),
        "issued_by": str(complaint.issued_by or ""),
        "issued_at": stamp(complaint.issued_at),
        "cause": mask_free_text(complaint.cause),
        "cause_class": complaint.get_cause_class_display(),
        "remedy": mask_free_text(complaint.remedy),
        "prevention": mask_free_text(complaint.prevention),
        "due_on": _day(complaint.due_on),
        "undecided_reason": mask_free_text(complaint.undecided_reason),
        "replied_by": str(complaint.replied_by or ""),
        "replied_at": stamp(complaint.replied_at),
        "first_answer_at": stamp(complaint.first_answer_at),
        "told_at": stamp(complaint.told_at),
        "told": mask_free_text(complaint.told),
        "opinions": Opinion.labels,
        "opinion": complaint.get_opinion_display(),
        "opinion_way": WAYS.get(complaint.opinion_way, ""),
        "opinion_words": mask_free_text(complaint.opinion_words),
        "opinion_refused": mask_free_text(complaint.opinion_refused),
        "witnesses": complaint.witnesses,
        "owner_signature": drawing(complaint.owner_signature),
        "opinion_on": stamp(complaint.opinion_at)[:10],
        "apology": _apology(complaint),
        "noticed_at": stamp(complaint.noticed_at),
        "confirmed_by": str(complaint.confirmed_by or ""),
        "confirmed_on": stamp(complaint.confirmed_at)[:10],
        "caller": str(complaint.caller or ""),
        "households": [
            {"who": str(one), "answered": f"{stamp(one.answered_at)} {mask_free_text(one.answer)}".strip()}
            for one in households
        ],
    }


def as_it_is(sheet: dict[str, Any], by: Any) -> dict[str, Any]:
    return sheet


TITLES = {"register": "客户抱怨登记表", "tracking": "客户抱怨跟踪表"}
SHEETS = {name: Print(name, title, data=as_it_is, paper="a4-landscape", of_one=False) for name, title in TITLES.items()}


def of_month(community: Any, month: Month, by: Any, title: str) -> dict[str, Any]:
    """The complaints received in a business month: one list, shown as two registers (CMP-16)."""
    start, end = month.bounds
    every = Complaint.objects.filter(community=community, opened_at__gte=start, opened_at__lt=end)
    every = every.exclude(closed_as="merged")
    seen = every.seen_by(by)
    rows = list(
        seen.select_related("unit", "opened_by", "handler", "caller", "about_staff")
        .prefetch_related("households")
        .order_by("opened_at", "pk")[:MOST_LINES]
    )
    total = len(rows) if len(rows) < MOST_LINES else seen.count()
    names: dict[str, str] = {}
    calls = (
        CallBack.objects.filter(record_id__in=[row.pk for row in rows]).order_by("at", "pk").select_related("caller")
    )
    called = {call.record_id: f"{short(call.at)} {call.caller} {call}" for call in calls}
    first = JournalEntry.objects.filter(record_id__in=[row.pk for row in rows], seq=1)
    written = dict(first.values_list("record_id", "written_at"))
    return {
        "title": title,
        "community": community.name,
        "number": f"{community.code}-KS-{month.year}{month.month:02d}",
        "month": str(month),
        "period": f"{_day(timezone.localdate(start))} 至 {_day(timezone.localdate(end) - timedelta(days=1))}",
        "total": total,
        "left_off": total - len(rows),
        "hidden": every.count() - total,
        "lines": [_line(row, called.get(row.pk, ""), names, written.get(row.pk)) for row in rows],
    }


def _line(row: Any, called: str, names: dict[str, str], written_at: datetime | None) -> dict[str, str]:
    if row.team not in names:
        names[row.team] = department_name(row.community_id, row.team)
    if row.about_dept not in names:
        names[row.about_dept] = department_name(row.community_id, row.about_dept)
    about = str(row.about_staff or names[row.about_dept] or "")
    many = sum(one.withdrawn_at is None for one in row.households.all())
    step = next((one for one in row.procedure.open_steps(row.state) if one.primary), None)
    turn = {
        "checking": "客服经理", "confirming": "项目经理", "issued": names[row.team], "handling": names[row.team],
        "call_back": str(row.caller or ""),
    }  # fmt: skip
    return {
        "number": row.number,
        "received": short(row.opened_at),
        "who": f"{_who(row)}{f' 等 {many + 1} 户' if many else ''}",
        "unit": str(row.unit or ""),
        "channel": row.get_channel_display(),
        "category": row.get_category_display(),
        "content": mask_free_text(row.content),
        "about": about,
        "level": row.get_level_display(),
        "validity": row.get_validity_display(),
        "dept": names[row.team],
        "clerk": str(row.opened_by),
        "remedy": mask_free_text(row.remedy or row.undecided_reason or row.invalid_reason),
        "due": _day(row.due_on),
        "first": short(row.first_answer_at),
        "replied": short(row.replied_at),
        "told": short(row.told_at),
        "opinion": row.get_opinion_display(),
        "call": called,
        "state": row.state_word,
        "next": step.label if step and not row.closed_at else "",
        "turn": "" if row.closed_at else turn.get(row.state, "前台"),
        "entered": short(written_at),
        "closed": short(row.closed_at),
        "took": took(row.opened_at, row.closed_at) if row.closed_at else "",
        "url": row.get_absolute_url(),
    }


def took(begun: datetime | None, over: datetime | None) -> str:
    """How long it took, in words: 不到 1 分, 25 分, 3 小时 20 分, 2 天 3 小时."""
    minutes = int((over - begun).total_seconds()) // 60 if begun and over else 0
    days, rest = divmod(max(minutes, 0), 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时"), (left if not days else 0, "分")]
    return " ".join(f"{count} {word}" for count, word in parts if count) or "不到 1 分"


def _head(complaint: Any, title: str) -> dict[str, Any]:
    return {"community": complaint.community.name, "number": complaint.number, "title": title}


def _apology(complaint: Any) -> str:
    if complaint.no_apology:
        return f"没有致歉：{mask_free_text(complaint.no_apology)}"
    if complaint.apology_at is None:
        return ""
    beside = f"，{complaint.apology_with} 一起" if complaint.apology_with else ""
    return f"{stamp(complaint.apology_at)} {complaint.apology_by} {complaint.get_apology_way_display()}致歉{beside}"


def _who(complaint: Any) -> str:
    return "匿名" if complaint.anonymous else mask_free_text(complaint.complainant)


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
