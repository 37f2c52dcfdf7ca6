"""《减免申请表》(F92)、《退款申请表》(F93)、《红字冲销单》(F94)、《押金退还单》(F91)、《收费日报》(F87)."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.applying import bouncing
from yihu.areas.cashier.applying.models import DepositReturn, RedLetter, Refund, TillClose, Waiver
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.ground.ledger.models import Receipt
from yihu.kernel import moments
from yihu.kernel.models import Attachment
from yihu.kernel.signatures import drawing


def _head(record: Any) -> dict[str, Any]:
    return {
        "community": record.community.name,
        "number": record.number,
        "unit": str(record.unit or ""),
        "party": mask_free_text(str(record.party or "")),
        "state": record.state_word,
        "asked_by": str(record.opened_by),
        "asked_at": moments.stamp(record.opened_at),
    }


def _application(record: Any) -> dict[str, Any]:
    return {
        **_head(record),
        "reason": mask_free_text(record.reason),
        "approved": str(record.approved_by or ""),
        "approved_at": moments.formal(record.approved_at),
        "refusal": mask_free_text(record.refusal),
        "papers": record.attachments.filter(purpose=Attachment.Purpose.PAPER).count(),
    }


def _money(amount: int | None) -> dict[str, str]:
    return {"amount": yuan(amount or 0), "capitals": rmb_capitals(amount or 0)}


def _signed(record: Any) -> str:
    """The last signature that somebody from outside drew."""
    kept = Attachment.objects.filter(record_id=record.pk, purpose=Attachment.Purpose.SIGNATURE)
    last = kept.order_by("-at", "-pk").first()
    return drawing(last) if last else ""


def waiver(record: Waiver, by: Any) -> dict[str, Any]:
    charge = record.charge
    return {
        **_application(record),
        **_money(record.amount),
        "item": str(charge.item),
        "period": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}",
        "billed": yuan(charge.amount),
        "open": yuan(charge.open),
        "percent": f"{record.percent.normalize():f}%" if record.percent is not None else "",
        "why": record.get_why_display(),
        "agreed": str(record.agreed_by or ""),
        "agreed_at": moments.formal(record.agreed_at),
    }


def red_letter(record: RedLetter, by: Any) -> dict[str, Any]:
    paper, void = record.paper, record.way == RedLetter.Way.VOID
    taken = record.receipt
    return {
        **_application(record),
        **_money(-record.amount),
        "title": "收据作废单" if void else "红字冲销单",
        "red": not void,
        "done": record.state in RedLetter.STANDS,
        "right": str(record.right)
        if record.right
        else f"不用重开：{mask_free_text(record.no_right)}"
        if record.no_right
        else "",
        "what": "收据" if taken is not None else "账单",
        "paper": str(paper),
        "payer": mask_free_text(taken.payer_name if taken is not None else str(record.party or "")),
        "of": moments.stamp(taken.received_at) if taken is not None else f"应缴 {paper.due_on:%Y-%m-%d}",
        "method": taken.get_method_display() if taken is not None else "",
        "why": record.get_why_display(),
        "copies": "已收回全部各联" if record.copies_back else "",
        "effective": moments.formal(record.approved_at),
    }


def _payout(record: Any) -> dict[str, Any]:
    return {
        **_application(record),
        **_money(record.amount),
        "payee": mask_free_text(record.payee),
        "method": record.get_method_display(),
        "account_name": mask_free_text(record.account_name),
        "bank": mask_free_text(record.bank),
        "account_no": str(record.account_no),
        "paid_by": str(record.paid_by or ""),
        "paid_at": moments.formal(record.paid_at),
        "paid_reference": record.paid_reference,
        "failure": mask_free_text(record.failure),
        "other_name": mask_free_text(bouncing.other_name(record, hint=False)),
        "bounced": f"{record.bounced_on:%Y-%m-%d} {record.bounced_reference} {mask_free_text(record.bounced_why)}"
        if record.bounced_on
        else "",
        "sent_back": [
            [
                f"{one['paid']} {one['reference']}",
                mask_free_text(one["name"]),
                one["no"],
                f"{one['back']} {one['back_reference']}",
                mask_free_text(one["why"]),
            ]
            for one in bouncing.sent_back(record)
        ],
        "receiver_sign": _signed(record) if record.paid_at else "",
    }


def refund(record: Refund, by: Any) -> dict[str, Any]:
    taken = record.receipt
    return {
        **_payout(record),
        "receipt": taken.number,
        "received": f"{moments.day(taken.received_at)}　{taken.get_method_display()}　{yuan(taken.amount)} 元",
    }


def deposit_return(record: DepositReturn, by: Any) -> dict[str, Any]:
    deposit = record.deposit
    rows = record.deductions.select_related("charge__item").order_by("pk")
    return {
        **_payout(record),
        "item": str(deposit.item),
        "receipt": deposit.receipt.number,
        "taken": f"{moments.day(deposit.receipt.received_at)}　{yuan(deposit.amount)} 元",
        "acceptance": mask_free_text(record.acceptance),
        "original": record.get_original_display(),
        "deductions": [[str(one.charge), mask_free_text(one.charge.words), yuan(one.amount)] for one in rows],
        "deducted": yuan(sum(one.amount for one in rows)),
        "consent_sign": _signed(record) if rows and not record.paid_at else "",
    }


def till_close(record: TillClose, by: Any) -> dict[str, Any]:
    lines = {line.method: line for line in record.lines.all()}
    told = [
        [word, str(line.papers), yuan(line.system), yuan(line.counted), _signed_yuan(line.counted - line.system)]
        for method, word in Receipt.Method.choices
        if (line := lines.get(method)) is not None
    ]
    return {
        **_head(record),
        "collector": str(record.collector),
        "day": f"{record.day:%Y年%m月%d日}",
        "lines": told,
        "papers": str(record.receipts),
        "numbers": f"{record.first_no} 至 {record.last_no}" if record.first_no else "",
        "stood_in": _stood_in(record),
        "voids": record.voids or ("无" if record.handed_at else ""),
        "system": yuan(record.system),
        "counted": yuan(record.counted),
        "capitals": rmb_capitals(record.counted),
        "difference": _signed_yuan(record.difference),
        "why": mask_free_text(record.why),
        "slip": record.bank_slip,
        "handed_at": moments.stamp(record.handed_at),
        "received": str(record.received_by or ""),
        "received_at": moments.stamp(record.received_at),
        "read": str(record.read_by or ""),
        "read_at": moments.stamp(record.read_at),
        "read_note": mask_free_text(record.read_note),
    }


def _stood_in(record: TillClose) -> str:
    entry = record.journal.filter(step="count_for").last()
    return mask_free_text(entry.sentence) if entry else ""


def _signed_yuan(amount: int) -> str:
    return f"+{yuan(amount)}" if amount > 0 else yuan(amount) if amount else "—"
