"""供应单位账单更正: asked by one, agreed to by another; the bill is open again and the books follow in the same command."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.models import SupplierBill, SupplierCorrection
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Voucher
from yihu.kernel.models import Attachment, Link
from yihu.kernel.who import Who

Way = SupplierCorrection.Way
STEPS = {Way.SETTLE: "settle_anew", Way.UNPAID: "pay_anew", Way.RECORD: "record_anew"}


def _waits(person: Any, record: Any, grants: Any) -> bool:
    done = SupplierCorrection.State.DONE
    return SupplierCorrection.objects.filter(bill_id=record.pk, state=done, applied=False).exists()


UNDER_CORRECTION = Who(_waits, "更正单已经批准的")


def asked(act: Any) -> None:
    one = act.record
    for upload in act.data.get("scan") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    act.command.link(one.bill, one, Link.Why.SEE)
    act.tell_post("finance_supervisor", f"{one.number} {one.summarise()[:80]}，请审批。")


def agreed(act: Any) -> None:
    """The bill goes back to where it went wrong; what stood on it until now is kept here."""
    one = act.record
    bill = SupplierBill.objects.select_related("supplier", "payable", "own_cost").get(pk=one.bill_id)
    was = standing(bill)
    why = f"{one.number} {mask_free_text(one.why)}"
    act.perform(bill, STEPS[Way(one.way)], {"why_back": why[:200]})
    back = Voucher.objects.filter(record_id=bill.pk, reverses__isnull=False, at=act.at).select_related("reverses")
    one.was = {**was, "postings": [_posting(voucher) for voucher in back.order_by("pk")]}
    one.agreed_by, one.agreed_at, one.applied = act.by, act.at, True
    act.tell([one.opened_by], f"{one.number} 已批准：{one.get_way_display()}。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 不同意：{act.record.opinion[:80]}")


def held(one: Any, by: Any) -> str:
    return "已经批准入账，不能撤回。" if one.agreed_by_id else ""


def standing(bill: SupplierBill) -> dict[str, Any]:
    """The bill as plain words and figures."""
    paid = f"{bill.get_method_display()}　{bill.paid_reference}　{bill.paid_on:%Y-%m-%d}" if bill.paid_on else ""
    first, last = bill.span
    return {
        "state": bill.state_word,
        "amount": bill.amount_fen,
        "own": f"{yuan(bill.own_fen)} 元，{bill.own_cost}" if bill.own_fen else "",
        "period": f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}",
        "invoice": bill.invoice_no,
        "paid": paid,
        "settled": bill.settled_words,
        "lines": [[row["label"], row["amount"]] for row in comparing.rows_of(comparing.both(bill))],
    }


def _posting(voucher: Any) -> list[str]:
    """What was taken back, in red."""
    amount = sum(line.amount for line in voucher.lines.all() if line.amount > 0)
    return [
        f"{voucher.day:%Y-%m-%d}",
        str(voucher.get_kind_display()),
        mask_free_text(voucher.reverses.words),
        f"-{yuan(amount)}",
    ]
