"""What is told by itself when a step was taken: off until the community switches it on, way by way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from yihu.ground.estate.models import Community, Party, Unit
from yihu.ground.sending import outbox, wording
from yihu.ground.sending.rules import rules_of
from yihu.kernel.reactions import reacts_to

TOO_LATE = timedelta(hours=24)  # an offline phone brings it in a day later: nobody wants to be told now


def tell_the_customer(use: wording.Use, record: Any, commanding: Any) -> None:
    """One message to the record's customer by each way that is switched on and that he has agreed to.

    Where he agreed to none of them, one cancelled message says so to whoever looks."""
    now = timezone.now()
    ways = rules_of(record.community_id, now).ways.get(use.code, ())
    party = Party.objects.filter(pk=record.party_id).select_related("community").first()
    if not ways or party is None or now - commanding.at > TOO_LATE:
        return
    unit = Unit.objects.filter(pk=record.unit_id).first()
    community = Community.objects.get(pk=record.community_id)
    values = wording.values_of(community=community, party=party, unit=unit, record=record)
    agreed = [way for way in ways if not outbox.no_consent(party, way)]
    for way in agreed or ways[:1]:
        outbox.write(
            code=use.code, party=party, way=way, values=values, by=commanding.by, at=now, record=record,
            key=f"{commanding.key}:{use.code}:{way}",
        )  # fmt: skip


def _reaction(use: wording.Use) -> Callable[[Any, Any], None]:
    def tell(record: Any, commanding: Any) -> None:
        tell_the_customer(use, record, commanding)

    tell.__name__ = use.code
    return tell


for _use in wording.USES:
    for _event in _use.events:
        reacts_to(_event)(_reaction(_use))
