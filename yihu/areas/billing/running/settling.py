"""After the bills: adjustments in somebody's favour are set off, and prepayments are used where their payer agreed (§8, 19)."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from yihu.areas.billing.running.models import BillingRun, OffsetConsent
from yihu.areas.billing.running.pace import Overtaken
from yihu.ground.ledger import charging, ordering, receiving
from yihu.ground.ledger.models import Charge, Receipt
from yihu.ground.ledger.posting import Books, books
from yihu.kernel.authority import authority
from yihu.kernel.doors import command

AT_A_TIME = 10  # payers; each has a handful of bills


def settle_some(run: BillingRun) -> bool:
    """The next few; False when nothing is left to set off. 系统 does it, on the payer's word."""
    if not _adjustments(run).exists() and not _consents(run).exists():
        return False
    key = f"running.settle:{run.pk}:{run.offset_to}:{run.consent_to}"
    with command(by=authority().system(), key=key, verb="running.settle") as commanding:
        places = {"offset_to": run.offset_to, "consent_to": run.consent_to}
        held = BillingRun.objects.select_for_update().filter(pk=run.pk, state=BillingRun.State.POSTING, **places)
        if commanding.replayed:
            return True
        if not held:
            raise Overtaken
        with books(commanding, run.community_id) as opened:
            given_back = list(_adjustments(run)[:AT_A_TIME])
            consents = [] if given_back else list(_consents(run)[:AT_A_TIME])
            amount = sum(_set_off(opened, one) for one in given_back)
            amount += sum(_use_prepayments(opened, run, one) for one in consents)
        BillingRun.objects.filter(pk=run.pk).update(
            offset_to=given_back[-1].pk if given_back else run.offset_to,
            consent_to=consents[-1].pk if consents else run.consent_to,
            amount_offset=run.amount_offset + amount,
        )
    return True


def _adjustments(run: BillingRun) -> Any:
    rows = Charge.objects.filter(record=run, amount__lt=0, open__lt=0, reversal__isnull=True, pk__gt=run.offset_to)
    return rows.select_related("item").order_by("pk")


def _consents(run: BillingRun) -> Any:
    rows = OffsetConsent.objects.filter(community=run.community_id, pk__gt=run.consent_to)
    return rows.order_by("pk")


def _owed(community_id: int, party: int, unit: int | None) -> Any:
    rows = Charge.objects.filter(community=community_id, party=party, open__gt=0, reversal__isnull=True)
    return (rows.filter(unit=unit) if unit is not None else rows).select_related("item")


def _set_off(opened: Books, adjustment: Charge) -> int:
    """Against what the same payer owes for the same unit, as the law orders."""
    owed = _owed(opened.community_id, adjustment.party_id, adjustment.unit_id)
    given = ordering.by_law(-adjustment.open, owed, opened.today)
    for charge, amount in given:
        charging.offset(opened, adjustment, charge, amount)
    return sum(amount for _, amount in given)


def _use_prepayments(opened: Books, run: BillingRun, consent: OffsetConsent) -> int:
    """Whoever agreed, as of the day of posting. Money that came for one unit serves that unit alone, whatever the consent
    covers; money for no unit in particular comes last and serves all of them (domain §5.6, 民法典第560条)."""
    if not OffsetConsent.objects.on(opened.today).filter(pk=consent.pk).exists():
        return 0
    used = 0
    receipts = Receipt.objects.filter(community=run.community_id, party=consent.party_id, left__gt=0)
    if consent.unit_id is not None:
        receipts = receipts.filter(unit=consent.unit_id)
    for receipt in receipts.order_by(F("unit").asc(nulls_last=True), "received_at", "pk"):
        before = receipt.left
        receiving.settle(opened, receipt, among=_owed(run.community_id, consent.party_id, receipt.unit_id))
        used += before - receipt.left
    return used
