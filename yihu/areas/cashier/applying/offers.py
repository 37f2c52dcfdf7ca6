"""From the page of a receipt straight to the application that concerns it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.ground.ledger.models import Receipt
from yihu.ground.ledger.receiving import given_back
from yihu.kernel.authority import grants_of


def of_receipt(receipt: Receipt, person: Any) -> list[dict[str, str]]:
    """What may be asked for it now: its unused money back, its deposits back, the whole of it taken back."""
    grants, here, found = grants_of(person), receipt.community_id, []
    if grants.may("applying.refund", here):
        if receipt.left:
            found.append(_offer("申请退款", "refunds", receipt=receipt.pk))
        for deposit in receipt.deposits.filter(left__gt=0).select_related("item").order_by("pk"):
            found.append(_offer(f"退{deposit.item}", "deposit-returns", deposit=deposit.pk))
    if grants.may("applying.reverse", here) and receipt.voided_by_id is None and not given_back(receipt):
        found.append(_offer("作废、红冲", "red-letters", receipt=receipt.pk))
    return found


def _offer(label: str, slug: str, **paper: int) -> dict[str, str]:
    ((name, pk),) = paper.items()
    return {"label": label, "url": f"{reverse('kernel:new', args=[slug])}?{name}={pk}"}
