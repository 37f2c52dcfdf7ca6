"""From the page of a receipt straight to its invoices."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.cashier.invoicing.allowed import why_not
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.ground.ledger.models import FeeItem
from yihu.ground.ledger.posting import COLLECT
from yihu.kernel.authority import grants_of


def of_receipt(receipt: Any, person: Any) -> list[dict[str, str]]:
    """The invoices that stand, and the way to one for what none holds yet."""
    rows = InvoiceRequest.objects.seen_by(person).filter(receipt=receipt, state__in=InvoiceRequest.STANDING)
    found = [{"label": f"发票：{one.state_word}", "url": one.get_absolute_url()} for one in rows.order_by("pk")]
    if grants_of(person).may("invoicing.ask", receipt.community_id) and not why_not(receipt):
        found.append({"label": "申请发票", "url": address(receipt.pk)})
    return found


def purpose_of(receipt: Any, person: Any) -> list[dict[str, str]]:
    """Where what is left of it is told apart as rent, or what was told apart is put back."""
    if receipt.party_id is None or not grants_of(person).may(COLLECT, receipt.community_id):
        return []
    rents = FeeItem.objects.filter(community_id=receipt.community_id, lease=True, shown=True)
    if not receipt.bound and not (receipt.left and rents.exists()):
        return []
    return [{"label": "预收定用途", "url": reverse("invoicing:purpose", args=[receipt.number])}]


def address(receipt_pk: int) -> str:
    """Where the invoice of a receipt is asked for."""
    return f"{reverse('kernel:new', args=['invoices'])}?receipt={receipt_pk}"
