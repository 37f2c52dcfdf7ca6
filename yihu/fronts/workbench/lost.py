"""没送到的消息: what customers should have got and did not, for those who can tell them otherwise."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from yihu.fronts.workbench.gaps import Gaps
from yihu.fronts.workbench.groups import Look
from yihu.ground.sending.losing import unheard
from yihu.ground.sending.models import Outgoing
from yihu.ground.sending.outbox import SEND
from yihu.ground.sending.pages.showing import state_of
from yihu.ground.sending.wording import label_of
from yihu.kernel.models import record_seen_by
from yihu.kernel.screens.cells import when


def of(look: Look, rows: int) -> Gaps:
    """The oldest first; none about a record that the person must not see."""
    if not look.may(SEND):
        return Gaps(0, [])
    found = unheard(Outgoing.objects.filter(community=look.community))
    found = found.filter(Q(record__isnull=True) | Q(record_seen_by(look.person)))
    shown = list(found.select_related("party", "record__unit").order_by("lost_at", "pk")[: rows + 1])
    count = found.count() if len(shown) > rows else len(shown)
    return Gaps(count, [_row(one, look) for one in shown[:rows]])


def _row(one: Outgoing, look: Look) -> dict[str, Any]:
    unit = one.record.unit if one.record else None
    number = f"{one.record.number} · " if one.record else ""
    return {
        "pk": one.pk,
        "url": one.get_absolute_url(),
        "where": str(unit or one.party),
        "what": f"{label_of(one.code)}没有送到：{one.reason}",
        "sub": f"{number}{one.party} · {one.get_way_display()} {when(one.written_at, look.now)}",
        "state": state_of(one),
    }
