"""收费日报: the receipts that a daily close adds up, by way of paying (F87); what was taken back meanwhile counts against it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier.applying.counting import till_of
from yihu.areas.cashier.applying.models import TillClose
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Receipt
from yihu.kernel.moments import stamp
from yihu.kernel.policy import policy

EVERY = "all"


@require_GET
@policy(may="applying.see")
def receipts(request: HttpRequest, number: str, method: str) -> HttpResponse:
    """Their sum is what the close calls 账上, of one way of paying or of all."""
    words = {EVERY: "各种方式", **{str(code): str(word) for code, word in Receipt.Method.choices}}
    close = TillClose.objects.seen_by(request.user).filter(number=number).select_related("collector").first()
    if close is None or method not in words:
        raise Http404
    till = till_of(close.community_id, close.collector, close)
    rows = [
        _row(one, one.amount, timezone.localtime(one.received_at), "")
        for one in till.valid if method in (EVERY, one.method)
    ] + [
        _row(one.receipt, -one.amount, one.approved_at, f"红冲 {one.number}")
        for one in till.reds if one.receipt and method in (EVERY, one.receipt.method)
    ]  # fmt: skip
    context = {
        "title": f"{close.number} 的收据：{words[method]}",
        "sub": f"{close.collector} {close.day:%Y-%m-%d}　{len(rows)} 笔",
        "scope": f"{close.collector} {close.day:%Y-%m-%d}",
        "rows": rows,
        "total": yuan(sum(row["fen"] for row in rows)),
        "back_url": close.get_absolute_url(),
        "back_word": close.number,
    }
    return render(request, "applying/till_receipts.html", context)


def _row(receipt: Any, amount: int, at: Any, words: str) -> dict[str, Any]:
    return {
        "number": receipt.number, "url": reverse("cashier:receipt", args=[receipt.number]), "at": stamp(at), "words": words,
        "payer": mask_free_text(receipt.payer_name), "method": receipt.get_method_display(), "fen": amount, "amount": yuan(amount),
    }  # fmt: skip
