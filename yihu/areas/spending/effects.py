"""What the steps of budgets, requests and claims do beyond changing state."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.utils import timezone

from yihu.areas.spending import figures, owing
from yihu.areas.spending.models import Budget, BudgetRow, Claim, SpendRequest
from yihu.basics.money import share, yuan
from yihu.kernel.models import Attachment, Link
from yihu.kernel.procedure import Branch

B, C, R = Budget.State, Claim.State, SpendRequest.State


# -- budgets ---------------------------------------------------------------------------------------------------------
def drafted(act: Any) -> None:
    """The year spread evenly, odd 分 to the first months. A line whose year stays as it was keeps its months."""
    budget = act.record
    kept: dict[int, int] = {}
    for line, amount in budget.rows.values_list("line", "amount"):
        kept[line] = kept.get(line, 0) + amount
    for line, amount in act.data["amounts"].items():
        if line.pk in kept and kept[line.pk] == amount:
            continue
        budget.rows.filter(line=line).delete()
        BudgetRow.objects.bulk_create(
            [
                BudgetRow(budget=budget, line=line, month=at, amount=part)
                for at, part in enumerate(share(amount, [1] * 12), 1)
            ]
        )
    act.tell_post("project_manager", f"{budget.number} {budget.summarise()}，请审批。")


def adjusted(act: Any) -> None:
    told = act.data
    BudgetRow.objects.update_or_create(
        budget=act.record, line=told["line"], month=told["month"], defaults={"amount": told["amount"]}
    )
    words = f"{act.by} 把 {told['line']} {told['month']} 月改为 {yuan(told['amount'])} 元"
    act.command.note(act.record, words, step="adjusted")


def budget_approved(act: Any) -> None:
    """One budget holds for a year; the earlier one stays to be read."""
    budget = act.record
    budget.approved_by, budget.approved_at = act.by, act.at
    before = Budget.objects.filter(
        community_id=budget.community_id, year=budget.year, state=B.IN_FORCE, closed_as=""
    ).exclude(pk=budget.pk)
    for old in before.order_by("pk"):
        act.perform(old, "replace")
    act.tell([budget.opened_by], f"{budget.number} {budget.summarise()} 已批准，开始执行。")


def told_back(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} {act.record.summarise()[:60]}：{act.record.opinion[:80]}")


# -- requests --------------------------------------------------------------------------------------------------------
def asked(act: Any) -> None:
    request = act.record
    _keep(act, "quote")
    if request.order is not None:
        act.command.link(request.order, request, Link.Why.SEE)
    act.tell_post("project_manager", f"{request.number} {request.summarise()[:80]}，请审批。")


def approved(act: Any) -> None:
    """Whoever keeps the budget is told when the month's share is reached (FEE-15)."""
    request = act.record
    request.approved_by, request.approved_at = act.by, act.at
    act.tell([request.opened_by], f"{request.number} 已批准，可以办理。办完凭发票报销。")
    first, _ = figures.month_of(request.needed_on)
    sentence = figures.warning(figures.row_of(request, act.at), first)  # it is among what is agreed to by now
    for post in figures.KEEPERS if sentence else ():
        act.tell_post(post, sentence)


# -- claims ----------------------------------------------------------------------------------------------------------
def why_back(claim: Claim) -> str:
    """Why a claim cannot be taken: nothing was asked, not yet agreed to, spent before that, or more than was agreed to."""
    request = SpendRequest.objects.select_for_update().filter(pk=claim.request_id).first()
    if request is None:
        return "没有经过批准的支出申请。支出要先申请、批准，再发生；请补办申请并说明情况。"
    if request.state != R.APPROVED or request.approved_at is None:
        return f"支出申请 {request.number} 是“{request.state_word}”，还不能报销。"
    agreed = timezone.localdate(request.approved_at)
    if claim.spent_on < agreed:
        return f"{claim.spent_on:%Y-%m-%d} 支出，早于申请批准的 {agreed:%Y-%m-%d}：支出要先批准再发生。"
    standing = Claim.objects.filter(state__in=(C.TO_AUDIT, C.TO_REVIEW, C.TO_PAY, C.PAID), closed_as="").exclude(
        pk=claim.pk
    )
    standing = standing.filter(payable__voided_by__isnull=True)  # what was taken back whole is not spent
    used = standing.filter(request=request).aggregate(total=Sum(figures.DUE))["total"] or 0
    if used + claim.amount_fen > request.amount_fen:
        return f"批准 {yuan(request.amount_fen)} 元，已报 {yuan(used)} 元，这次再报就超出了；请先申请追加。"
    elsewhere = standing.filter(community_id=claim.community_id, invoice_no=claim.invoice_no).exclude(request=request)
    if claim.invoice_no and (one := elsewhere.order_by("pk").first()) is not None:
        return (
            f"发票 {claim.invoice_no} 在 {one.number} 已经报过，一张发票只报一次；"
            "一张发票分到几项申请的，发票号后面写明是第几部分。"
        )
    return ""


