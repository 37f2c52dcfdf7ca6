"""What the one search box finds here: a parcel by the end of its number, or by the code that somebody shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.parcels.rules import LONGEST, folded
from yihu.kernel import search
from yihu.kernel.authority import grants_of
from yihu.kernel.search import Hit

KIND = "parcel"
SHORTEST = 5  # the last four stand in the record's summary, by which the records are found


def parcels(text: str, person: Any, limit: int) -> list[Hit]:
    """Of those that lie here any ending; of those that are gone the whole number."""
    number, places = folded(text), grants_of(person).communities_with("parcels.see")
    fits = SHORTEST <= len(number) <= LONGEST and number.isascii() and number.isalnum() and number[-1].isdigit()
    if not places or not fits:
        return []
    here = Q(held_in__in=places) & (Q(tracking_no__endswith=number) | Q(code=number))
    rows = ParcelCustody.objects.seen_by(person).filter(here | Q(tracking_no=number)).select_related("unit")
    return [
        Hit(KIND, f"{row.what} {row.shelf}", f"{row.unit or '不知房号'} · {row.state_word}", row.get_absolute_url())
        for row in rows.order_by("-opened_at", "-pk")[:limit]
    ]


search.provider(KIND, "邮件", parcels)
