"""After the bills: adjustments in somebody's favour are set off, and what was paid in advance is used (domain.md §5.6; §8, 19)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.billing.running import using
from yihu.areas.billing.running.models import BillingRun
from yihu.areas.billing.running.pace import Overtaken
from yihu.ground.ledger import charging, ordering
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.posting import Books, books
from yihu.kernel.authority import authority
from yihu.kernel.doors import command

AT_A_TIME = 10  # adjustments; each meets a handful of bills


def settle_some(run: BillingRun) -> bool:
    """The next few; False when nothing is left to set off. 系统 does it, on the payer's word."""
    if not _adjustments(run).exists() and not _payers(run):
        return False
    key = f"running.settle:{run.pk}:{run.offset_to}:{run.payer_to}"
    with command(by=authority().system(), key=key, verb="running.settle") as commanding:
        places = {"offset_to": run.offset_to, "payer_to": run.payer_to}
        held = BillingRun.objects.select_for_update().filter(pk=run.pk, state=BillingRun.State.POSTING, **places)
        if commanding.replayed:
            return True
        if not held:
            raise Overtaken
        with books(commanding, run.community_id) as opened:
            given_back = list(_adjustments(run)[:AT_A_TIME])
            payers = [] if given_back else _payers(run)
            amount = sum(_set_off(opened, one) for one in given_back) + using.use(opened, payers)
        BillingRun.objects.filter(pk=run.pk).update(
            offset_to=given_back[-1].pk if given_back else run.offset_to,
            payer_to=payers[-1] if payers else run.payer_to,
            amount_offset=run.amount_offset + amount,
        )
    return True


def _adjustments(run: BillingRun) -> Any:
    rows = Charge.objects.filter(record=run, amount__lt=0, open__lt=0, reversal__isnull=True, pk__gt=run.offset_to)
    return rows.select_related("item").order_by("pk")


def _payers(run: BillingRun) -> list[int]:
    """As of the day of posting."""
    return using.payers(run.community_id, run.payer_to, timezone.localdate())


def _set_off(opened: Books, adjustment: Charge) -> int:
    """Against what the same payer owes for the same unit, as the law orders."""
    rows = Charge.objects.filter(community=opened.community_id, party=adjustment.party_id, open__gt=0)
    rows = rows.filter(reversal__isnull=True)
    owed = rows.filter(unit=adjustment.unit_id) if adjustment.unit_id is not None else rows
    given = ordering.by_law(-adjustment.open, owed.select_related("item"), opened.today)
    for charge, amount in given:
        charging.offset(opened, adjustment, charge, amount)
    return sum(amount for _, amount in given)
