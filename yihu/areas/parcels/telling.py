"""The person is told that something lies here: by a message with the pick-up code to whoever agreed, else by telephone or a slip."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.parcels import rules
from yihu.areas.parcels.models import ParcelCustody, Sort
from yihu.ground.sending import outbox, wording
from yihu.ground.sending.outbox import agreed_way

CODES = {Sort.ORDINARY: "parcel", Sort.REGISTERED: "registered_mail"}


def reached(parcel: Any) -> tuple[Any, str]:
    """Who is written to, and by which way: the addressee; of a name that is not on the roll the first of the household
    who agreed."""
    if parcel.unit_id is None:
        return None, ""
    today = timezone.localdate()
    whom = [parcel.party] if parcel.party_id else [stay.party for stay in rules.members(parcel.unit, today)]
    return next(((party, way) for party in whom if (way := agreed_way(party))), (None, ""))


def send(act: Any) -> bool:
    """The words of its sort by a way to which the person agreed; False where nobody agreed to any."""
    parcel = act.record
    party, way = reached(parcel)
    if not way:
        return False
    known = wording.values_of(community=parcel.community, party=party, unit=parcel.unit, record=parcel)
    outbox.write(
        code=CODES[Sort(parcel.sort)], party=party, way=way, by=act.by, at=act.at, record=parcel,
        values={**known, "事由": parcel.what, "取件码": parcel.code},
        key=f"parcel:{parcel.pk}:{party.pk}:{parcel.version}",
    )  # fmt: skip
    return True


def send_by_itself(act: Any) -> None:
    if not act.history and send(act):
        mark(act, ParcelCustody.Told.MESSAGE)


def mark(act: Any, how: str) -> None:
    act.record.told_how, act.record.told_at = how, act.at
    act.record.told_times += 1
