"""What happens to an invoice, and to it when its receipt is taken back (scenario 27)."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.invoicing.allowed import allowed, why_not
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Receipt
from yihu.kernel.authority import authority, is_system

ASK, ISSUE = "invoicing.ask", "invoicing.issue"


def asked(act: Any) -> None:
    people = authority().people_with(act.record.community_id, ISSUE)
    act.tell([one for one in people if one != act.by], f"{act.record.number} {act.record.summarise()[:60]}，请开票。")


def changed_since(record: Any, by: Any) -> str:
    """The invoice says what the books say, at the moment when it is written."""
    receipt = Receipt.objects.get(pk=record.receipt_id)
    if sentence := why_not(receipt):
        return sentence
    found = allowed(receipt)
    if found.amount != record.amount_fen:
        return f"申请以后账上有变动，现在可开 {yuan(found.amount)} 元。请不开这一张，按新的金额重新申请。"
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
    """Refused or red: another one may be asked for on the receipt."""
    act.record.holds = None
    act.tell([one for one in [act.record.opened_by] if one != act.by], f"{act.record.number} {act.record.state_word}。")


def receipt_taken_back(receipt: Any, commanding: Any) -> None:
    """What is only asked for lapses; what was written has to be taken back in red."""
    one = InvoiceRequest.objects.filter(holds=receipt).first()
    if one is None or why_not(receipt) == "":
        return
    if one.state == InvoiceRequest.State.ASKED:
        commanding.perform(one, "lapse", data={}, files={})
        return
    people = authority().people_with(one.community_id, ISSUE)
    sentence = f"{one.number} 的收据 {receipt.number} 已经冲销，发票 {one.invoice_no} 要开红字发票。"
    commanding.tell(people, sentence, community_id=one.community_id, record=one)
