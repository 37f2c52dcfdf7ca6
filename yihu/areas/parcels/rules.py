"""Which carrier a number looks like, who of a household may be meant, what lies where, and a code that nobody guesses."""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.parcels.models import Carrier, ParcelCustody, Sort
from yihu.basics.identity import mask_name
from yihu.basics.numerals import half_width
from yihu.basics.text import without_unseen
from yihu.ground.estate.models import Occupancy

SHORTEST, LONGEST = 4, 30
IN_A_ROW = timedelta(minutes=30)  # what a clerk took in a while ago says nothing of the courier who stands there now
# who lives there opens the door before who only owns it
MEANT = (Occupancy.Role.LESSEE, Occupancy.Role.RESIDENT, Occupancy.Role.OWNER, Occupancy.Role.AGENT)
# how the carriers' numbers begin; a guess that the clerk sees and may change
_LOOKS = (
    (re.compile(r"SF[0-9]{10,}"), Carrier.SF),
    (re.compile(r"JD[A-Z]?[0-9A-Z]{9,}"), Carrier.JD),
    (re.compile(r"YT[0-9]{10,}"), Carrier.YTO),
    (re.compile(r"JT[0-9]{10,}"), Carrier.JT),
    (re.compile(r"ST[0-9]{10,}|77[0-9]{11,13}"), Carrier.STO),
    (re.compile(r"DPK[0-9]{9,}"), Carrier.DEPPON),
    (re.compile(r"ZT[0-9]{10,}|7[35689][0-9]{12}"), Carrier.ZTO),
    (re.compile(r"YD[0-9]{10,}|4[36][0-9]{13}"), Carrier.YUNDA),
    (re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}|[A-Z]{2}[0-9]{11}|9[89][0-9]{11}|1[0-3][0-9]{11}"), Carrier.POST),
)
# the post's own numbers of registered letters: R… abroad (UPU S10), X… at home
_REGISTERED = re.compile(r"R[A-Z][0-9]{9}[A-Z]{2}|X[A-Z][0-9]{11}")


def folded(number: str) -> str:
    """A number as it is kept, however it was typed or scanned."""
    return re.sub(r"[\s\-–—_]+", "", without_unseen(half_width(number))).upper()


def fault_of(number: str) -> str:
    """Why this is no number of a parcel, or ""."""
    if re.fullmatch(rf"[0-9A-Z]{{{SHORTEST},{LONGEST}}}", number):
        return ""
    return "单号只有数字和字母，4 至 30 位，请核对面单。"


def carrier_of(number: str) -> str:
    return next((str(carrier) for looks, carrier in _LOOKS if looks.fullmatch(number)), "")


def sort_of(number: str) -> str:
    return str(Sort.REGISTERED if _REGISTERED.fullmatch(number) else Sort.ORDINARY)


def place_of(words: str) -> str:
    return re.sub(r"\s+", "", without_unseen(half_width(words))).upper()


def just_now(by: Any, community_id: int | None) -> Any:
    """The parcel that this clerk took in last, if the courier may still stand there."""
    rows = ParcelCustody.objects.filter(community_id=community_id, opened_by=by)
    return rows.filter(opened_at__gte=timezone.now() - IN_A_ROW).order_by("-opened_at", "-pk").first()


def usual_shelf(by: Any, community_id: int | None, sort: str) -> str:
    """Where this clerk laid the last one of its sort."""
    rows = ParcelCustody.objects.filter(community_id=community_id, opened_by=by, sort=sort)
    return rows.order_by("-opened_at", "-pk").values_list("shelf", flat=True).first() or ""


def held(community_id: int | None) -> Any:
    return ParcelCustody.objects.filter(held_in_id=community_id)


def others_there(community_id: int, shelf: str, sort: str, but: int | None = None) -> str:
    """Registered letters are kept apart (MAI-01): why this one may not lie there, or ""."""
    if not held(community_id).filter(shelf=shelf).exclude(sort=sort).exclude(pk=but).exists():
        return ""
    if sort == Sort.REGISTERED:
        return f"{shelf} 放着普通件，挂号信要另放一处。"
    return f"{shelf} 放着挂号信，普通件请放别处。"


def members(unit: Any, day: date) -> list[Any]:
    """The stays of who may be meant by a label, the likeliest first."""
    if unit is None:
        return []
    rows = Occupancy.objects.on(day).filter(unit=unit, role__in=MEANT, party__locked_at__isnull=True)
    return sorted(rows.select_related("party"), key=lambda stay: (MEANT.index(stay.role), stay.place, stay.pk))


def masked(stay: Any) -> str:
    """A courier stands there and reads along."""
    return f"{mask_name(stay.party.name)}（{stay.get_role_display()}）"


def fresh_code(community_id: int) -> str:
    """Six digits that no other parcel here has; never made out of the parcel's number."""
    taken = set(held(community_id).exclude(code="").values_list("code", flat=True))
    while (code := f"{secrets.randbelow(900_000) + 100_000}") in taken:
        continue
    return code
