"""资料核对: when each unit's data was last gone through with its people, and which have waited too long (ARC-06, D39)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from yihu.basics.worktime import add_months
from yihu.ground.estate.corrections import EDIT
from yihu.ground.estate.models import Unit
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.errors import NotAllowed

WAYS: Mapping[str, str] = {"phone": "电话", "visit": "上门", "desk": "业主到前台"}


def stale(community: Any, today: date, months: int) -> QuerySet[Unit]:
    """Units that nobody has verified for so many months, or ever."""
    before = add_months(today, -months)
    return Unit.objects.filter(Q(verified_on__isnull=True) | Q(verified_on__lt=before), community=community)


def verified_in(community: Any, first: date, last: date) -> tuple[int, int]:
    """更新率: units verified from the first to the last day, and all units."""
    found = Unit.objects.filter(community=community).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(verified_on__gte=first, verified_on__lte=last))
    )
    return found["done"], found["all"]


def verify_unchanged(units: Iterable[Unit], way: str, today: date, *, by: Any, key: str) -> int:
    """Somebody rang or called on them: all is as it stands here. One who was verified today already is left alone."""
    units = sorted(units, key=lambda unit: unit.pk)
    for community_id in {unit.community_id for unit in units}:
        if not grants_of(by).may(EDIT, community_id):
            raise NotAllowed("您的岗位不能维护房屋与业户资料。")
    done = 0
    body = [[unit.pk for unit in units], way]
    with command(by=by, key=key, body=body, verb="estate.unit.verify") as writing:
        if writing.replayed:
            return len(units)
        for unit in units:
            row = Unit.objects.select_for_update().get(pk=unit.pk)
            if row.verified_on == today:
                continue
            changed = {"verified_on": [str(row.verified_on or ""), str(today)]}
            Unit.objects.filter(pk=row.pk).update(verified_on=today)
            writing.note(
                writing.book("estate.unit", row.pk), f"{by} 核对资料（{WAYS[way]}），无变动", changed, step="verify"
            )
            done += 1
    return done
