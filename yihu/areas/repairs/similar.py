"""Open repairs that a call may be about: of the same household, or near by and of the same kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.repairs import callers
from yihu.areas.repairs.models import WorkOrder
from yihu.basics.grams import alike
from yihu.basics.identity import mask_free_text
from yihu.ground.contact.jobs import Asked, Job, offers_jobs
from yihu.kernel.models import Deadline

S = WorkOrder.State
GOING_ON = (S.TO_ASSIGN, S.ASSIGNED, S.ACCEPTED, S.ON_SITE, S.WORKING, S.OUTSIDE, S.ON_HOLD)
RECENT = timedelta(days=7)
LOOKED_AT, SHOWN = 200, 4
REPAIR = "repair"  # what the desk calls a call about one
ALIKE = 0.3  # so much of the shorter text must stand in the other
MUCH_ALIKE = 0.5  # where nobody has said yet where it is


@offers_jobs
def repairs_like(asked: Asked) -> Iterable[Job]:
    if asked.category not in ("", REPAIR):
        return []
    rows = WorkOrder.objects.seen_by(asked.person).filter(
        community_id=asked.community_id, closed_at__isnull=True, state__in=GOING_ON
    )
    if asked.number:
        return [_job(order) for order in _full(rows.filter(number=asked.number))]
    recent = _full(rows.filter(_near(asked), opened_at__gte=timezone.now() - RECENT)).order_by("-opened_at")
    scored = [(score, order) for order in recent[:LOOKED_AT] if (score := _fits(order, asked))]
    scored.sort(key=lambda pair: -pair[0])
    return [_job(order) for _, order in scored[:SHOWN]]


def _full(rows: Any) -> Any:
    return rows.select_related("unit", "building", "handler", "firm")


def _near(asked: Asked) -> Q:
    """The household itself, its building, and whatever is nobody's own; where no place is known yet, everything."""
    if asked.unit is None and not asked.place.get("building"):
        return Q()
    near = Q(unit__isnull=True, building__isnull=True)
    if asked.unit is not None:
        near |= Q(building_id=asked.unit.building_id) | Q(unit__building_id=asked.unit.building_id)
    building = asked.place.get("building", "")
    if building.isascii() and building.isdigit() and len(building) < 10:
        near |= Q(building_id=int(building)) | Q(unit__building_id=int(building))
    return near


def _fits(order: Any, asked: Asked) -> float:
    """How likely it is the same fault; 0: nothing speaks for it."""
    same_home = asked.unit is not None and order.unit_id == asked.unit.pk
    words = alike(asked.words, f"{order.symptom} {order.common_place} {order.location}")
    fault = asked.place.get("fault", "")
    same_fault = bool(fault) and str(order.fault_id or "") == fault
    trade = asked.place.get("trade", "")
    same_trade = trade not in ("", WorkOrder.Trade.OTHER) and order.trade == trade
    if same_home:
        return 2 + words + same_fault + same_trade
    placed = asked.unit is not None or bool(asked.place.get("building"))
    if not placed:
        return words if words >= MUCH_ALIKE else 0
    same_system = names_system(order, asked.words)
    if words >= ALIKE or same_fault or same_system or (same_trade and words > 0):
        return words + same_fault + 0.5 * same_trade + 0.5 * same_system
    return 0


def names_system(order: Any, words: str) -> bool:
    """The caller names the equipment that is being repaired: 电梯, 消防, 给排水."""
    known = order.system not in ("", WorkOrder.System.OTHER)
    return known and alike(order.get_system_display(), words) > 0


def _job(order: Any) -> Job:
    deadline = Deadline.objects.filter(record_id=order.pk, code="D16", stopped_at__isnull=True).first()
    return Job(
        record=order,
        where=order.place or "公共区域",
        what=mask_free_text(order.symptom)[:60],
        who=str(order.firm or order.handler or "还没有派人"),
        many=f"来电 {max(callers.callers(order).count(), 1)} 次",
        urged=order.times_urged,
        promised_at=deadline.due_at if deadline else None,
    )
