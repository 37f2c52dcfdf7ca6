"""What a case shows of its debt, kept with it, and the demands that prove that we asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from yihu.areas.billing.dunning.models import Demand, DemandLine, Dispute, DunningCase
from yihu.areas.billing.dunning.standing import Arrear, arrears_of, limitations, overdue
from yihu.basics.worktime import OFFICE_ZONE


def arrears_in(case: DunningCase, day: date) -> list[Arrear]:
    """Everything that the payer is late with here."""
    return arrears_of(overdue(case.community_id, day, party=case.party_id), day)


def undisputed(case: DunningCase, day: date) -> list[Any]:
    """The bills that may be asked for: late, and not contested."""
    contested = Dispute.objects.filter(to_on__isnull=True).values("charge")
    return list(overdue(case.community_id, day, party=case.party_id).exclude(pk__in=contested))


def recount(case: DunningCase, at: datetime) -> None:
    """Set what lists and clocks go by; the caller saves."""
    found = list(overdue(case.community_id, timezone.localdate(at), party=case.party_id))
    ends = limitations(found)
    case.owed_fen = sum(charge.open for charge in found)
    case.since = min((charge.due_on for charge in found), default=None)
    case.limitation_on = min(ends.values(), default=None)
    case.limitation_at = evening(case.limitation_on) if case.limitation_on else None


def evening(day: date) -> datetime:
    """The end of an office day."""
    return datetime.combine(day, time(17, 30), OFFICE_ZONE)


def demanded(
    case: DunningCase, kind: str, words: str, on: date | None, lines: Iterable[tuple[int, int]], record: Any = None
) -> Demand:
    """Put a demand down for these bills (pk, 分). Without ``on`` it proves nothing yet."""
    made = Demand.objects.create(case=case, kind=kind, words=words[:200], on=on, record=record)
    DemandLine.objects.bulk_create([DemandLine(demand=made, charge_id=pk, amount=amount) for pk, amount in lines])
    return made
