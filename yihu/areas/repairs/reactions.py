"""轮派: an order that nobody has goes to the one whose turn it is. And one over which nobody waits any more is closed."""

from __future__ import annotations

from typing import Any

from yihu.areas.repairs import callers, crew
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.authority import authority
from yihu.kernel.reactions import reacts_to


def by_turn(order: Any) -> bool:
    return bool(order.dispatch == WorkOrder.Dispatch.TURN)


@reacts_to("repairs.workorder.open", when=by_turn)
@reacts_to("repairs.workorder.reject", when=by_turn)
@reacts_to("repairs.workorder.take_back", when=by_turn)
@reacts_to("repairs.workorder.resume", when=by_turn)
def next_in_turn(order: Any, commanding: Any) -> None:
    """Where the judgement says that we must not go ourselves, and where nobody is left, the head decides."""
    waits = order.state == WorkOrder.State.TO_ASSIGN and order.closed_at is None
    if not waits or order.dispatch != WorkOrder.Dispatch.TURN or order.ability == WorkOrder.Ability.OUTSIDE:
        return
    person = crew.in_turn(order, commanding.at)
    if person is not None:
        commanding.perform(order, "turn", data={"handler": person.pk}, files={})
        return
    heads = authority().holders(order.community_id, "engineering_head")
    sentence = f"{order.number} 轮派不到人：没有当班的本工种人员，或都退过这张单，请您派工。"
    commanding.tell(heads, sentence, community_id=order.community_id, record=order)


@reacts_to("reception.contact.leave")
def nobody_waits(contact: Any, commanding: Any) -> None:
    """A caller was taken out again: the job that was waiting to tell him only is finished."""
    rows = WorkOrder.objects.filter(
        community_id=contact.community_id, state=WorkOrder.State.CALL_BACK, closed_at__isnull=True
    )
    for order in rows.order_by("pk"):
        if not callers.some_wait(order, commanding.by):
            commanding.perform(order, "all_told", data={}, files={})
