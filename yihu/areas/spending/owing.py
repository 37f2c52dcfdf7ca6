"""What claims are in the books: owed when they are checked, paid when the cashier has paid, corrected by reversals alone."""

from __future__ import annotations

from typing import Any

from yihu.areas.spending.models import Claim, SpendCorrection
from yihu.basics.identity import mask_free_text
from yihu.ground.ledger import paying, posting
from yihu.ground.ledger.models import Payable
from yihu.ground.ledger.paying import Part
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused

Way = SpendCorrection.Way


def owed(act: Any) -> None:
    """The checked claim is a debt of ours, on the sub-account of its budget line."""
    claim = act.record
    line, words = claim.request.line, f"{claim.number} {mask_free_text(claim.what)}"
    with posting.books(act.command, claim.community_id) as books:
        part = Part(claim.due_fen, line.cost)
        claim.payable = paying.incur(books, [part], payee=claim.payee, words=words, record=claim)


def paid(act: Any) -> None:
    _pay(act, act.record, act.record)


def _pay(act: Any, claim: Claim, said: Any) -> None:
    """``said``: on which record stands how and when it was paid."""
    words = f"{claim.number} 付款"
    with posting.books(act.command, claim.community_id) as books:
        paying.pay(books, _debt(claim), method=said.method, day=said.paid_on, words=words)


def _debt(claim: Claim) -> Payable:
    if claim.payable is None:
        raise Refused(f"{claim.number} 还没有登记应付款，请财务主管退回，重新审核。")
    return claim.payable


def taken_back(act: Any) -> None:
    """A claim that is sent back after it was checked is owed no more."""
    claim = act.record
    if claim.payable is not None:
        with posting.books(act.command, claim.community_id) as books:
            paying.cancel(books, claim.payable, f"{claim.number} 退回")
        claim.payable = None


def why_not_back(claim: Any, by: Any) -> str:
    """What is in the books already is taken back by whoever may take back postings."""
    if claim.payable_id and not grants_of(by).may(posting.REVERSE, claim.community_id):
        return "这张报销单已经审核入账，只有财务主管能退回。"
    return ""


def agreed(act: Any) -> None:
    """The posting that was agreed to."""
    one = act.record
    claim = Claim.objects.select_related("payable", "request__line__cost").get(pk=one.paid_claim_id)
    why, debt = f"{one.number} {mask_free_text(one.why)}", _debt(claim)
    with posting.books(act.command, one.community_id) as books:
        if one.way == Way.LINE:
            paying.recode(books, debt, one.line.cost, why)
        elif one.way == Way.UNPAID:
            paying.unpay(books, debt, why)
        else:
            paying.cancel(books, debt, why)
    one.agreed_by = act.by
    act.command.note(claim, f"{act.by} 更正：{one.get_way_display()}（{one.number}）", step="corrected")
    act.tell([one.opened_by, claim.opened_by], f"{claim.number} {one.get_way_display()}，{one.number}。")
    if one.way == Way.UNPAID:
        act.start("D96")
        act.tell_post("cashier", f"{one.number} {claim.payee} 没有收到款，请重新付款。")


def paid_again(act: Any) -> None:
    _pay(act, Claim.objects.select_related("payable").get(pk=act.record.paid_claim_id), act.record)
