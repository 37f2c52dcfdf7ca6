"""What must be true of the parcels at any time."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from yihu.areas.parcels.models import ParcelCustody
from yihu.kernel.invariants import invariant


@invariant("parcels.places", "没取走的邮件都在本项目，取走、退回的都不在")
def places() -> Iterator[str]:
    lies_wrong = Q(closed_at__isnull=True) & (Q(held_in__isnull=True) | ~Q(held_in=F("community_id")))
    gone_wrong = Q(closed_at__isnull=False, held_in__isnull=False)
    for number in ParcelCustody.objects.filter(lies_wrong | gone_wrong).values_list("number", flat=True):
        yield f"{number} 的存放与状态不一致"
