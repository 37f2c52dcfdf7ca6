"""Two orders were one fault: what the one brings into the other, and how it is given back if they were two after all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yihu.areas.repairs.models import Merging, WorkOrder
from yihu.kernel import clocks
from yihu.kernel.models import Record


def merged(act: Any) -> None:
    """The urges count on, the earlier limit holds, and whoever works on either hears of it."""
    order, into = act.record, act.data["into"].typed
    moved = clocks.no_later_than(into, order)
    Merging.objects.create(
        order=order,
        into=into,
        times_urged=order.times_urged,
        moved=[[code, was.isoformat(), now.isoformat()] for code, was, now in moved],
        by=act.by,
        at=act.at,
    )
    last = max(filter(None, (order.urged_at, into.urged_at)), default=None)
    _count(into, into.times_urged + order.times_urged, last)
    people = [one.handler for one in (order, into) if one.handler_id]
    act.tell(people, f"{order.number} 与 {into.number} 是同一处毛病，并为 {into.number} 一起办。")
    if moved:
        act.command.note(into, f"{order.number} 报得更早，时限按较早的算", step="no_later")


def split(act: Any) -> None:
    """Each has its own again."""
    order, into = act.record, act.data["out_of"].typed
    kept = Merging.objects.filter(order=order, into=into, split_at__isnull=True).order_by("-pk").first()
    if kept is not None:
        moved = [(code, datetime.fromisoformat(was), datetime.fromisoformat(now)) for code, was, now in kept.moved]
        clocks.due_again(into, moved)
        _count(into, max(into.times_urged - kept.times_urged, 0), into.urged_at)
        kept.split_at = act.at
        kept.save(update_fields=["split_at"])
    people = [one.handler for one in (order, into) if one.handler_id]
    act.tell(people, f"{order.number} 从 {into.number} 拆出，另行办理：{act.data['reason']}")
    act.tell_post("engineering_head", f"{order.number} 从 {into.number} 拆出，请看是否要派工。")


def _count(order: Any, times: int, last: Any) -> None:
    WorkOrder.objects.filter(pk=order.pk).update(times_urged=times, urged_at=last)
    if order.closed_at is None:
        Record.objects.filter(pk=order.pk).update(next_due_at=clocks.next_due(order))
