"""《发票申请单》 (F86): what finance types into the tax system, line by line."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.invoicing.allowed import name_of
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import moments
from yihu.kernel.prints.declare import Print


def rows_of(record: InvoiceRequest) -> list[dict[str, str]]:
    """Each payment with the charge that it met and its tax; a payment that was taken back is marked."""
    rows = record.lines.select_related("line__charge__item", "line__item", "line__unit", "line__voucher__reversed_by")
    return [_row(one) for one in rows.order_by("line__charge__from_on", "pk")]


def _row(one: Any) -> dict[str, str]:
    charge, taxed = one.line.charge, one.tax_percent is not None
    return {
        "item": name_of(one.line),
        "unit": str(one.line.unit or ""),
        "period": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}" if charge else "预收",
        "met": f"{one.line.day:%Y-%m-%d}",
        "amount": yuan(one.amount),
        "tax_name": one.tax_name,
        "tax_code": one.tax_code,
        "percent": f"{one.tax_percent.normalize():f}%" if taxed else "",
        "tax": yuan(one.tax_fen) if taxed else "",
        "back": "已冲销" if hasattr(one.line.voucher, "reversed_by") else "",
    }


def request(record: InvoiceRequest, by: Any) -> dict[str, Any]:
    rows = rows_of(record)
    taxes = [one.tax_fen for one in record.lines.exclude(tax_percent=None)]
    return {
        "community": record.community.name,
        "number": record.number,
        "unit": str(record.unit or ""),
        "party": mask_free_text(str(record.party or "")),
        "receipt": record.receipt.number,
        "kind": record.get_invoice_kind_display(),
        "buyer": record.title,
        "tax_no": record.tax_no,
        "lines": [
            [row["tax_name"] or row["item"], row["tax_code"], row["period"], row["amount"], row["percent"], row["tax"]]
            for row in rows
        ],
        "amount": yuan(record.amount_fen),
        "capitals": rmb_capitals(record.amount_fen),
        "tax": yuan(sum(taxes)) if len(taxes) == len(rows) else "",
        "state": record.state_word,
        "invoice_no": record.invoice_no,
        "issued_on": f"{record.issued_on:%Y-%m-%d}" if record.issued_on else "",
        "issued_by": str(record.issued_by or ""),
        "red_of": record.red_of.invoice_no if record.red_of else "",
        "red_no": record.red_no,
        "red_reason": mask_free_text(record.red_reason),
        "refusal": mask_free_text(record.refusal),
        "asked_by": str(record.opened_by),
        "asked_at": moments.stamp(record.opened_at),
    }


REQUEST = Print("invoice_request", "发票申请单", data=request, says_numbers=True)
