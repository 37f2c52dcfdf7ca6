"""What a receipt says: what its money did at once, which is on paper for ever, and what it has done since."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from yihu.ground.ledger.models import Account, Charge, Line, Receipt, Voucher
from yihu.kernel.moments import stamp

Kind = Voucher.Kind
USES = (Kind.ALLOCATE, Kind.DEPOSIT)
RULES = {
    "law": "按法定顺序",
    "instruction": "按客户指定",
    "purpose": "自动抵缴，定了用途",
    "agreed": "自动抵缴，付款人同意",
}


def vouchers_of(receipt: Receipt) -> list[Voucher]:
    touched = Line.objects.filter(receipt=receipt).values("voucher")
    return list(Voucher.objects.filter(pk__in=touched).select_related("by", "reverses").order_by("pk"))


def uses(receipt: Receipt, *, at_once: bool = False) -> list[dict[str, Any]]:
    """For what the money was used, line by line. ``at_once``: by the command that took it; else what holds today."""
    used = Q(voucher__kind__in=USES, account__in=(Account.RECEIVABLE, Account.DEPOSIT))
    if at_once:  # later it is a part of what is left, until it has met its charges
        used |= Q(voucher__kind=Kind.EARMARK, account=Account.CREDIT)
    rows = Line.objects.filter(used, receipt=receipt, voucher__reverses__isnull=True, amount__lt=0)
    rows = rows.select_related("voucher", "charge__item", "charge__unit", "deposit__item", "unit", "item").order_by(
        "pk"
    )
    if at_once:
        first = Voucher.objects.filter(kind=Kind.RECEIPT, lines__receipt=receipt, reverses__isnull=True).first()
        begun = first.key.rpartition(":")[0] + ":" if first else "-"
        rows = rows.filter(voucher__key__startswith=begun)
    else:
        rows = rows.filter(voucher__reversed_by__isnull=True)
    return [_use(line) for line in rows]


def _use(line: Line) -> dict[str, Any]:
    charge: Charge | None = line.charge
    kept = line.deposit.item.name if line.deposit else f"预收{line.item}"
    held = "押金，按约定退还" if line.deposit else "只抵以后的这一项"
    return {
        "what": charge.title if charge else kept,
        "unit": str(line.unit or ""),
        "period": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}" if charge else held,
        "fen": -line.amount,
        "left_fen": charge.open if charge else 0,
        "rule": RULES.get(line.voucher.rule, ""),
        "when": stamp(line.voucher.at),
        "key": line.voucher.key.rpartition(":")[0],
    }


def on_account(receipt: Receipt, lines: list[dict[str, Any]]) -> int:
    return receipt.amount - sum(line["fen"] for line in lines)


def in_words(voucher: Voucher, reversed_pks: set[int]) -> dict[str, Any]:
    if voucher.reverses_id:
        state = "冲销"
    else:
        state = "已冲销" if voucher.pk in reversed_pks else ""
    return {
        "pk": voucher.pk,
        "day": f"{voucher.day:%Y-%m-%d}",
        "kind": voucher.get_kind_display(),
        "words": voucher.words,
        "by": str(voucher.by),
        "state": state,
    }
