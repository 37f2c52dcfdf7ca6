"""催款通知单出错率 (FEE-12): wrong ones over those that went out; one in the place of a wrong one is not counted again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from yihu.areas.billing.dunning.models import DunningNotice

N = DunningNotice.State
OUT = Q(state__in=(N.ISSUED, N.DELIVERED, N.DONE)) | (Q(state=N.VOID) & ~Q(wrong=""))


def errors_by_day(community_id: int, first: date, last: date) -> Iterable[tuple[date, int, int]]:
    """Day of drawing up, notices that went out, wrong ones among them; from ``first`` to ``last``, in one question."""
    rows = DunningNotice.objects.filter(OUT, community=community_id, drawn_on__gte=first, drawn_on__lte=last)
    seen: set[tuple[int, int]] = set()
    for day, case, level, wrong in rows.order_by("drawn_on", "pk").values_list("drawn_on", "case", "level", "wrong"):
        yield day, 0 if (case, level) in seen else 1, 1 if wrong else 0
        seen.add((case, level))
