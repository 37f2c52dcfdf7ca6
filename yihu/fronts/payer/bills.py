"""The bill behind a long address: what is open now, what was paid with which receipt, how long it may be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Sum
from django.utils import timezone

from yihu.areas.cashier.banking.payers import Ask, Due, fees_of, sum_of
from yihu.areas.cashier.invoicing.allowed import allowed, why_not
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.basics.money import yuan
from yihu.fronts.payer.papers import OPENS_FOR, Paper, PaperLine, paper_of
from yihu.ground.ledger.models import Account, Line, Receipt, Voucher

AFTER_PAYING = timedelta(days=60)  # time to fetch the receipt and ask for the invoice
AFTER_RECALL = timedelta(days=30)


def bill_of(token: str, now: datetime) -> Paper | None:
    """The paper whose address it is, while the address lives: printed, not too long ago, not long settled or recalled."""
    paper = paper_of(token, now)
    return paper if paper is not None and now < closes_at(paper) else None


def closes_at(paper: Paper) -> datetime:
    """When the address ends."""
    ends = paper.out_at + OPENS_FOR
    if paper.void_at is not None:
        return min(ends, paper.void_at + AFTER_RECALL)
    if open_of(paper) <= 0 and (settled := _settled_at(paper)) is not None:
        return min(ends, max(settled, paper.out_at) + AFTER_PAYING)
    return ends


def _settled_at(paper: Paper) -> datetime | None:
    lines = Line.objects.filter(charge__in=_charges(paper), account=Account.RECEIVABLE, amount__lt=0)
    found: datetime | None = lines.aggregate(last=Max("voucher__at"))["last"]
    return found


def lines_of(paper: Paper) -> list[PaperLine]:
    """What was asked, and under each bill what being late with it has cost since and stands in the books: paid here as well."""
    since: dict[int, list[PaperLine]] = {}
    fees = fees_of([line.charge_id for line in paper.lines], paper.party)
    for fee in fees.select_related("item", "unit").order_by("pk"):
        since.setdefault(fee.principal_id, []).append(PaperLine(fee, fee.amount))
    return [one for line in paper.lines for one in (line, *since.get(line.charge_id, []))]


def open_of(paper: Paper) -> int:
    return sum(line.charge.open for line in lines_of(paper))


def _charges(paper: Paper) -> list[int]:
    return [line.charge_id for line in lines_of(paper)]


def ask_of(paper: Paper, chosen: Iterable[int] = (), late: Iterable[int] = (), part: int = 0) -> Ask:
    return Ask(
        community=paper.community, party=paper.party, unit=paper.unit, bill=paper.number, charges=tuple(_charges(paper)),
        chosen=tuple(chosen), late=tuple(late), part=part, own_money=paper.own_money,
    )  # fmt: skip


def due_of(paper: Paper) -> Due:
    return sum_of(ask_of(paper))


def _used(paper: Paper) -> Any:
    return Line.objects.filter(
        charge__in=_charges(paper), account=Account.RECEIVABLE, amount__lt=0, receipt__isnull=False,
        voucher__kind=Voucher.Kind.ALLOCATE, voucher__reverses__isnull=True, voucher__reversed_by__isnull=True,
    )  # fmt: skip


def receipts_of(paper: Paper) -> list[Receipt]:
    """The receipts whose money stands on its lines today."""
    rows = Receipt.objects.filter(pk__in=_used(paper).values("receipt"), voided_by__isnull=True)
    return list(rows.select_related("community", "party", "unit", "collector").order_by("received_at", "pk"))


def used_of(paper: Paper) -> dict[int, int]:
    """By receipt: what of its money the paper's own bills were paid with, in 分. More of it is nobody's business here."""
    sums = _used(paper).order_by().values_list("receipt").annotate(total=Sum("amount"))
    return {pk: -total for pk, total in sums}


def only_his(receipt: Receipt, paper: Paper, used: int) -> bool:
    """Whether a receipt tells of nothing but this paper's bills, and never did: only then whoever has the paper may read it."""
    elses = Line.objects.filter(receipt=receipt, charge__isnull=False).exclude(charge__in=_charges(paper))
    return used == receipt.amount and receipt.party_id == paper.party.pk and not elses.exists()


def papers_of(paper: Paper) -> list[dict[str, Any]]:
    """Each receipt with what may be had of it: the sheet, an invoice, or how its invoices stand."""
    receipts, used = receipts_of(paper), used_of(paper)
    asked: dict[int, list[str]] = {}
    standing = InvoiceRequest.objects.filter(receipt__in=receipts, state__in=InvoiceRequest.STANDING)
    for one in standing.order_by("pk"):
        asked.setdefault(one.receipt_id, []).append(f"{one.state_word} {yuan(one.amount_fen)}")
    return [_paper(receipt, paper, used[receipt.pk], asked.get(receipt.pk, [])) for receipt in receipts]


def _paper(receipt: Receipt, paper: Paper, used: int, asked: list[str]) -> dict[str, Any]:
    """What it paid here; the sheet and an invoice only where that is all that it ever did."""
    his = only_his(receipt, paper, used)
    may_ask = his and not why_not(receipt)
    return {
        "receipt": receipt,
        "amount": yuan(used),
        "when": timezone.localtime(receipt.received_at),
        "his": his,
        "invoice": "、".join(asked) if his else "",
        "may_ask": may_ask,
        "to_invoice": yuan(allowed(receipt).amount) if may_ask else "",
    }
