"""What a case shows of its debt, kept with it, and the demands that prove that we asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from yihu.areas.billing.delivering import LOST
from yihu.areas.billing.dunning.models import Demand, DemandLine, Dispute, DunningCase, Letter
from yihu.areas.billing.dunning.standing import Arrear, arrears_of, limitations, overdue
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.ledger import charging, posting
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.pay_days import pay_day


def arrears_in(case: DunningCase, day: date) -> list[Arrear]:
    """Everything that the payer is late with here."""
    return arrears_of(overdue(case.community_id, day, party=case.party_id), day)


def undisputed(case: DunningCase, day: date) -> list[Any]:
    """The bills that may be asked for: late, also by the day that their payer was given, and not contested."""
    contested = Dispute.objects.filter(to_on__isnull=True).values("charge")
    rows = overdue(case.community_id, day, party=case.party_id).exclude(pk__in=contested)
    return [one for one in rows.exclude(principal__in=contested) if pay_day(one) < day]


def to_decide(case: DunningCase, day: date) -> bool:
    """Whether a late fee depends on a dispute that nobody has decided, be its bill paid or not."""
    rows = Charge.objects.filter(
        pk__in=case.disputes.filter(to_on__isnull=True).values("charge"), reversal__isnull=True
    )
    found = arrears_of(rows.select_related("item", "unit"), day)
    return any(one.at_stake or one.accrued for one in found)


def posted_now(case: DunningCase, commanding: Any, charges: Sequence[Any], day: date) -> None:
    """What is asked for in writing stands in the books: the late fees to that day become bills of their own (§5.5)."""
    with posting.books(commanding, case.community_id) as opened:
        charging.bring_up(opened, charges, day)


def asked_for(case: DunningCase, charges: Sequence[int], day: date) -> list[tuple[int, int]]:
    """Late fees of these bills that stand in the books by that day and are not settled: (pk, 分)."""
    rows = Charge.objects.filter(
        community_id=case.community_id, principal__in=charges, open__gt=0, reversal__isnull=True
    )
    return list(rows.filter(to_on__lte=day).exclude(pk__in=charges).order_by("pk").values_list("pk", "open"))


def owed_of(charges: Sequence[Any]) -> int:
    """欠费, in 分: the bills themselves; a late fee that is posted is told beside its bill, and alone where that is paid."""
    pks = {charge.pk for charge in charges}
    return sum(charge.open for charge in charges if charge.principal_id not in pks)


def recount(case: DunningCase, at: datetime) -> None:
    """Set what lists and clocks go by; the caller saves."""
    found = list(overdue(case.community_id, timezone.localdate(at), party=case.party_id))
    ends = limitations(found)
    case.owed_fen = owed_of(found)
    case.since = min((pay_day(charge) for charge in found), default=None)
    case.limitation_on = min(ends.values(), default=None)
    case.limitation_at = evening(case.limitation_on) if case.limitation_on else None


def undelivered_letter(case: DunningCase) -> Letter | None:
    """The letter that is still to be delivered: not yet, or its message was lost."""
    waiting = Q(delivered_at__isnull=True) | Q(way=Letter.Way.ELECTRONIC, message__state__in=LOST)
    found: Letter | None = case.letters.filter(waiting).order_by("pk").last()
    return found


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
