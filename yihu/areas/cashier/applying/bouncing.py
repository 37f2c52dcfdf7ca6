"""What the pages and prints say of payments that came back, and of an account under another name than the receipt's."""

from __future__ import annotations

from typing import Any

from yihu.basics.money import yuan
from yihu.ground.estate.models import Party
from yihu.kernel import moments


def sent_back(record: Any) -> list[dict[str, str]]:
    """Each payment as it was made, the first first."""
    rows = record.bounced_payments.select_related("approved_by", "paid_by").order_by("pk")
    return [
        {
            "paid": moments.day(one.paid_at),
            "reference": one.paid_reference,
            "amount": yuan(one.amount),
            "name": one.account_name,
            "bank": one.bank,
            "no": str(one.account_no),
            "by": f"{one.paid_by} 付，{one.approved_by} 批",
            "back": f"{one.bounced_on:%Y-%m-%d}",
            "back_reference": one.bounced_reference,
            "why": one.bounced_why,
        }
        for one in rows
    ]


def other_name(record: Any, *, hint: bool = True) -> str:
    """Why the account's name is the payer's own though the receipt says another; who agrees is told of a namesake."""
    if not record.name_why:
        return ""
    said = f"收据上是“{record.payee}”。{record.get_name_why_display()}：{record.name_basis}"
    same = Party.objects.filter(community_id=record.community_id, name=record.account_name).exclude(pk=record.party_id)
    if hint and same.exists():
        said += "。名册里另有同名的客户，请看清证明再批。"
    return said
