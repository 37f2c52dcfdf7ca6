"""Where a visitor of the demo pays: one page, one button, no money."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yihu.areas.cashier.banking.models import PayOrder
from yihu.basics.money import yuan
from yihu.demo import paying
from yihu.fronts.payer.papers import paper_numbered
from yihu.kernel.policy import policy


@require_http_methods(["GET", "POST"])
@policy(public=True)  # whoever got the signed address; there is nothing here outside a demo
def pay(request: HttpRequest, token: str) -> HttpResponse:
    order = paying.order_behind(token)
    if order is None:
        raise Http404
    if request.method == "POST":
        paying.paid(order)
        return redirect(_back(order) or request.path)
    context = {
        "title": "演示付款",
        "here": order.community.name,
        "order": order,
        "amount": yuan(order.amount),
        "waiting": order.state == PayOrder.State.WAITING,
        "back": _back(order),
        "community": None,
    }
    return render(request, "demo/pay.html", context)


def _back(order: PayOrder) -> str:
    """The payer's own page, where he began; the desk's orders have none."""
    paper = paper_numbered(order.bill, order.community) if order.bill else None
    return reverse("payer:order", args=[paper.token, order.number]) if paper is not None else ""
