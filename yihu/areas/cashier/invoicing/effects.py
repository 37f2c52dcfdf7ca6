"""What happens to an invoice, and to it when what it was for is taken back (scenario 27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yihu.areas.cashier.invoicing.allowed import out_of_date
from yihu.areas.cashier.invoicing.models import InvoiceLine, InvoiceRequest, TaxItem
from yihu.ground.ledger.models import Line, Receipt
from yihu.kernel.authority import authority, is_system
from yihu.kernel.errors import Conflict

ASK, ISSUE = "invoicing.ask", "invoicing.issue"


def asked(act: Any) -> None:
    _hold(act.record, act.data["parts"], timezone.localdate(act.at))
    people = authority().people_with(act.record.community_id, ISSUE)
    act.tell([one for one in people if one != act.by], f"{act.record.number} {act.record.summarise()[:60]}，请开票。")


def _hold(record: Any, lines: Sequence[Line], day: date) -> None:
    """Each payment is invoiced once, whoever asks at the same moment."""
    items = tax_items(record.community_id, day)
    rows = []
    for line in lines:
        tax = items.get(line.item_id or 0)
        told = {"tax_name": tax.name, "tax_code": tax.code, "tax_percent": tax.percent} if tax else {}
        rows.append(InvoiceLine(request=record, line=line, holds=line, amount=-line.amount, **told))
    try:
        with transaction.atomic():
            InvoiceLine.objects.bulk_create(rows)
    except IntegrityError:
        raise Conflict("其中有刚刚被别人申请过发票的，请刷新后再看。", []) from None


def tax_items(community_id: int, day: date) -> dict[int, TaxItem]:
    """By fee item: under what it is invoiced on that day."""
    rows = TaxItem.objects.filter(community_id=community_id, shown=True, from_on__lte=day).order_by("from_on", "pk")
    return {row.item_id: row for row in rows}


def changed_since(record: Any, by: Any) -> str:
    """The invoice says what the books say, at the moment when it is written."""
    if Receipt.objects.filter(pk=record.receipt_id, voided_by__isnull=False).exists():
        return "这张收据已经作废或冲销，不能开票。请不开这一张。"
    if out_of_date(request=record).exists():
        return "申请以后账上有变动：其中有的缴费已经冲销。请不开这一张，按新的金额重新申请。"
    return ""


def issued(act: Any) -> None:
    act.record.issued_at, act.record.issued_by = act.at, act.by
    asker = act.record.opened_by
    # what a payer asked for himself, by the page of his notice, is handed to him by those at the till
    people = authority().people_with(act.record.community_id, ASK) if is_system(asker) else [asker]
    act.tell(people, f"{act.record.number} 已开票 {act.record.invoice_no}，请交给客户。")


def never(record: Any, by: Any) -> str:
    return "不要开的，请财务按“不开”办理；已经开出的，请财务主管红冲。"


def released(act: Any) -> None:
    """Refused or red: its payments may be asked for again."""
    act.record.lines.update(holds=None)
    act.tell([one for one in [act.record.opened_by] if one != act.by], f"{act.record.number} {act.record.state_word}。")


def taken_back(commanding: Any, **of: Any) -> None:
    """Payments were reversed. What is only asked for lapses; what was written has to be taken back in red."""
    requests = InvoiceRequest.objects.filter(pk__in=out_of_date(**of).values("request"))
    for one in requests.select_related("receipt").order_by("pk"):
        if one.state == InvoiceRequest.State.ASKED:
            commanding.perform(one, "lapse", data={}, files={})
            continue
        people = authority().people_with(one.community_id, ISSUE)
        sentence = f"{one.number} 的收据 {one.receipt.number} 缴的费用已经冲销，发票 {one.invoice_no} 要开红字发票。"
        commanding.tell(people, sentence, community_id=one.community_id, record=one)
