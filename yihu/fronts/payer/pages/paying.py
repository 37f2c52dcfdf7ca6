"""Paying a paper through a channel: all of it, some of its bills, or a part of either."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yihu.areas.cashier.banking.channels import connected
from yihu.areas.cashier.banking.payers import CHANGED, Ask, order_of_payer, sum_of
from yihu.basics.money import MoneyError, fen, yuan
from yihu.fronts.payer.bills import ask_of, due_of
from yihu.fronts.payer.late_fees import LateFees
from yihu.fronts.payer.pages.bill import shown
from yihu.fronts.payer.pages.shared import key_for, no_longer, of_bill
from yihu.fronts.payer.papers import Paper
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.policy import policy

LEAST = 100  # 分: less than a yuan is paid only where no more is open


@csrf_exempt
@require_POST
@policy(public=True)  # a payer has no account here: the long token on his own paper is what lets him in
@of_bill
def pay(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The sum is reckoned here; what the form says of it only tells whether he saw the same."""
    no_longer(paper)
    told = request.POST
    channel = told.get("some") or told.get("channel", "")
    if channel not in dict(connected()):
        raise Refused("现在不能在线上付款，请按通知单上的其他方式缴费。")
    try:
        ask, seen = _named(request, paper) if "some" in told else (ask_of(paper), _number(told.get("seen", "")))
        key = key_for(request, paper, "pay", channel, ask.chosen, ask.late, ask.part, seen)
        order = order_of_payer(ask, channel, seen, key=key)
    except MoneyError as wrong:
        return shown(request, paper, str(wrong), 422)
    except Conflict as conflict:
        return shown(request, paper, conflict.sentence, conflict.status)
    return redirect("payer:order", token=paper.token, number=order.number)


def _named(request: HttpRequest, paper: Paper) -> tuple[Ask, int]:
    """What he ticked, or all where he ticked nothing and said how much; and what of it he pays."""
    chosen, late = (_rows(request, name) for name in ("line", "late"))
    typed = request.POST.get("part", "").strip()
    if not (chosen or late or typed):
        raise MoneyError("请勾选要付的项目，或者写明付多少元，再点付款。")
    due = due_of(paper)
    found, whole = LateFees.of(paper, due), not (chosen or late)
    most = due.due if whole else sum_of(ask_of(paper, chosen, late)).due
    if request.POST.get("stood") != found.stood:
        raise Conflict(CHANGED)
    part = _part(typed, most) if typed else most
    if part == most:
        return ask_of(paper, chosen, late), most
    if whole:
        chosen = tuple(sorted(pk for name, pk, _ in found.choices() if name == "line"))
        late = tuple(sorted(found.late))
        most = sum_of(ask_of(paper, chosen, late)).due
    return ask_of(paper, chosen, late, part), most


def _part(typed: str, most: int) -> int:
    part = fen(typed[:30])
    if part > most:
        raise MoneyError(f"最多付 {yuan(most)} 元，不用多付，请改小。")
    if part < min(LEAST, most):
        raise MoneyError(f"最少付 {yuan(min(LEAST, most))} 元。")
    return part


def _rows(request: HttpRequest, name: str) -> tuple[int, ...]:
    return tuple(sorted({number for text in request.POST.getlist(name)[:200] if (number := _number(text)) >= 0}))


def _number(text: str) -> int:
    """-1 for what is no number of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else -1
