"""《报修记录表》 (F02) of a day or a month, and 《维修问题汇总表》 (F04): lists over the orders and the entries they came of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from yihu.areas.repairs.models import WorkOrder
from yihu.basics.identity import mask_free_text
from yihu.basics.worktime import business_month_bounds
from yihu.ground.contact.models import CallBack
from yihu.kernel import moments
from yihu.kernel.models import Deadline, JournalEntry, Link
from yihu.kernel.prints.declare import Print

MOST_LINES = 2000
TOLD_BY = ("hold", "tell_owner", "decide")
LINES = ("when", "source", "place", "reporter", "phone", "symptom", "kind", "received", "worker", "finished", "state")


def of_day(day: date) -> tuple[datetime, datetime, str]:
    start = timezone.make_aware(datetime.combine(day, time()))
    return start, start + timedelta(days=1), f"{day:%Y年%m月%d日}"


def of_month(year: int, month: int) -> tuple[datetime, datetime, str]:
    start, end = business_month_bounds(year, month)
    return start, end, f"{year}年{month}月"


def reported(community: Any, start: datetime, end: datetime, by: Any) -> Any:
    """The orders that were opened in the time, as far as ``by`` may see them, oldest first."""
    rows = WorkOrder.objects.seen_by(by).filter(community=community, opened_at__gte=start, opened_at__lt=end)
    return rows.order_by("opened_at", "pk").select_related("unit", "building", "handler", "firm", "fault")


def repair_log(community: Any, span: tuple[datetime, datetime, str], by: Any) -> dict[str, Any]:
    """The repair log; each line with the entry that it came of and how engineering received it."""
    start, end, title = span
    rows = reported(community, start, end, by)
    orders = list(rows[:MOST_LINES])
    total = len(orders) if len(orders) < MOST_LINES else rows.count()
    every = WorkOrder.objects.filter(community=community, opened_at__gte=start, opened_at__lt=end).count()
    return {
        "community": community.name,
        "number": f"{community.code}-BX-{timezone.localtime(end - timedelta(days=1)):%Y%m%d}",
        "title": "报修记录表",
        "period": title,
        "total": total,
        "left_off": total - len(orders),
        "hidden": every - total,
        "lines": log_lines(orders),
    }


def log_lines(orders: list[Any]) -> list[dict[str, str]]:
    pks = [order.pk for order in orders]
    sources: dict[int, list[str]] = {}
    links = Link.objects.filter(target_id__in=pks, why=Link.Why.CAME_OF).select_related("origin").order_by("pk")
    for link in links:
        sources.setdefault(link.target_id, []).append(link.origin.number)
    received: dict[int, str] = {}
    steps = JournalEntry.objects.filter(record_id__in=pks, step__in=("assign", "turn", "grab", "send_out"))
    for entry in steps.select_related("by").order_by("-seq"):
        received[entry.record_id] = f"{entry.by} {moments.short(entry.at)}"
    calls: dict[int, str] = {}
    for call in CallBack.objects.filter(record_id__in=pks).order_by("attempt"):
        calls[call.record_id] = call.get_feedback_display() or call.get_outcome_display()
    return [_log_line(order, sources.get(order.pk, []), received, calls) for order in orders]


def _log_line(order: Any, sources: list[str], received: dict[int, str], calls: dict[int, str]) -> dict[str, str]:
    more = f"（另有来电 {len(sources) - 1} 次）" if len(sources) > 1 else ""
    urged = f"\n催 {order.times_urged} 次" if order.times_urged else ""
    called = f"\n回访：{calls[order.pk]}" if order.pk in calls else ""
    return {
        "number": order.number,
        "when": moments.short(order.opened_at),
        "source": f"{sources[0]}{more}" if sources else "直接开单",
        "place": order.place or "公共区域",
        "reporter": order.reporter,
        "phone": str(order.phone),
        "symptom": mask_free_text(order.symptom),
        "kind": f"{order.get_level_display()} {order.get_trade_display()}",
        "received": received.get(order.pk, ""),
        "worker": str(order.firm or order.handler or ""),
        "finished": moments.short(order.finished_at),
        "state": f"{order.state_word}{urged}{called}",
        "url": order.get_absolute_url(),
    }


def waiting_orders(community: Any, by: Any) -> Any:
    """What can't be repaired now, longest waiting first."""
    rows = WorkOrder.objects.seen_by(by).filter(
        community=community, state=WorkOrder.State.ON_HOLD, closed_at__isnull=True
    )
    return (
        rows.select_related("unit", "building", "handler")
        .annotate(looks=Count("screenings"))
        .order_by("opened_at", "pk")
    )


