"""What granting an application does: the posting, in the same command, by the hand of who grants it."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum

from yihu.areas.cashier.applying.limits import waive_limit
from yihu.areas.cashier.applying.models import BouncedPayment, Deduction, DepositReturn, RedLetter, Refund, Waiver
from yihu.areas.cashier.applying.voiding import why_not_void
from yihu.basics.money import yuan
from yihu.ground.ledger import carrying, charging, correcting, deposits, posting, receiving
from yihu.ground.ledger.models import Charge, Deposit, Receipt
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

W, V, P = Waiver.State, RedLetter.State, DepositReturn.State


def _opened(act: Any) -> Any:
    return posting.books(act.command, act.record.community_id)


def _approved(act: Any) -> None:
    act.record.approved_by, act.record.approved_at = act.by, act.at
    act.tell([act.record.opened_by], f"{act.record.number} 已批准：{act.record.summarise()[:80]}")


def attach_papers(act: Any) -> None:
    for name in ("evidence", "statement"):
        for upload in act.data.get(name) or ():
            act.attach(upload, Attachment.Purpose.PAPER)


def ask(post: str) -> Any:
    """Keep the evidence and tell who has to agree."""

    def opened(act: Any) -> None:
        attach_papers(act)
        to = "project_manager" if act.record.state == W.TO_AGREE else post
        act.tell_post(to, f"{act.record.number} {act.record.summarise()[:80]}，请审批。")

    return opened


# -- waivers --------------------------------------------------------------------------------------------------------
def _beyond_the_limit(act: Any) -> str:
    """What was let off of the same bill before counts: a large waiver in small pieces is a large one."""
    waiver = act.record
    before = (
        Waiver.objects.filter(charge_id=waiver.charge_id, state=W.DONE).aggregate(total=Sum("amount"))["total"] or 0
    )
    over = before + waiver.amount > waive_limit(waiver.community_id, act.at)
    return W.TO_AGREE if over else W.ASKED


WAIVER_OPENS = Branch(_beyond_the_limit, (W.TO_AGREE, W.ASKED))


def agreed(act: Any) -> None:
    act.record.agreed_by, act.record.agreed_at = act.by, act.at
    act.tell_post("finance_supervisor", f"{act.record.number} 项目经理已同意，请审批。")


def waived(act: Any) -> None:
    waiver = act.record
    why = f"{waiver.get_why_display()}，{waiver.number}"
    with _opened(act) as books:
        charging.waive(books, Charge.objects.get(pk=waiver.charge_id), waiver.amount, why, record=waiver)
    _approved(act)


# -- reversals ------------------------------------------------------------------------------------------------------
AFTER_RED = Branch(lambda act: V.TO_RIGHT if act.record.wants_a_right_one else V.DONE, (V.TO_RIGHT, V.DONE))


def reversed_(act: Any) -> None:
    reversal = act.record
    why = f"{reversal.get_why_display()}，{reversal.number}"
    with _opened(act) as books:
        if reversal.receipt_id is None:
            charging.reverse_charge(books, Charge.objects.select_related("item").get(pk=reversal.charge_id), why)
        else:
            receipt = Receipt.objects.get(pk=reversal.receipt_id)
            if reversal.way == RedLetter.Way.VOID and (sentence := why_not_void(receipt, None, act.at)):
                raise Refused(sentence)
            _out_of_the_bank(books, receipt, reversal)
            receiving.reverse_receipt(books, receipt, why)
    _approved(act)
    if reversal.state == V.TO_RIGHT:
        act.start("D88")
        said = f"{reversal.number} 收据 {reversal.receipt} 已红冲：请重开正确的收据并登记，没有登记不能结账。"
        act.tell([reversal.receipt.collector, reversal.opened_by], said)


def _out_of_the_bank(books: Any, receipt: Receipt, reversal: Any) -> None:
    """A cheque that was paid in has come back: the account has lost it again."""
    bounced = reversal.why == RedLetter.Why.BOUNCED and receipt.method == Receipt.Method.CHEQUE
    if bounced and receipt.closed_in_id and carrying.carried(receipt.closed_in):
        words = f"{receipt.number} 退票，{reversal.number}"
        carrying.came_back(books, receipt.method, receipt.amount, words=words, record=reversal)


# -- money that goes back -------------------------------------------------------------------------------------------
def refunded(act: Any) -> None:
    refund: Refund = act.record
    receipt = Receipt.objects.get(pk=refund.receipt_id)
    with _opened(act) as books:
        refund.voucher = receiving.refund(
            books, receipt, refund.amount, method=refund.method, why=refund.number, record=refund
        )
    _approved(act)
    act.tell_post("cashier", f"{refund.number} 已批准，请付款 {yuan(refund.amount)} 元。")


def deducted(act: Any) -> None:
    """The bills that the payer signed for; chosen anew, the earlier choice is gone."""
    back = act.record
    back.deductions.all().delete()
    chosen = list(act.data["charges"] or ())
    Deduction.objects.bulk_create([Deduction(of=back, charge=charge, amount=charge.open) for charge in chosen])
    if chosen and act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    for upload in act.data.get("consent") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    total = sum(charge.open for charge in chosen)
    back.amount = back.deposit.left - total
    words = f"付款人书面同意抵扣 {len(chosen)} 笔，共 {yuan(total)} 元" if chosen else "不扣款"
    act.command.note(back, words, step="consent")


AFTER_RETURN = Branch(lambda act: P.TO_PAY if _rest(act.record) else P.PAID, (P.TO_PAY, P.PAID))


def _rest(back: Any) -> int:
    return int(Deposit.objects.get(pk=back.deposit_id).left - back.deducted())


def returned(act: Any) -> None:
    back: DepositReturn = act.record
    with _opened(act) as books:
        if not Deposit.objects.filter(pk=back.deposit_id, left__gt=0).exists():
            raise Refused("这笔押金已经没有结存（收据可能已经红冲），没有可退的，请不批准这张申请。")
        # what came back from the bank was deducted the first time already
        for one in () if back.bounced_on else back.deductions.select_related("charge__item").order_by("pk"):
            consent = f"{back.number} 付款人签字同意"
            deposits.deduct(books, Deposit.objects.get(pk=back.deposit_id), one.charge, one.amount, consent=consent)
        deposit = Deposit.objects.get(pk=back.deposit_id)
        if (back.state == P.TO_PAY) != bool(deposit.left):
            raise Refused("这笔押金刚刚有变动，请刷新后再看。")
        back.amount = deposit.left
        if deposit.left:
            back.voucher = deposits.give_back(
                books, deposit, deposit.left, method=back.method, why=back.number, record=back
            )
    _approved(act)
    if back.amount:
        act.tell_post("cashier", f"{back.number} 已批准，请付款 {yuan(back.amount)} 元。")


def paid(act: Any) -> None:
    act.record.paid_by, act.record.paid_at = act.by, act.at
    if act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)


def failed(act: Any) -> None:
    if act.record.voucher is None:
        raise Refused(f"{act.record.number} 没有入账的付款，没有什么可以撤销，请刷新后再看。")
    with _opened(act) as books:
        correcting.never_left(books, act.record.voucher, act.record.failure)
    act.tell([act.record.opened_by], f"{act.record.number} 未付出，已撤销：{act.record.failure[:60]}")


def bounced(act: Any) -> None:
    """The bank sent the money back after it was paid: it is the payer's in our hands again, and the application begins anew
    with another account, another agreement and another payment. What was agreed and paid before stands in the journal."""
    back = act.record
    if back.voucher is None:
        raise Refused(f"{back.number} 没有入账的付款，没有什么可以退回，请刷新后再看。")
    for upload in act.data.get("slip") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    with _opened(act) as books:
        correcting.never_left(books, back.voucher, f"银行退回 {back.bounced_reference}：{back.bounced_why}")
    BouncedPayment.objects.create(
        of_id=back.pk, voucher=back.voucher, amount=back.amount, account_name=back.account_name, bank=back.bank,
        account_no=back.account_no, approved_by=back.approved_by, paid_by=back.paid_by, paid_at=back.paid_at,
        paid_reference=back.paid_reference, bounced_on=back.bounced_on, bounced_reference=back.bounced_reference,
        bounced_why=back.bounced_why,
    )  # fmt: skip
    was = f"原付款 {back.paid_reference}，{back.paid_by} 经手，{back.approved_by} 批准"
    act.command.note(back, f"银行退回 {yuan(back.amount)} 元，{was}", step="money_back")
    back.voucher = back.paid_by = back.paid_at = back.approved_by = back.approved_at = None
    back.paid_reference = ""
    act.tell([back.opened_by], f"{back.number} 的退款被银行退回：{back.bounced_why[:60]}。请核对账户，改正后重新报批。")


def account_amended(act: Any) -> None:
    for upload in act.data.get("proof") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    look = "户名与收据不同，请核对证明后审批。" if act.record.name_why else "请重新审批。"
    act.tell_post("finance_supervisor", f"{act.record.number} 已改正收款账户，{look}")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 未获批准：{act.record.refusal[:80]}")


def posted(record: Any, by: Any) -> str:
    """What has been posted is taken back by a posting, not by withdrawing its paper."""
    if record.approved_at is not None:
        return "这张申请已经批准入账，不能撤回；付不出去的，请财务主管按“未付出，撤销”办理。"
    return ""
