"""What happens by itself: what is not solved within a month becomes major (D11), a receipt that did not arrive is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from yihu.areas.complaints.models import Complaint, Household, one_month_after
from yihu.areas.complaints.procedure import OPEN, UNDER_WAY
from yihu.areas.complaints.receipts import CODE
from yihu.areas.complaints.words import Level, Receipt, Validity
from yihu.ground.sending.models import Outgoing
from yihu.kernel.authority import authority
from yihu.kernel.doors import perform
from yihu.kernel.jobs import schedule

STATE = Outgoing.State
ALIVE = (STATE.WAITING, STATE.SENDING, STATE.HANDED, STATE.DELIVERED)


@schedule("old-complaints", every=timedelta(minutes=15))
def escalate_old() -> None:
    escalate_until(timezone.now())


def escalate_until(now: datetime) -> int:
    """Those whose month is over by now; gives how many."""
    waiting = Complaint.objects.filter(
        closed_at__isnull=True, state__in=UNDER_WAY, validity=Validity.VALID, opened_at__lte=now - timedelta(days=28)
    ).exclude(level=Level.MAJOR)
    due = [one for one in waiting.order_by("opened_at", "pk") if one_month_after(one.opened_at) <= now]
    for complaint in due:
        perform(
            complaint, "escalate", by=authority().system(), key=f"escalate:{complaint.pk}:{complaint.version}", at=now
        )
    return len(due)


@schedule("complaint-receipts", every=timedelta(minutes=15))
def missing_again() -> None:
    now = timezone.now()
    not_arrived(now)
    not_arrived_at_joined(now)


def not_arrived(now: datetime) -> int:
    """Receipts that went out as a message of which nothing is under way or there any more; gives how many."""
    sent = Outgoing.objects.filter(record_id=OuterRef("pk"), party_id=OuterRef("party_id"), code=CODE, state__in=ALIVE)
    lost = Complaint.objects.filter(~Exists(sent), closed_at__isnull=True, receipt_way=Receipt.MESSAGE)
    for complaint in (found := list(lost.order_by("pk"))):
        key = f"receipt:{complaint.pk}:{complaint.version}"
        perform(complaint, "receipt_failed", by=authority().system(), key=key, at=now)
    return len(found)


def not_arrived_at_joined(now: datetime) -> int:
    """The same of the households that joined, each by its own message; gives how many households."""
    under_way = Complaint.objects.filter(closed_at__isnull=True, state__in=OPEN)
    sent = Household.objects.filter(withdrawn_at__isnull=True, receipt_way=Receipt.MESSAGE, complaint__in=under_way)
    lost: dict[int, list[int]] = {}
    for complaint, household in (
        sent.exclude(receipt_message__state__in=ALIVE).order_by("pk").values_list("complaint_id", "pk")
    ):
        lost.setdefault(complaint, []).append(household)
    for complaint in Complaint.objects.filter(pk__in=lost).order_by("pk"):
        key, households = f"joined-receipts:{complaint.pk}:{complaint.version}", lost[complaint.pk]
        perform(
            complaint,
            "joined_receipt_failed",
            by=authority().system(),
            key=key,
            at=now,
            data={"households": households},
        )
    return sum(len(households) for households in lost.values())
