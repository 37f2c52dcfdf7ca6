"""Earlier complaints that a new one may repeat, and running ones that a call may be about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.complaints import collective
from yihu.areas.complaints.models import Complaint
from yihu.basics.grams import alike
from yihu.basics.identity import mask_free_text
from yihu.ground.contact.jobs import Asked, Job, offers_jobs
from yihu.ground.staff.codes import DEPARTMENT_NAMES
from yihu.kernel.authority import grants_of

S = Complaint.State
RECENT, SHOWN = timedelta(days=60), 5
JOINABLE = (S.RECEIVED, S.CHECKING, S.ISSUED, S.REPLIED, S.HANDLING, S.TOLD, S.OPINION, S.CONFIRMING)
COMPLAINT = "complaint"  # what the desk calls a call that complains
LOOKED_AT = 200
ALIKE = 0.3  # so much of the shorter text must stand in the other
MUCH_ALIKE = 0.5  # where nobody has said yet that it is a complaint


def alike_to(
    person: Any,
    community_id: int,
    *,
    unit: str,
    category: str,
    about_dept: str,
    number: str = "",
    now: datetime | None = None,
) -> list[Any]:
    """The latest first, of the last 60 days; one that is named by its number stands there however old it is."""
    near = Q(pk__in=[])
    if unit.isascii() and unit.isdigit() and len(unit) < 10:
        near |= Q(unit_id=int(unit))
    if category and about_dept:
        near |= Q(category=category[:12], about_dept=about_dept[:20])
    recent = near & Q(opened_at__gte=(now or timezone.now()) - RECENT)
    rows = Complaint.objects.seen_by(person).filter(recent | Q(number=number), community_id=community_id)
    return list(rows.exclude(closed_as="withdrawn").select_related("unit").order_by("-opened_at", "-pk")[:SHOWN])


@offers_jobs
def running(asked: Asked) -> Iterable[Job]:
    """Complaints that are being dealt with and that a call may be about: whoever joins one makes it a collective one."""
    may = grants_of(asked.person).may("complaints.work", asked.community_id)
    if asked.category not in ("", COMPLAINT) or not may:
        return []
    rows = Complaint.objects.seen_by(asked.person).filter(
        community_id=asked.community_id, closed_at__isnull=True, state__in=JOINABLE
    )
    rows = rows.select_related("unit").prefetch_related("households")
    if asked.number:
        return [_offer(one, asked) for one in rows.filter(number=asked.number)]
    recent = rows.filter(opened_at__gte=timezone.now() - RECENT).order_by("-opened_at", "-pk")
    scored = [(score, one) for one in recent[:LOOKED_AT] if (score := _fits(one, asked))]
    scored.sort(key=lambda pair: -pair[0])
    return [_offer(one, asked) for _, one in scored[:SHOWN]]


def _fits(complaint: Any, asked: Asked) -> float:
    """How likely it is the same matter; 0: nothing speaks for it."""
    words = alike(asked.words, f"{complaint.content} {complaint.place}")
    if not asked.category:
        return words if words >= MUCH_ALIKE else 0
    if _is_in(complaint, asked.unit):
        return 2 + words
    kind, dept = asked.place.get("category", ""), asked.place.get("about_dept", "")
    same = (bool(kind) and complaint.category == kind) + (bool(dept) and complaint.about_dept == dept)
    if words >= ALIKE or (words > 0 and same == 2):
        return words + 0.5 * same + 0.2 * (len(_joined(complaint)) > 0)
    return 0


def _joined(complaint: Any) -> list[Any]:
    return [one for one in complaint.households.all() if one.withdrawn_at is None]


def _is_in(complaint: Any, unit: Any) -> bool:
    homes = {complaint.unit_id, *(one.unit_id for one in _joined(complaint))}
    return unit is not None and unit.pk in homes


def _offer(complaint: Any, asked: Asked) -> Job:
    many = len(_joined(complaint)) + 1
    return Job(
        record=complaint,
        where=str(complaint.unit or "公共区域"),
        what=mask_free_text(complaint.content)[:60],
        who=DEPARTMENT_NAMES.get(complaint.team, "还没有责任部门"),
        many=f"集体 {many} 户" if many > 1 else "1 户",
        category=COMPLAINT,
        word="投诉",
        urges=_is_in(complaint, asked.unit),
        tie=lambda act, contact: collective.called_too(act, contact, complaint),
    )
