"""The bill behind a long address: what is open now, what was paid with which receipt, how long it may be looked at."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from yihu.areas.billing.notices.models import Notice
from yihu.areas.billing.notices.printing import fetched
from yihu.areas.cashier.banking.payers import Ask, Due, sum_of
from yihu.areas.cashier.invoicing.allowed import allowed, why_not
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account, Line, Receipt, Voucher

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,40}")
OPENS_FOR = timedelta(days=400)  # an unpaid one; an old paper that somebody finds opens nothing
AFTER_PAYING = timedelta(days=60)  # time to fetch the receipt and ask for the invoice
AFTER_RECALL = timedelta(days=30)


def bill_of(token: str, now: datetime) -> Notice | None:
    """The notice whose address it is, while the address lives: printed, not too long ago, not long settled or recalled."""
    if not TOKEN.fullmatch(token):
        return None
    rows = fetched(Notice.objects.filter(token=token, batch__printed_at__gte=now - OPENS_FOR))
    notice: Notice | None = rows.first()
    return notice if notice is not None and now < closes_at(notice) else None


def closes_at(notice: Notice) -> datetime:
    """When the address ends."""
    printed: datetime = notice.batch.printed_at  # type: ignore[assignment]
    ends = printed + OPENS_FOR
    if notice.recalled_at is not None:
        return min(ends, notice.recalled_at + AFTER_RECALL)
    if notice.open_fen <= 0 and (settled := _settled_at(notice)) is not None:
        return min(ends, max(settled, printed) + AFTER_PAYING)
    return ends


def _settled_at(notice: Notice) -> datetime | None:
    lines = Line.objects.filter(charge__in=_charges(notice), account=Account.RECEIVABLE, amount__lt=0)
    found: datetime | None = lines.aggregate(last=Max("voucher__at"))["last"]
    return found


def _charges(notice: Notice) -> list[int]:
    return [line.charge_id for line in notice.all_lines]


def ask_of(notice: Notice, chosen: tuple[int, ...] = ()) -> Ask:
    return Ask(
        community=notice.batch.community, party=notice.party, unit=notice.unit, bill=notice.number,
        charges=tuple(_charges(notice)), chosen=chosen,
    )  # fmt: skip


def due_of(notice: Notice) -> Due:
    return sum_of(ask_of(notice))


def receipts_of(notice: Notice) -> list[Receipt]:
    """The receipts whose money stands on its lines today."""
    used = Line.objects.filter(
        charge__in=_charges(notice), account=Account.RECEIVABLE, amount__lt=0, receipt__isnull=False,
        voucher__kind=Voucher.Kind.ALLOCATE, voucher__reverses__isnull=True, voucher__reversed_by__isnull=True,
    )  # fmt: skip
    rows = Receipt.objects.filter(pk__in=used.values("receipt"), voided_by__isnull=True)
    return list(rows.select_related("community", "party", "unit", "collector").order_by("received_at", "pk"))


def only_his(receipt: Receipt, notice: Notice) -> bool:
    """Whether a receipt tells of nothing but this payer and this unit: only then whoever has the paper may read it."""
    others = Line.objects.filter(receipt=receipt, unit__isnull=False).exclude(unit=notice.unit)
    elses = Line.objects.filter(receipt=receipt, party__isnull=False).exclude(party=notice.party)
    return not others.exists() and not elses.exists()


def papers_of(notice: Notice) -> list[dict[str, Any]]:
    """Each receipt with what may be had of it: the sheet, an invoice, or how its invoices stand."""
    receipts = receipts_of(notice)
    asked: dict[int, list[str]] = {}
    standing = InvoiceRequest.objects.filter(receipt__in=receipts, state__in=InvoiceRequest.STANDING)
    for one in standing.order_by("pk"):
        asked.setdefault(one.receipt_id, []).append(f"{one.state_word} {yuan(one.amount_fen)}")
    return [_paper(receipt, notice, asked.get(receipt.pk, [])) for receipt in receipts]


def _paper(receipt: Receipt, notice: Notice, asked: list[str]) -> dict[str, Any]:
    """What its money met later (a prepayment) may be invoiced later: asked for again, never twice."""
    his = only_his(receipt, notice)
    may_ask = his and not why_not(receipt)
    return {
        "receipt": receipt,
        "amount": yuan(receipt.amount),
        "when": timezone.localtime(receipt.received_at),
        "his": his,
        "invoice": "、".join(asked) if his else "",
        "may_ask": may_ask,
        "to_invoice": yuan(allowed(receipt).amount) if may_ask else "",
    }
