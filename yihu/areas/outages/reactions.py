"""A caller was taken out again: the outage over which nobody waits any more is finished."""

from __future__ import annotations

from typing import Any

from yihu.areas.outages.callers import waiting
from yihu.areas.outages.models import Outage
from yihu.kernel.reactions import reacts_to


@reacts_to("reception.contact.leave")
def nobody_waits(contact: Any, commanding: Any) -> None:
    rows = Outage.objects.filter(community_id=contact.community_id, state=Outage.State.CALLING, closed_at__isnull=True)
    for outage in rows.order_by("pk"):
        if not waiting(outage):
            commanding.perform(outage, "all_told", data={}, files={})
