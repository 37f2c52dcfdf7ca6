"""Who besides the usual sees and takes an order: those to whom it is offered, and the one to whom it is to be passed on."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from yihu.areas.repairs import crew
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.authority import Grants
from yihu.kernel.sight import NOTHING, Sight
from yihu.kernel.who import Who


def _offered(person: Any, grants: Grants) -> Q:
    """Who sees everything anyway is not asked about one by one."""
    places = grants.communities_with(crew.WORK) - grants.communities_with("repairs.see_all")
    if not places:
        return NOTHING
    to_him = WorkOrder.objects.filter(
        pass_to_id__in=[person.pk, *sorted(grants.deputises())], community_id__in=places, closed_at__isnull=True
    )
    return Q(pk__in=crew.to_grab(person, places).order_by().values("pk")) | Q(pk__in=to_him.order_by().values("pk"))


def _may_grab(person: Any, order: Any, grants: Grants) -> bool:
    """A row of 今日 is a bare Record, which says nothing of this; there the order's own page offers the step."""
    mode = getattr(order, "dispatch", "")
    offered_here = mode == WorkOrder.Dispatch.GRAB and order.state == WorkOrder.State.TO_ASSIGN
    return offered_here and grants.may(crew.WORK, order.community_id) and crew.may_grab(person, order)


def _receives(person: Any, order: Any, grants: Grants) -> bool:
    asked = getattr(order, "pass_to_id", None)
    return asked is not None and (asked == person.pk or asked in grants.deputises())


offered = Sight(_offered, frozenset({crew.WORK}))
grabber = Who(_may_grab, "当班的本工种维修人员", frozenset({crew.WORK}))
receiver = Who(_receives, "被请求接手的人")
passing = Who(lambda person, order, grants: getattr(order, "pass_to_id", None) is not None, "转单还没有人接手时")