def _where(act: Any) -> str:
    claim = act.record
    claim.why_back = why_back(claim)
    if claim.why_back:
        return C.RETURNED
    return C.TO_AUDIT if claim.audited else C.TO_REVIEW


WHERE = Branch(_where, (C.RETURNED, C.TO_AUDIT, C.TO_REVIEW))


def claimed(act: Any) -> None:
    claim = act.record
    _keep(act, "invoice")
    claim.audited_fen, claim.audit_words, claim.audited_by = None, "", None
    if claim.state == C.RETURNED:
        act.stop("D95")
        act.command.note(claim, f"退回：{claim.why_back}", step="sent_back")
        act.tell([claim.opened_by], f"{claim.number} 退回：{claim.why_back}")
        return
    act.start("D95")
    for origin in filter(None, (claim.request, claim.request.order)):
        act.command.link(origin, claim, Link.Why.SEE)
    post = "cost_auditor" if claim.state == C.TO_AUDIT else "finance_supervisor"
    act.tell_post(post, f"{claim.number} {claim.summarise()[:80]}，请审核。")


def audited(act: Any) -> None:
    act.record.audited_by = act.by
    act.tell_post("finance_supervisor", f"{act.record.number} {act.record.summarise()[:80]}，成本已审核，请审核付款。")


def audit_first(act: Any) -> None:
    """The finance office sees that it is a repair, whatever was ticked (FEE-16)."""
    act.record.repair = True
    act.start("D95")
    act.tell_post("cost_auditor", f"{act.record.number} {act.record.summarise()[:80]}，请审核。")


def reviewed(act: Any) -> None:
    act.record.reviewed_by = act.by
    owing.owed(act)
    act.tell_post("cashier", f"{act.record.number} {act.record.payee} {yuan(act.record.due_fen)} 元，请付款。")


def sent_back(act: Any) -> None:
    """What was audited is audited anew: the next amount may be another."""
    owing.taken_back(act)
    act.record.audited_fen, act.record.audit_words, act.record.audited_by = None, "", None
    act.tell([act.record.opened_by], f"{act.record.number} 退回：{act.record.why_back[:80]}")


def paid(act: Any) -> None:
    claim = act.record
    claim.paid_by = act.by
    owing.paid(act)
    if claim.last and claim.request.state == R.APPROVED:
        act.perform(SpendRequest.objects.get(pk=claim.request_id), "finish")
    act.tell([claim.opened_by], f"{claim.number} 已付 {yuan(claim.due_fen)} 元。")


def audited_already(claim: Any, by: Any) -> str:
    return "成本已经审核过。" if claim.audited_by_id else ""


def nothing_to_pay(claim: Any, by: Any) -> str:
    return "审定金额是零，没有可付的；请退回。" if not claim.due_fen else ""


def held(record: Any, by: Any) -> str:
    if getattr(record, "payable_id", None):
        return "已经审核入账，不能撤回；不付的请财务主管退回。"
    if getattr(record, "agreed_by_id", None):
        return "已经批准入账，不能撤回。"
    done = getattr(record, "paid_on", None) or getattr(record, "approved_at", None)
    return "已经批准或付款，不能撤回。" if done else ""


# -- corrections -----------------------------------------------------------------------------------------------------
def asked_to_correct(act: Any) -> None:
    act.command.link(act.record.paid_claim, act.record, Link.Why.SEE)
    act.tell_post("finance_supervisor", f"{act.record.number} {act.record.summarise()[:80]}，请审批。")


def _keep(act: Any, name: str) -> None:
    for upload in act.data.get(name) or ():
        act.attach(upload, Attachment.Purpose.PAPER)
