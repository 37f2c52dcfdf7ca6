"""收费, beside a signed order and its bill: 未开单, 已开单, 未收, 已收 with its receipt, 已冲销 (REP-05, REP-08)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from yihu.areas.billing.handing.forms import ORDERS
from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.areas.billing.handing.spot import paid_now
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account, Charge, Receipt
from yihu.ground.ledger.posting import COLLECT, SEE
from yihu.kernel.authority import grants_of

S, Way = ServiceBill.State, ServiceBill.Way
BILL = "handing.servicebill"


def panels(record: Any, person: Any) -> list[dict[str, Any]]:
    """Nothing where nothing is to be paid. What the customer pays stands on the order; whose receipt it is, too."""
    if record.kind in ORDERS and record.signed_at is not None and record.due_fen > 0:
        lines = _lines(record)
    elif record.kind == BILL and record.way != Way.MONTH:
        lines = list(record.lines.select_related("bill", "charge", "taken_back_by"))  # its own number stands above
    else:
        return []
    grants = grants_of(person)
    sees, collects = grants.may(SEE, record.community_id), grants.may(COLLECT, record.community_id)
    rows = [_row(line, sees, collects) for line in lines]
    if not rows and record.kind != BILL:
        rows = [_not_yet(record)]
    return [{"title": "收费", "template": "handing/_money.html", "rows": rows}] if rows else []


def _lines(order: Any) -> list[ServiceBillLine]:
    """The order's own, and what a reversal put in its place."""
    mine = Q(record_id=order.pk) | Q(bill__takes_back__record_id=order.pk)
    rows = ServiceBillLine.objects.filter(mine).select_related("bill", "charge", "taken_back_by")
    return list(rows.order_by("pk"))


def _not_yet(order: Any) -> dict[str, Any]:
    amount = order.to_pay_fen
    if not amount:
        return {"word": "不收", "css": "state-void", "amount": yuan(0), "words": "已冲正"}
    if paid_now(order):
        return {"word": "未收", "css": "state-wait", "amount": yuan(amount), "words": "即付，正在开单"}
    return {
        "word": "未开单",
        "css": "state-wait",
        "amount": yuan(amount),
        "words": "月结，20 日起汇总送财务，进下一期账单",
    }


def _row(line: ServiceBillLine, sees: bool, collects: bool) -> dict[str, Any]:
    bill, charge = line.bill, line.charge
    row: dict[str, Any] = {
        "amount": yuan(line.amount_fen), "bill": bill.number, "bill_url": bill.get_absolute_url() if sees else "",
    }  # fmt: skip
    if charge is None:
        if bill.state == S.REFUSED:
            return {**row, "word": "不收", "css": "state-void", "words": bill.refusal}
        waits = "等会计出账" if bill.way == Way.SPOT else "财务已收清单，等会计出账"
        return {**row, "word": "未收", "css": "state-wait", "words": waits}
    if charge.reversal_id is not None:
        return {**row, "word": "已冲销", "css": "state-void", "words": "已付的钱在付款人的预收里", "receipts": []}
    receipts = _receipts(charge, sees)
    if charge.open == 0:
        return {
            **row,
            "word": "已收",
            "css": "state-done",
            "words": "" if receipts else "已减免或对冲",
            "receipts": receipts,
        }
    pay = {"unit": charge.unit_id or "", "party": charge.party_id, "charge": charge.pk}
    return {
        **row,
        "word": "已收一部分" if charge.open != charge.amount else "未收" if bill.way != Way.MONTH else "已开单，未收",
        "css": "state-busy",
        "words": f"{'' if charge.open == charge.amount else f'还差 {yuan(charge.open)} 元，'}{charge.due_on:%Y-%m-%d} 前缴",
        "receipts": receipts,
        "back": "冲正已批准，等财务主管冲销" if getattr(line, "taken_back_by", None) else "",
        "pay_url": f"{reverse('cashier:desk')}?{urlencode(pay)}" if collects and charge.open > 0 else "",
    }


def _receipts(charge: Charge, sees: bool) -> list[dict[str, str]]:
    """Whose money still holds for it."""
    paid = Receipt.objects.filter(
        lines__charge=charge, lines__account=Account.RECEIVABLE, lines__voucher__reverses__isnull=True,
        lines__voucher__reversed_by__isnull=True,
    )  # fmt: skip
    numbers = paid.order_by("pk").values_list("number", flat=True).distinct()
    return [{"number": one, "url": reverse("cashier:receipt", args=[one]) if sees else ""} for one in numbers]
