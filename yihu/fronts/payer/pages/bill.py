"""The bill as it stands now; and paying it through a channel, all of it or some of its lines."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.areas.billing.notices.models import Notice
from yihu.areas.billing.notices.printing import line_words
from yihu.areas.cashier.banking import counting
from yihu.areas.cashier.banking.channels import connected, label_of, scannable
from yihu.areas.cashier.banking.models import PayOrder
from yihu.areas.cashier.banking.payers import CHANGED, order_of_payer, sum_of
from yihu.areas.cashier.printing import PAYER_RECEIPT
from yihu.basics.money import yuan
from yihu.fronts.payer import knocking
from yihu.fronts.payer.bills import ask_of, closes_at, due_of, only_his, papers_of, receipts_of
from yihu.fronts.payer.pages.shared import frame, key_for, no_longer, of_bill
from yihu.fronts.payer.questions import asked_of
from yihu.kernel import rates
from yihu.kernel.authority import authority
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.policy import policy
from yihu.kernel.prints import issue
from yihu.kernel.prints.plain import qr_picture

STILL_PAYING = timedelta(hours=2)


@require_GET
@policy(public=True)  # a payer has no account here: the long token on his own paper is what lets him in
@of_bill
def bill(request: HttpRequest, notice: Notice) -> HttpResponse:
    """What is asked, how each sum came about, what of it is open today, and what he may do about it."""
    return shown(request, notice)


def shown(request: HttpRequest, notice: Notice, refusal: str = "", status: int = 200) -> HttpResponse:
    void, due, lines = notice.recalled_at is not None, due_of(notice), _lines(notice)
    settled = not void and not due.open
    papers = [] if void else papers_of(notice)
    context = {
        **frame(notice),
        "title": "缴费通知单",
        "void": void,
        "settled": settled,
        "lines": [] if void else lines,
        "due": yuan(due.due),
        "due_fen": due.due,
        "favour": yuan(due.favour) if due.favour else "",
        "credit": yuan(due.credit) if due.credit else "",
        "open": yuan(due.open),
        "asked": yuan(notice.due_fen),
        "late": not settled and timezone.localdate() > notice.pay_by,
        "channels": [] if void or settled else connected(),
        "several": sum(1 for line in lines if line["left"]) > 1,
        "waiting": [] if void else _waiting(notice),
        "papers": papers,
        "may_invoice": any(paper["may_ask"] for paper in papers),
        "questions": asked_of(notice),
        "ends": timezone.localtime(closes_at(notice)),
        "now": timezone.localtime(),
        "refusal": refusal,
        "stood": _stood(notice),
        "key": uuid.uuid4().hex,
    }
    return render(request, "payer/bill.html", context, status=status)


def _lines(notice: Notice) -> list[dict[str, Any]]:
    return [_line(line, line.charge) for line in notice.all_lines]


def _line(line: Any, charge: Any) -> dict[str, Any]:
    words, price = line_words(charge)
    if price.partition(" ")[0] in words:  # the sum names it already
        price = ""
    return {
        "pk": charge.pk,
        "item": charge.title,
        "span": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}",
        "words": words,
        "price": price,
        "amount": yuan(line.amount),
        "left": yuan(charge.open) if charge.open > 0 else "",
        "part_paid": 0 < charge.open < line.amount,
        "taken_back": charge.reversal_id is not None,
        "paid": charge.open == 0 and charge.reversal_id is None,
        "prior": line.prior,
    }


def _waiting(notice: Notice) -> list[dict[str, Any]]:
    """What somebody began to pay a moment ago."""
    rows = PayOrder.objects.filter(
        bill=notice.number, community=notice.batch.community, state=PayOrder.State.WAITING,
        made_at__gt=timezone.now() - STILL_PAYING,
    ).exclude(pay_url="").order_by("-pk")[:3]  # fmt: skip
    return [{"order": one, "amount": yuan(one.amount), "label": label_of(one.channel)} for one in rows]


@csrf_exempt
@require_POST
@policy(public=True)  # as above
@of_bill
def pay(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The sum is reckoned here; what the form says of it only tells whether he saw the same."""
    no_longer(notice)
    told = request.POST
    chosen = tuple(sorted({int(pk) for pk in told.getlist("line")[:200] if _number(pk)})) if "some" in told else ()
    if "some" in told and not chosen:
        return shown(request, notice, "请勾选要付的项目，再点付款。", 422)
    channel = told.get("some") or told.get("channel", "")
    if channel not in dict(connected()):
        raise Refused("现在不能在线上付款，请按通知单上的其他方式缴费。")
    try:
        ask = ask_of(notice, chosen)
        seen = sum_of(ask).due if chosen else int(told["seen"]) if _number(told.get("seen", "")) else -1
        if chosen and told.get("stood") != _stood(notice):
            raise Conflict(CHANGED)
        order = order_of_payer(ask, channel, seen, key=key_for(request, notice, "pay"))
    except Conflict as conflict:
        return shown(request, notice, conflict.sentence, conflict.status)
    return redirect("payer:order", token=notice.token, number=order.number)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 13


def _stood(notice: Notice) -> str:
    """The open sums of all lines, as the form carries them: chosen lines are paid as they stood on the screen."""
    return "-".join(str(line.charge.open) for line in notice.all_lines)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@policy(public=True)  # as above
@of_bill
def order(request: HttpRequest, notice: Notice, number: str) -> HttpResponse:
    """Where he pays; afterwards the channel is asked, for its call-back may be late."""
    found = PayOrder.objects.filter(bill=notice.number, community=notice.batch.community, number=number).first()
    if found is None:
        raise Http404
    said = ""
    if request.method == "POST" and found.state == PayOrder.State.WAITING:
        rates.hold(knocking.ASKED, str(notice.pk))
        said = counting.ask(found, by=authority().system())
        found.refresh_from_db()
    context = {
        **frame(notice),
        "title": "线上付款",
        "order": found,
        "label": label_of(found.channel),
        "amount": yuan(found.amount),
        "credit": yuan(found.credit) if found.credit else "",
        "qr": qr_picture(scannable(found.pay_url)) if found.state == PayOrder.State.WAITING else "",
        "not_yet": bool(said) and found.state == PayOrder.State.WAITING,
    }
    return render(request, "payer/order.html", context)


@require_GET
@policy(public=True)  # as above
@of_bill
def receipt(request: HttpRequest, notice: Notice, number: str) -> HttpResponse:
    """The receipt as PDF: names hidden but for their beginning, and only where it tells of this unit alone."""
    row = next((one for one in receipts_of(notice) if one.number == number), None)
    if row is None or notice.recalled_at is not None or not only_his(row, notice):
        raise Http404
    rates.hold(knocking.SHEETS, str(notice.pk))
    of = {"community": row.community, "unit": row.unit, "party": row.party}
    pdf = issue(PAYER_RECEIPT, row, by=authority().system(), now=timezone.now(), number=row.number, marked=False, **of)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return response
