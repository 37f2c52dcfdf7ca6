"""《代收代付核对单》 of one bill, 《代收账单更正单》 of its correction, 《代收代付对照表》 of a supplier's year."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.suppliers import comparing, correcting
from yihu.areas.billing.suppliers.models import SupplierBill, SupplierCorrection
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import moments
from yihu.kernel.prints.declare import Print


def bill(one: SupplierBill, by: Any) -> dict[str, Any]:
    found = comparing.both(one)
    first, last = one.span
    return {
        "community": one.community.name,
        "number": one.number,
        "supplier": one.supplier.name,
        "account": one.supplier.account_no,
        "kind": one.supplier.get_kind_display(),
        "period": f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}",
        "previous": plain(one.previous) if one.previous is not None else "",
        "current": plain(one.current) if one.current is not None else "",
        "multiplier": plain(one.multiplier),
        "use": plain(one.use) if one.use is not None else "",
        "invoice": one.invoice_no,
        "amount": yuan(one.amount_fen),
        "capitals": rmb_capitals(one.amount_fen),
        "lines": [[row["label"], row["amount"], row["words"]] for row in comparing.rows_of(found)],
        "why": mask_free_text(one.why_different),
        "settled": mask_free_text(one.settled_words),
        "recorded_by": _who(one, "record"),
        "approved_by": str(one.approved_by or ""),
        "paid": f"{one.get_method_display()}　{one.paid_reference}　{one.paid_on:%Y-%m-%d}" if one.paid_on else "",
        "settled_by": _who(one, "settle"),
        "closed_at": moments.formal(one.closed_at) if one.state == SupplierBill.State.SETTLED else "",
    }


def _who(one: SupplierBill, step: str) -> str:
    entry = one.journal.filter(step=step).select_related("by").order_by("-seq").first()
    return str(entry.by) if entry else ""


def correction(one: SupplierCorrection, by: Any) -> dict[str, Any]:
    """The bill as it stood, what was taken back of it, and how it goes on."""
    bill = one.bill
    was = one.was or correcting.standing(bill)
    return {
        "community": one.community.name,
        "number": one.number,
        "bill": bill.number,
        "supplier": str(bill.supplier),
        "period": was["period"],
        "invoice": was["invoice"],
        "amount": yuan(was["amount"]),
        "capitals": rmb_capitals(was["amount"]),
        "own": was["own"],
        "paid": was["paid"],
        "was": was["state"],
        "settled": mask_free_text(was["settled"]),
        "lines": was["lines"],
        "way": one.get_way_display(),
        "why": mask_free_text(one.why),
        "postings": was.get("postings", []),
        "done": one.state == SupplierCorrection.State.DONE,
        "state": one.state_word,
        "refusal": mask_free_text(one.opinion) if one.state == SupplierCorrection.State.REFUSED else "",
        "asked_by": str(one.opened_by),
        "asked_at": moments.formal(one.opened_at),
        "agreed_by": str(one.agreed_by or ""),
        "agreed_at": moments.formal(one.agreed_at),
    }


YEAR = Print("supplier_year", "代收代付对照表", data=lambda told, by: told, paper="a4-landscape", of_one=False)