def deferred_list(community: Any, by: Any, now: datetime) -> dict[str, Any]:
    """《维修问题汇总表》: why each waits, what the owner was told, when it was looked at last."""
    orders = list(waiting_orders(community, by)[:MOST_LINES])
    return {
        "community": community.name,
        "number": f"{community.code}-WT-{timezone.localdate(now):%Y%m%d}",
        "title": "维修问题汇总表",
        "period": f"截至 {moments.stamp(now)}",
        "total": len(orders),
        "lines": deferred_lines(orders),
    }


def deferred_lines(orders: list[Any]) -> list[dict[str, str]]:
    pks = [order.pk for order in orders]
    told: dict[int, str] = {}
    for entry in JournalEntry.objects.filter(record_id__in=pks, step__in=TOLD_BY).order_by("seq"):
        told[entry.record_id] = f"{moments.short(entry.at)} {entry.sentence}"
    since = dict(
        JournalEntry.objects.filter(record_id__in=pks, step__in=("hold", "answer_store"))
        .order_by("seq").values_list("record_id", "at")
    )  # fmt: skip
    due = dict(
        Deadline.objects.filter(record_id__in=pks, code="D18", stopped_at__isnull=True).values_list(
            "record_id", "due_at"
        )
    )
    return [_deferred_line(order, told, since, due) for order in orders]


def _deferred_line(
    order: Any, told: dict[int, str], since: dict[int, datetime], due: dict[int, datetime]
) -> dict[str, str]:
    last = order.screenings.order_by("-at", "-pk").first() if order.looks else None
    held, next_look = since.get(order.pk), due.get(order.pk)
    screened = (
        f"第 {order.looks} 次 {timezone.localtime(last.at):%m-%d}：{last}，{last.words}" if last else "还没有筛选"
    )
    return {
        "number": order.number,
        "place": order.place or "公共区域",
        "symptom": mask_free_text(order.symptom),
        "reporter": order.reporter,
        "held": moments.short(held),
        "reason": f"{order.get_hold_reason_display()}，{order.wake_on:%m-%d} 恢复"
        if order.wake_on
        else order.get_hold_reason_display(),
        "told": told.get(order.pk, "还没有告知") if order.told else "还没有告知",
        "agreed": "业主同意改期" if order.owner_agreed else "未同意，照常计时",
        "screened": screened,
        "next": f"{timezone.localtime(next_look):%m-%d}" if next_look else "",
        "state": "已上报主管" if order.raised_at else "",
        "worker": str(order.handler or ""),
        "url": order.get_absolute_url(),
    }


def log_of(subject: dict[str, Any], by: Any) -> dict[str, Any]:
    return subject


LOG = Print("repair_log", "报修记录表", data=log_of, paper="a4-landscape", of_one=False)
DEFERRED = Print("deferred_list", "维修问题汇总表", data=log_of, paper="a4-landscape", of_one=False)
DEFERRED_HEADS = (
    ("number", "单号"), ("place", "地点"), ("symptom", "问题"), ("reporter", "报修人"), ("held", "挂单时间"), ("reason", "原因"),
    ("told", "告知业主"), ("agreed", "改期"), ("screened", "筛选"), ("next", "下次筛选"), ("state", "上报"), ("worker", "维修人"),
)  # fmt: skip


def cells(lines: Iterable[dict[str, str]]) -> list[list[str]]:
    """For the export."""
    return [[line[name] for name, _ in DEFERRED_HEADS] for line in lines]
