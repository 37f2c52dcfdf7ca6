"""The paper as it stands now; the order that pays it, and its receipts."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.billing.notices.printing import line_words
from yihu.areas.cashier.banking import counting
from yihu.areas.cashier.banking.channels import connected, label_of, scannable
from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.banking.payers import met
from yihu.areas.cashier.printing import PAYER_RECEIPT
from yihu.basics.money import yuan
from yihu.fronts.payer import knocking
from yihu.fronts.payer.bills import closes_at, due_of, lines_of, only_his, papers_of, receipts_of, used_of
from yihu.fronts.payer.late_fees import LateFees, choice_of, order_fees_to
from yihu.fronts.payer.pages.shared import frame, of_bill
from yihu.fronts.payer.papers import Paper
from yihu.fronts.payer.questions import asked_of
from yihu.ground.ledger.accruing import Accrual
from yihu.ground.ledger.pay_days import pay_day
from yihu.kernel import rates
from yihu.kernel.authority import authority
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue
from yihu.kernel.prints.plain import qr_picture

STILL_PAYING = timedelta(hours=2)


@require_GET
@policy(public=True)  # a payer has no account here: the long token on his own paper is what lets him in
@of_bill
def bill(request: HttpRequest, paper: Paper) -> HttpResponse:
    """What is asked, how each sum came about, what of it is open today, and what he may do about it."""
    return shown(request, paper)


def shown(request: HttpRequest, paper: Paper, refusal: str = "", status: int = 200) -> HttpResponse:
    void, due = paper.void, due_of(paper)
    late_fees = LateFees.of(paper, due)
    lines, choices = _lines(paper, late_fees, request.POST), late_fees.choices()
    settled = not void and not due.open
    papers = [] if void else papers_of(paper)
    context = {
        **frame(paper),
        "title": paper.title,
        "void": void,
        "settled": settled,
        "lines": [] if void else lines,
        "due": yuan(due.due),
        "due_fen": due.due,
        "favour": yuan(due.favour) if due.favour else "",
        "credit": yuan(due.credit) if due.credit else "",
        "open": yuan(due.open),
        "asked": yuan(paper.asked),
        "late": not settled and timezone.localdate() > paper.pay_by,
        "channels": [] if void or settled else connected(),
        "several": len(choices) > 1,
        "late_fee": yuan(late_fees.sum) if late_fees.sum and not void else "",
        "grows": late_fees.grows,
        "waiting": [] if void else _waiting(paper),
        "papers": papers,
        "may_invoice": any(paper["may_ask"] for paper in papers),
        "questions": asked_of(paper),
        "ends": timezone.localtime(closes_at(paper)),
        "now": timezone.localtime(),
        "refusal": refusal,
        "stood": late_fees.stood,
        "part": request.POST.get("part", "")[:15],
        "key": uuid.uuid4().hex,
    }
    return render(request, "payer/bill.html", context, status=status)


def _lines(paper: Paper, late_fees: LateFees, told: Any) -> list[dict[str, Any]]:
    """Each bill with what being late has cost: what is posted, then what is not yet; the last of that has the box for all."""
    ticked = {(name, pk) for name in ("line", "late") for pk in told.getlist(name)}
    boxes = {
        (name, pk): {**choice_of(name, pk, amount), "ticked": (name, str(pk)) in ticked}
        for name, pk, amount in late_fees.choices()
    }
    found: list[dict[str, Any]] = []
    for line in lines_of(paper):
        charge = line.charge
        of = charge.principal_id if charge.principal_id in late_fees.bills else None
        place = str(charge.unit or "") if paper.several else ""
        found.append({**_line(line, charge), "place": place, "of": of, "choice": boxes.get(("line", charge.pk))})
        if fee := late_fees.accrued.get(charge.pk):
            found.append({**_late(fee), "of": charge.pk})
    for row in reversed(found):
        if row["of"] is not None:
            row["choice"] = boxes.pop(("late", row["of"]), None)
    return found


def _late(fee: Accrual) -> dict[str, Any]:
    due_on = pay_day(fee.principal)
    return {
        "item": "违约金",
        "span": f"{fee.principal.title}，{due_on:%Y-%m-%d} 应缴，计到今天",
        "words": fee.words,
        "amount": yuan(fee.amount),
        "left": yuan(fee.amount),
    }


def _line(line: Any, charge: Any) -> dict[str, Any]:
    words, price = line_words(charge)
    if price.partition(" ")[0] in words:  # the sum names it already
        price = ""
    return {
        "item": charge.title,
        "span": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}"
        + (f"，{line.day:%Y-%m-%d} 应缴" if line.day else ""),
        "words": words,
        "price": price,
        "amount": yuan(line.amount + line.used),
        "used": yuan(line.used) if line.used else "",
        "left": yuan(charge.open) if charge.open > 0 else "",
        "part_paid": 0 < charge.open < line.amount + line.used,
        "taken_back": charge.reversal_id is not None,
        "paid": charge.open == 0 and charge.reversal_id is None,
        "prior": line.prior,
    }


def _waiting(paper: Paper) -> list[dict[str, Any]]:
    """What somebody began to pay a moment ago."""
    rows = PayOrder.objects.filter(
        bill=paper.number, community=paper.community, state=PayOrder.State.WAITING,
        made_at__gt=timezone.now() - STILL_PAYING,
    ).exclude(pay_url="").order_by("-pk")[:3]  # fmt: skip
    return [{"order": one, "amount": yuan(one.amount), "label": label_of(one.channel)} for one in rows]


@csrf_exempt
@require_http_methods(["GET", "POST"])
@policy(public=True)  # as above
@of_bill
def order(request: HttpRequest, paper: Paper, number: str) -> HttpResponse:
    """Where he pays; afterwards the channel is asked, for its call-back may be late."""
    found = PayOrder.objects.filter(bill=paper.number, community=paper.community, number=number).first()
    if found is None:
        raise Http404
    said = ""
    if request.method == "POST" and found.state == PayOrder.State.WAITING:
        rates.hold(knocking.ASKED, paper.whose)
        said = counting.ask(found, by=authority().system())
        found.refresh_from_db()
    context = {
        **frame(paper),
        "title": "线上付款",
        "order": found,
        "label": label_of(found.channel),
        "amount": yuan(found.amount),
        "credit": yuan(found.credit) if found.credit else "",
        "fees_to": order_fees_to(found),
        "met": _met(found, paper) if found.state == PayOrder.State.WAITING else [],
        "today": timezone.localdate(),
        "qr": qr_picture(scannable(found.pay_url)) if found.state == PayOrder.State.WAITING else "",
        "not_yet": bool(said) and found.state == PayOrder.State.WAITING,
    }
    return render(request, "payer/order.html", context)


def _met(order: PayOrder, paper: Paper) -> list[dict[str, str]]:
    """What the money of a part goes to, in the order of the law, before he pays it."""
    return [
        {
            "what": f"{f'{charge.unit} ' if paper.several and charge.unit_id else ''}{charge.title}",
            "span": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}",
            "amount": yuan(amount),
            "left": yuan(charge.open - amount) if amount < charge.open else "",
        }
        for charge, amount in met(order, timezone.localdate())
    ]


@require_GET
@policy(public=True)  # as above
@of_bill
def receipt(request: HttpRequest, paper: Paper, number: str) -> HttpResponse:
    """The receipt as PDF: names hidden but for their beginning, and only where it tells of this paper alone."""
    row = next((one for one in receipts_of(paper) if one.number == number), None)
    if row is None or paper.void or not only_his(row, paper, used_of(paper)[row.pk]):
        raise Http404
    rates.hold(knocking.SHEETS, paper.whose)
    of = {"community": row.community, "unit": row.unit, "party": row.party}
    pdf = issue(PAYER_RECEIPT, row, by=authority().system(), now=timezone.now(), number=row.number, marked=False, **of)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response
