"""Both ledgers side by side: what the supplier bills for some days, and what was collected for him for the same days."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from yihu.areas.billing.meters.history import usages
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.ground.ledger.models import Account, Charge, Line, Voucher

Kind = Voucher.Kind
APPLIED = (Kind.ALLOCATE, Kind.DEDUCT)


@dataclass(frozen=True)
class Both:
    """In 分. ``charged`` by the households' own meters, ``shared`` as common use; both of them ``received`` or ``arrears``."""

    billed: int
    own: int
    charged: int
    shared: int
    received: int
    waived: int
    arrears: int

    @property
    def loss(self) -> int:
        """What the supplier bills and nobody is charged for; below nothing, more was charged than he bills."""
        return self.billed - self.own - self.charged - self.shared

    @property
    def over(self) -> int:
        return max(0, -self.loss)

    def told(self) -> dict[str, int]:
        return asdict(self)


def charges_of(supplier: Supplier, first: date, last: date) -> Any:
    """The bills of households whose service ended within these days; each belongs to one bill of the supplier."""
    rows = Charge.objects.filter(community_id=supplier.community_id, item__in=supplier.items, reversal__isnull=True)
    return rows.filter(to_on__gte=first, to_on__lte=last)


def both(bill: SupplierBill) -> Both:
    """As it was settled, else as it stands now."""
    if bill.told:
        return Both(**bill.told)
    return now(bill.supplier, *bill.span, billed=bill.amount_fen, own=bill.own_fen)


def now(supplier: Supplier, first: date, last: date, *, billed: int, own: int) -> Both:
    rows = charges_of(supplier, first, last)
    shared = Q(item=supplier.shared_item_id) if supplier.shared_item_id else Q(pk__isnull=True)
    sums = rows.aggregate(
        charged=Sum("amount", filter=~shared, default=0), shared=Sum("amount", filter=shared, default=0), arrears=Sum("open", default=0)
    )  # fmt: skip
    lines = Line.objects.filter(account=Account.RECEIVABLE, charge__in=rows)
    received = -int(lines.filter(voucher__kind__in=APPLIED).aggregate(total=Sum("amount", default=0))["total"])
    waived = sums["charged"] + sums["shared"] - received - sums["arrears"]
    return Both(billed, own, sums["charged"], sums["shared"], received, waived, sums["arrears"])


def own_reading(bill: SupplierBill) -> Any:
    """What our own reading of the master meter says of the month: previous, current, multiplier; None without one."""
    if bill.supplier.meter_id is None:
        return None
    use = usages([bill.supplier.meter_id], Month.of(bill.month)).get(bill.supplier.meter_id)
    if use is None or not use.complete or use.pending or len(use.parts) != 1:
        return None
    return use.parts[0]


def rows_of(one: Both) -> list[dict[str, str]]:
    """The comparison as it is shown and printed: word, amount, what it is. Without a bill yet, only what was collected."""
    if not one.billed:
        return [{**row, "label": row["label"].removeprefix("减：")} for row in _collected(one)]
    loss = "损耗和其它差额" if one.loss >= 0 else "多收"
    words = "总表与各户之间的差" if one.loss >= 0 else "出账多于账单，要写明原因和怎么退"
    by_meter, shared, *settled = _collected(one)
    return [
        {"label": "供应单位账单", "amount": yuan(one.billed), "words": "应付给供应单位的"},
        {"label": "减：不向业户收的", "amount": yuan(one.own), "words": "办公自用等，记在支出科目"},
        by_meter,
        shared,
        {"label": loss, "amount": yuan(abs(one.loss)), "words": words},
        *settled,
    ]


def _collected(one: Both) -> list[dict[str, str]]:
    return [
        {"label": "减：各户按表出账", "amount": yuan(one.charged), "words": "同一期间各户的代收账单"},
        {"label": "减：公摊出账", "amount": yuan(one.shared), "words": "公共用量按公示分摊的"},
        {"label": "其中已收", "amount": yuan(one.received), "words": "业户已经缴的"},
        {"label": "减免、对冲", "amount": yuan(one.waived), "words": ""},
        {"label": "欠缴", "amount": yuan(one.arrears), "words": "出了账还没有缴的"},
    ]
