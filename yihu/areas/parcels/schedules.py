"""What happens by itself: a message that came to nothing told nobody, so the parcel stands among those not yet told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from yihu.areas.parcels.models import ParcelCustody
from yihu.areas.parcels.telling import CODES
from yihu.ground.sending.models import Outgoing
from yihu.kernel.authority import authority
from yihu.kernel.doors import perform
from yihu.kernel.jobs import schedule


@schedule("parcel-messages", every=timedelta(minutes=15))
def untold_again() -> None:
    not_arrived(timezone.now())


def not_arrived(now: datetime) -> int:
    """Parcels whose message is neither under way nor there; gives how many."""
    M = Outgoing.State
    alive = (M.WAITING, M.SENDING, M.HANDED, M.DELIVERED)
    sent = Outgoing.objects.filter(record_id=OuterRef("pk"), code__in=CODES.values(), state__in=alive)
    lost = ParcelCustody.objects.filter(
        ~Exists(sent), state=ParcelCustody.State.HELD, closed_at__isnull=True, told_how=ParcelCustody.Told.MESSAGE
    )
    for parcel in (found := list(lost.order_by("pk"))):
        key = f"parcel-message:{parcel.pk}:{parcel.version}"
        perform(parcel, "message_failed", by=authority().system(), key=key, at=now)
    return len(found)
