"""抵缴单: what of a payer's money in our hands went to which bills without anybody's click, and what was left of it then.

It is drawn from the lines of the books, which nobody changes, so it says the same whenever it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from yihu.basics.money import yuan
from yihu.ground.ledger.ahead import AHEAD
from yihu.ground.ledger.models import Account, Line, Receipt, Voucher
from yihu.ground.ledger.ordering import AGREED, PURPOSE

WHY = {PURPOSE: "定了用途的预收", AGREED: "付款人同意抵缴"}


@dataclass(frozen=True)
class Use:
    """What one receipt's money did in one go: the ``place``-th of this receipt."""

    receipt: Receipt
    place: int
    lines: list[Line]

    @property
    def first(self) -> Voucher:
        found: Voucher = self.lines[0].voucher
        return found

    @property
    def number(self) -> str:
        return f"{self.receipt.number}-D{self.place:02d}"

    @property
    def amount(self) -> int:
        return -sum(line.amount for line in self.lines)

    @property
    def taken_back(self) -> int:
        """How much of it was taken back since, with its bills or with the receipt."""
        return -sum(line.amount for line in self.lines if hasattr(line.voucher, "reversed_by"))

    @property
    def why(self) -> str:
        return "、".join(dict.fromkeys(WHY[line.voucher.rule] for line in self.lines))

    @property
    def bills(self) -> str:
        return "、".join(dict.fromkeys(line.charge.title for line in self.lines if line.charge))


def uses_of(receipts: Iterable[int]) -> list[Use]:
    """All uses of these receipts, each receipt's in the order in which they happened; the same questions for any number."""
    rows = _settling().filter(receipt__in=list(receipts)).order_by("receipt", "pk")
    kept: dict[tuple[int | None, str], list[Line]] = {}
    for line in rows.select_related(
        "voucher__by", "voucher__reversed_by", "charge__item", "charge__unit", "receipt__party", "receipt__unit"
    ):
        kept.setdefault((line.receipt_id, line.voucher.key.rpartition(":")[0]), []).append(line)
    places: dict[int | None, int] = {}
    found = []
    for (pk, _), lines in kept.items():
        places[pk] = places.get(pk, 0) + 1
        assert lines[0].receipt is not None
        found.append(Use(lines[0].receipt, places[pk], lines))
    return found


def _settling() -> QuerySet[Line]:
    return Line.objects.filter(
        account=Account.RECEIVABLE, amount__lt=0, voucher__rule__in=AHEAD, voucher__reverses__isnull=True
    )


def use_of(voucher: Voucher) -> Use | None:
    """The one that begins with this voucher."""
    pk = _settling().filter(voucher=voucher).values_list("receipt", flat=True).first()
    return next((one for one in uses_of([pk]) if one.first.pk == voucher.pk), None) if pk is not None else None


def left_then(use: Use) -> tuple[int, int]:
    """What was left of the receipt when it was done, and what of that serves one item only; in 分."""
    last = Line.objects.filter(voucher=use.lines[-1].voucher).latest("pk").pk
    rows = Line.objects.filter(receipt=use.receipt, account=Account.CREDIT, pk__lte=last).values_list("amount", "item")
    amounts = list(rows)
    return -sum(amount for amount, _ in amounts), -sum(amount for amount, item in amounts if item is not None)


def bills_of(use: Use) -> list[dict[str, Any]]:
    """Bill by bill: what it came to, what of it was used for it, what was still to be paid then."""
    of: dict[int | None, list[Line]] = {}
    for line in use.lines:
        of.setdefault(line.charge_id, []).append(line)
    return [_bill(lines) for lines in of.values()]


def _bill(lines: list[Line]) -> dict[str, Any]:
    charge: Any = lines[0].charge
    until = Line.objects.filter(charge=charge, account=Account.RECEIVABLE, pk__lte=lines[-1].pk)
    return {
        "what": charge.title,
        "unit": str(charge.unit or ""),
        "period": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}",
        "due": f"{charge.due_on:%Y-%m-%d}",
        "amount": yuan(charge.amount),
        "used": yuan(-sum(line.amount for line in lines)),
        "left": yuan(sum(until.values_list("amount", flat=True))),
        "state": "已冲回" if all(hasattr(line.voucher, "reversed_by") for line in lines) else "",
    }
