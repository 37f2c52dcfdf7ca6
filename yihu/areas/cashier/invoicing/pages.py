"""未开票的缴费: what was paid and met, of services and common income, and no invoice holds; and 开票税目."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier.invoicing.allowed import INVOICED, taxed
from yihu.areas.cashier.invoicing.models import TaxItem
from yihu.areas.cashier.invoicing.offers import address
from yihu.areas.cashier.pages.desk import searching
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.basics.text import without_unseen
from yihu.ground.ledger.models import FeeItem, Receipt, Voucher
from yihu.ground.ledger.posting import BOOKS, SEE
from yihu.kernel.authority import grants_of
from yihu.kernel.plain_pages import PlainRegister, RowForm
from yihu.kernel.policy import policy

MOST = 300
DAY = {"type": "date"}
HEADS = ("收据号", "付款人", "房屋", "未开票（元）", "其中后来抵缴", "笔数", "最近缴费")
NOTE = "按收据列出已经缴到费用、还没有申请发票的：收款当时缴的，和预收、押金后来抵缴的；预收的租金收款当天就列出。押金、代收代付和没用掉的其他预收不开票。"


class FilterForm(forms.Form):
    q = searching("收据号、付款人、房号")
    since = forms.DateField(label="缴费自", required=False, widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs=DAY))
    only = forms.ChoiceField(label="哪些", required=False, choices=[("", "全部"), ("later", "后来抵缴的")])


@require_GET
@policy(may=SEE)
def waiting(request: HttpRequest) -> HttpResponse:
    """Of this month, where nothing else is asked; a number or a name is looked for in all days."""
    form = FilterForm(request.GET or None)
    told = form.cleaned_data if form.is_valid() else {}
    month = timezone.localdate().replace(day=1)
    found = list(_grouped(request.community, told, None if request.GET else month))  # type: ignore[attr-defined]
    receipts = Receipt.objects.select_related("unit", "party").in_bulk([one["paper"] for one in found])
    asks = grants_of(request.user).may("invoicing.ask", request.community.pk)  # type: ignore[attr-defined]
    context = {
        "title": "未开票的缴费",
        "note": NOTE,
        "screen": {"title": "未开票的缴费"},
        "filters": form if request.GET else FilterForm(initial={"since": month}),
        "columns": [{"label": head, "numeric": 2 < place < 6} for place, head in enumerate(HEADS)],
        "rows": [_row(one, receipts[one["paper"]], asks) for one in found],
        "sum": yuan(-sum(one["total"] for one in found)),
        "later": yuan(-late) if (late := sum(one["late"] for one in found)) else "",
        "total_text": f"共 {len(found)} 张收据" if len(found) < MOST else f"只列出最近的 {MOST} 张，请再筛选",
        "empty_text": "没有未开票的缴费。",
    }
    return render(request, "invoicing/waiting.html", context)


def _grouped(community: Any, told: dict[str, Any], month: Any) -> Any:
    """By receipt; a deposit's by the receipt that brought it."""
    kinds = (Voucher.Kind.ALLOCATE, Voucher.Kind.DEDUCT, Voucher.Kind.EARMARK)
    rows = taxed(Q(community=community, voucher__kind__in=kinds)).filter(invoiced__isnull=True)
    rows = rows.annotate(paper=Coalesce("receipt", "deposit__receipt"))
    if since := told.get("since") or month:
        rows = rows.filter(day__gte=since)
    if until := told.get("until"):
        rows = rows.filter(day__lte=until)
    if text := without_unseen(told.get("q") or "").strip():
        named = Q(number__icontains=text) | Q(payer_name__icontains=text) | Q(party__name__icontains=text)
        wanted = Receipt.objects.filter(named | Q(unit__label__icontains=text), community=community)
        rows = rows.filter(Q(receipt__in=wanted) | Q(deposit__receipt__in=wanted))
    late = Q(receipt__isnull=True) | Q(day__gt=TruncDate(F("receipt__received_at")))
    if told.get("only") == "later":
        rows = rows.filter(late)
    sums = rows.order_by().values("paper").annotate(
        total=Sum("amount"), late=Sum("amount", filter=late, default=0), count=Count("pk"), last=Max("day")
    )  # fmt: skip
    return sums.order_by("-last", "-paper")[:MOST]


def _row(one: dict[str, Any], receipt: Receipt, asks: bool) -> dict[str, Any]:
    return {
        "url": address(receipt.pk) if asks else reverse("cashier:receipt", args=[receipt.number]),
        "cells": [
            {"name": "number", "kind": "number", "text": receipt.number},
            {"name": "summary", "kind": "text", "text": mask_free_text(receipt.payer_name)},
            {"name": "unit", "kind": "text", "text": str(receipt.unit or "")},
            {"name": "amount", "kind": "text", "text": yuan(-one["total"]), "numeric": True},
            {"name": "late", "kind": "text", "text": yuan(-one["late"]) if one["late"] else "", "numeric": True},
            {"name": "count", "kind": "text", "text": str(one["count"]), "numeric": True},
            {"name": "when", "kind": "time", "text": f"{one['last']:%Y-%m-%d}"},
        ],
    }


class TaxForm(RowForm):
    class Meta:
        model = TaxItem
        fields = ["item", "from_on", "name", "code", "percent", "shown"]
        widgets = {"from_on": forms.DateInput(attrs=DAY)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = FeeItem.objects.filter(community_id=self.instance.community_id, nature__in=INVOICED)
        self.fields["item"].queryset = items.order_by("pk")  # type: ignore[attr-defined]
        self.initial.setdefault("from_on", timezone.localdate().replace(day=1))

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).replace(" ", "")
        if not (code.isascii() and code.isdigit() and len(code) == 19):
            raise forms.ValidationError("税收分类编码是 19 位数字，请照税务系统里的填。")
        return code


TAX_ITEMS = PlainRegister(
    model=TaxItem, name="tax-items", title="开票税目", form=TaxForm, read=SEE, edit=BOOKS, namespace="invoicing",
    heads=("收费项目", "自何日起", "开票名称", "税收分类编码", "税率"),
    cells=lambda row: [f"{row.from_on:%Y-%m-%d}", row.name, row.code, f"{row.percent.normalize():f}%"],
    empty="还没有登记。登记了，发票申请单上会写明名称、编码和税额。",
    help="申请那天有效的税目记在申请单上，以后改了税率不影响已经申请的。税率、编码由财务定。", word="税目", order=("item", "-from_on", "pk"),
)  # fmt: skip
