"""What of a receipt may be invoiced: what it paid of services and common income, under the true names of the items.

No invoice for deposits, for money on account that nothing was used for yet, for the maintenance fund, nor for what is only
collected on behalf of others (domain.md §5.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yihu.areas.cashier import receipts
from yihu.ground.ledger.models import FeeItem, Receipt

INVOICED = (FeeItem.Nature.INCOME, FeeItem.Nature.COMMON)


@dataclass(frozen=True)
class Allowed:
    """The sum in 分, and the names of what it was for."""

    amount: int
    names: str


def allowed(receipt: Receipt) -> Allowed:
    """As the books stand now."""
    if receipt.voided_by_id is not None:
        return Allowed(0, "")
    rows = receipts.used_for(receipt, INVOICED)
    return Allowed(sum(amount for _, amount in rows), "、".join(dict.fromkeys(name for name, _ in rows)))


def why_not(receipt: Any) -> str:
    """Why there is nothing to be invoiced, or ""."""
    if receipt.voided_by_id is not None:
        return "这张收据已经作废或冲销，不能开票。"
    if not allowed(receipt).amount:
        return "这张收据没有可以开票的费用：押金、代收代付和还没用的预收款不开发票。"
    return ""
