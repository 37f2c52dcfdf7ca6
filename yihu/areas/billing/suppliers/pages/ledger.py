"""两本账对照: a supplier's bills of a year beside what was collected for him; on paper too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill
from yihu.areas.billing.suppliers.printing import YEAR
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Account, Line
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet

SEE = "suppliers.see"
MONEY = ("billed", "paid", "open", "own", "charged", "shared", "loss", "received", "arrears")


class AskForm(forms.Form):
    supplier = forms.ModelChoiceField(Supplier.objects.none(), label="供应单位", required=False, empty_label=None)
    year = forms.TypedChoiceField(label="年度", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any, community: Any, today: Any) -> None:
        super().__init__(data)
        self.fields["supplier"].queryset = Supplier.objects.filter(community=community).order_by("-shown", "kind", "pk")  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, f"{year} 年") for year in range(today.year, today.year - 10, -1)]  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[AskForm, Supplier | None, int]:
    today = timezone.localdate()
    community: Any = request.community  # type: ignore[attr-defined]
    first = Supplier.objects.filter(community=community).order_by("-shown", "kind", "pk").first()
    usual = {"supplier": str(first.pk) if first else "", "year": str(today.year)}
    form = AskForm({**usual, **{name: value for name, value in request.GET.items() if value}}, community, today)
    form.is_valid()
    told = form.cleaned_data  # what was asked for rightly stands, whatever was not
    return form, told.get("supplier") or first, told.get("year") or today.year


def _rows(supplier: Supplier, year: int) -> list[dict[str, Any]]:
    bills = SupplierBill.objects.filter(supplier=supplier, month__year=year, live=True)
    found = []
    for bill in bills.select_related("supplier", "payable").order_by("month"):
        one = comparing.both(bill)
        posted = bill.payable is not None
        left = bill.payable.left if bill.payable is not None else 0
        found.append(
            {"bill": bill, **one.told(), "loss": one.loss, "open": left, "paid": one.billed - left if posted else 0}
        )
    return found


def _cells(row: dict[str, Any]) -> dict[str, str]:
    return {name: yuan(row[name]) for name in MONEY}


def _sums(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {name: yuan(sum(row[name] for row in rows)) for name in MONEY}


def _balance(supplier: Supplier) -> int:
    """What stands on the account of what is passed through, for his items: collected (billed) beyond what he billed."""
    rows = Line.objects.filter(
        community_id=supplier.community_id, account=Account.PASS_THROUGH, item__in=supplier.items
    )
    return -int(rows.aggregate(total=Sum("amount"))["total"] or 0)


@require_GET
@policy(may=SEE)
def page(request: HttpRequest) -> HttpResponse:
    form, supplier, year = _asked(request)
    rows = _rows(supplier, year) if supplier else []
    context = {
        "title": "两本账对照",
        "form": form,
        "supplier": supplier,
        "rows": [
            {**_cells(row), "month": row["bill"].month_word, "number": row["bill"].number, "state": row["bill"].state_word,
             "url": row["bill"].get_absolute_url(), "over": row["loss"] < 0, "why": row["bill"].why_different}
            for row in rows
        ],
        "sums": _sums(rows),
        "balance": yuan(_balance(supplier)) if supplier else "",
        "print_url": f"{reverse('suppliers:ledger_print')}?{request.GET.urlencode()}" if rows else "",
    }  # fmt: skip
    return render(request, "suppliers/ledger.html", context)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest) -> HttpResponse:
    _, supplier, year = _asked(request)
    if supplier is None:
        raise Http404
    rows, now = _rows(supplier, year), timezone.now()
    lines = [[f"{row['bill'].month.month} 月", _span(row["bill"]), *_cells(row).values()] for row in rows]
    told = {
        "community": supplier.community.name,
        "number": "",
        "supplier": str(supplier),
        "items": "、".join(str(one) for one in (supplier.item, supplier.shared_item) if one),
        "year": f"{year} 年",
        "lines": [*lines, ["合计", "", *_sums(rows).values()]],
        "balance": f"{yuan(_balance(supplier))} 元",
    }
    with transaction.atomic():
        count_print(YEAR.name, by=request.user, at=now, subject=f"{supplier.pk} {year} {now:%Y%m%d%H%M%S%f}")
        pdf = set_sheet(YEAR, told, request.user, now=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="supplier-{year}.pdf"'
    return response


def _span(bill: SupplierBill) -> str:
    first, last = bill.span
    return f"{first:%Y-%m-%d} 至 {last:%m-%d}"
