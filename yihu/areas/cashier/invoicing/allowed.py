"""What of a receipt may be invoiced: what it met of services and common income and no invoice holds yet, under the true names.

No invoice for deposits, for the maintenance fund, nor for what is only collected on behalf of others (domain.md §5.7). Money
on account is not invoiced when it comes in: a property service is taxed when it is rendered and paid, so what a prepayment or
a deposit meets later is invoiced as those charges, once each (增值税法; 发票管理办法第18条、第19条).

Rent of real estate that is paid in advance is the exception: its tax arises on the day on which it comes in (财税〔2016〕36号
附件1 第四十五条第（二）项). What was earmarked for rent (``ledger.earmarking``) is invoiced as such, and what it meets is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yihu.areas.cashier.invoicing.models import InvoiceLine, InvoiceRequest
from yihu.ground.ledger.models import Account, FeeItem, Line, Receipt, Voucher

Kind = Voucher.Kind
INVOICED = (FeeItem.Nature.INCOME, FeeItem.Nature.COMMON)


@dataclass(frozen=True)
class Allowed:
    """The sum in 分, and the names of what it was for."""

    amount: int
    names: str


def taxed(condition: Q) -> QuerySet[Line]:
    """The lines that may be invoiced, as they hold today: by which money met charges, or was paid in advance for rent."""
    ahead = Line.objects.filter(voucher=OuterRef("voucher"), account=Account.CREDIT, item__isnull=False)
    met = Q(account=Account.RECEIVABLE, charge__item__nature__in=INVOICED) & ~Exists(ahead)
    rent = Q(account=Account.CREDIT, item__nature__in=INVOICED, voucher__kind=Kind.EARMARK)
    return Line.objects.filter(
        condition, met | rent, amount__lt=0, voucher__reverses__isnull=True, voucher__reversed_by__isnull=True
    )


def of_receipt(receipt: Any) -> Q:
    """At once or later; also through a deposit that it brought."""
    kinds = (Kind.ALLOCATE, Kind.EARMARK)
    return Q(receipt=receipt, voucher__kind__in=kinds) | Q(deposit__receipt=receipt, voucher__kind=Kind.DEDUCT)


def open_lines(receipt: Any) -> QuerySet[Line]:
    """What no invoice holds."""
    rows = taxed(of_receipt(receipt)).filter(invoiced__isnull=True)
    return rows.select_related("charge__item", "item", "unit", "voucher").order_by("charge__from_on", "pk")


def name_of(line: Line) -> str:
    """The true name of what is invoiced (发票管理办法第19条)."""
    return line.charge.item.name if line.charge else str(line.item)


def summed(lines: Any) -> Allowed:
    rows = list(lines)
    return Allowed(-sum(one.amount for one in rows), "、".join(dict.fromkeys(name_of(one) for one in rows)))


def allowed(receipt: Receipt) -> Allowed:
    """As the books stand now."""
    return summed(open_lines(receipt))


def out_of_date(**of: Any) -> QuerySet[InvoiceLine]:
    """Lines of standing invoices whose payment was taken back since."""
    return InvoiceLine.objects.filter(holds__isnull=False, line__voucher__reversed_by__isnull=False, **of)


def why_not(receipt: Any) -> str:
    """Why there is nothing to be invoiced, or ""."""
    if receipt.voided_by_id is not None:
        return "这张收据已经作废或冲销，不能开票。"
    stale = out_of_date(request__receipt=receipt).select_related("request").first()
    if stale is not None:
        first = "红冲" if stale.request.state == InvoiceRequest.State.ISSUED else "办理“不开”"
        return f"发票申请 {stale.request.number} 里有已经冲销的缴费，请先把它{first}，再重新申请。"
    if open_lines(receipt).exists():
        return ""
    standing = InvoiceRequest.objects.filter(receipt=receipt, state__in=InvoiceRequest.STANDING).order_by("pk")
    if told := "、".join(f"{one.number}（{one.state_word}）" for one in standing):
        return f"这张收据能开的都已有发票申请：{told}。要重开的，先红冲。"
    return (
        "这张收据没有可以开票的费用：押金、代收代付不开发票，预收款等抵缴了费用再开（预收租金的，先把预收定为租金）。"
    )
