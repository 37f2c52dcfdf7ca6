"""From the page of a receipt straight to its invoice."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.cashier.invoicing.allowed import why_not
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.kernel.authority import grants_of


def of_receipt(receipt: Any, person: Any) -> list[dict[str, str]]:
    """The invoice that stands, or the way to one."""
    found = InvoiceRequest.objects.seen_by(person).filter(holds=receipt).first()
    if found is not None:
        return [{"label": f"发票：{found.state_word}", "url": found.get_absolute_url()}]
    if not grants_of(person).may("invoicing.ask", receipt.community_id) or why_not(receipt):
        return []
    return [{"label": "申请发票", "url": f"{reverse('kernel:new', args=['invoices'])}?receipt={receipt.pk}"}]
