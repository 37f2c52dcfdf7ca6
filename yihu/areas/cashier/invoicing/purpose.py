"""预收定用途: what is left of a receipt (from the bank, from online, from the till) is rent paid in advance, or is not after all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yihu.areas.cashier.invoicing.effects import taken_back
from yihu.areas.cashier.invoicing.offers import address
from yihu.basics.money import yuan
from yihu.ground.ledger import earmarking
from yihu.ground.ledger.models import FeeItem, Receipt
from yihu.ground.ledger.posting import COLLECT, books
from yihu.kernel.authority import authority, grants_of
from yihu.kernel.doors import command
from yihu.kernel.money_forms import MoneyField
from yihu.kernel.one_form import saving
from yihu.kernel.plain import require
from yihu.kernel.policy import policy

GENERAL = ""
HELP = "租金收款当天就要开票，所以预收的租金单独记：只抵这一项，抵缴时不再开票。改回一般预收的，已经申请的发票作罢，已经开出的由财务红冲。"


class PurposeForm(forms.Form):
    """For which rent, or 一般预收 again; how much of it."""

    item = forms.ChoiceField(label="用途", required=False, widget=forms.RadioSelect)
    amount = MoneyField(label="金额（元）")

    def __init__(self, data: Any = None, *, receipt: Receipt) -> None:
        rents = FeeItem.objects.filter(community_id=receipt.community_id, lease=True, shown=True).order_by("pk")
        choices = [(str(one.pk), f"预收{one}") for one in rents] if receipt.free else []
        if receipt.bound:
            choices.append((GENERAL, f"改回一般预收（现在定为{receipt.bound_to} {yuan(receipt.bound)} 元）"))
        first = {"item": choices[0][0] if choices else GENERAL, "amount": yuan(receipt.free or receipt.bound)}
        super().__init__(data, initial=first)
        field: Any = self.fields["item"]
        field.choices = choices
        for one in self.fields.values():
            one.starred, one.when = False, ""  # type: ignore[attr-defined]


def set_purpose(receipt: Receipt, item: FeeItem | None, amount: int, *, by: Any, key: str | None = None) -> None:
    """Without an item it serves whatever its payer owes again; 系统 sees to an invoice of it that is out of date."""
    require(by, COLLECT, receipt.community_id, "您不能给预收定用途，请找收费员。")
    body = [receipt.pk, item and item.pk, amount]
    with command(by=by, key=key, body=body, verb="invoicing.purpose") as commanding:
        if not commanding.replayed:
            with books(commanding, receipt.community_id) as opened:
                if item is not None:
                    earmarking.earmark(opened, receipt, item, amount)
                else:
                    earmarking.release(opened, receipt, amount, "改回一般预收")
    with command(
        by=authority().system(), key=key and f"{key}.invoices", body=body, verb="invoicing.stale"
    ) as commanding:
        if not commanding.replayed:
            taken_back(commanding, request__receipt=receipt.pk)


@require_http_methods(["GET", "POST"])
@policy(may=COLLECT)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """From here on to the invoice at once, where this person may ask for it."""
    community = request.community  # type: ignore[attr-defined]
    rows = Receipt.objects.select_related("bound_to")
    receipt = get_object_or_404(rows, number=number, community=community, party__isnull=False)
    back = reverse("cashier:receipt", args=[receipt.number])
    form = PurposeForm(request.POST or None, receipt=receipt)
    chosen = request.POST.get("item", GENERAL)
    asks = bool(chosen) and grants_of(request.user).may("invoicing.ask", community.pk)

    def save(key: str) -> None:
        told = form.cleaned_data
        item = FeeItem.objects.get(pk=told["item"], community=community) if told["item"] else None
        set_purpose(receipt, item, told["amount"], by=request.user, key=key)

    return saving(
        request, form, save, template="invoicing/purpose.html", title=f"{receipt.number} 预收定用途", done="已保存。",
        leave_url=address(receipt.pk) if asks else back,
        context={"receipt": receipt, "left": yuan(receipt.left), "help": HELP, "back_url": back},
    )  # fmt: skip
