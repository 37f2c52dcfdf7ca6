"""欠费清单 on the screen and on paper: narrowed by building, item, age and name; summed by age (FEE-10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.cashier.arrears import BOUNDS, SPANS, Late, late_payers
from yihu.areas.cashier.pages.desk import address, searching
from yihu.areas.cashier.printing import ARREARS
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.estate.models import Building
from yihu.ground.ledger.models import FeeItem
from yihu.ground.ledger.posting import COLLECT, SEE
from yihu.kernel.authority import grants_of
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet

PAGE, MOST_LINES = 100, 3000
AGE_CHOICES = [("", "不论多久"), *((str(most), f"超过 {most} 天") for most in BOUNDS if most)]
HEADS = ("房屋", "付款人", "最早应缴", *SPANS, "合计")


class FilterForm(forms.Form):
    q = searching("房号、付款人")
    building = forms.ModelChoiceField(Building.objects.none(), label="楼栋", required=False, empty_label="各楼栋")
    item = forms.ModelChoiceField(FeeItem.objects.none(), label="项目", required=False, empty_label="各项目")
    age = forms.ChoiceField(label="多久", required=False, choices=AGE_CHOICES)

    def __init__(self, data: Any, community: Any) -> None:
        super().__init__(data)
        self.fields["building"].queryset = Building.objects.filter(community=community).order_by("pk")  # type: ignore[attr-defined]
        items = FeeItem.objects.filter(community=community).exclude(nature=FeeItem.Nature.DEPOSIT)
        self.fields["item"].queryset = items.order_by("pk")  # type: ignore[attr-defined]


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET, request.community)
    found, collects = _narrowed(request, form), grants_of(request.user).may(COLLECT, request.community.pk)
    pages = Paginator(found, PAGE)
    here = pages.get_page(request.GET.get("page"))
    query = {name: value for name, value in request.GET.items() if name != "page" and value}
    context = {
        "title": "欠费清单",
        "screen": {"title": "欠费清单"},
        "stays": True,  # who owes how much never leaves the house as a file (domain.md §6.3)
        "filters": form,
        "sums": _sums(found),
        "sum": yuan(sum(one.total for one in found)),
        "columns": [{"label": label, "numeric": place > 2} for place, label in enumerate(HEADS)],
        "rows": [_row(one, collects) for one in here],
        "next_url": f"?{urlencode({**query, 'page': here.next_page_number()})}" if here.has_next() else None,
        "total_text": f"共 {len(found)} 户",
        "empty_text": "没有欠费。" if not query else "没有符合条件的欠费。",
        "print_url": f"{reverse('cashier:arrears_print')}?{urlencode(query)}" if found else "",
    }
    return render(request, "cashier/arrears.html", context)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = _narrowed(request, FilterForm(request.GET, request.community))
    told = {
        "community": request.community.name,
        "number": "",
        "day": f"{timezone.localdate(now):%Y-%m-%d}",
        "heads": list(HEADS),
        "lines": [_cells(one) for one in found[:MOST_LINES]],
        "left_off": max(0, len(found) - MOST_LINES),
        "sums": [
            "合计",
            f"{len(found)} 户",
            "",
            *(one["sum"] for one in _sums(found)),
            yuan(sum(one.total for one in found)),
        ],
    }
    pdf = set_sheet(ARREARS, told, request.user, now=now)
    count_print(ARREARS.name, by=request.user, at=now, subject=f"{request.community.code} {now:%Y%m%d%H%M%S%f}")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="arrears.pdf"'
    return response


def _narrowed(request: HttpRequest, form: FilterForm) -> list[Late]:
    told = form.cleaned_data if form.is_valid() else {}
    found = late_payers(
        request.community, timezone.localdate(), building=told.get("building"), item=told.get("item"),
        atleast=int(told.get("age") or 0),
    )  # fmt: skip
    text = (told.get("q") or "").strip().casefold()
    return [one for one in found if text in one.unit.casefold() or text in one.name.casefold()] if text else found


def _sums(found: list[Late]) -> list[dict[str, str]]:
    return [{"word": label, "sum": yuan(sum(one.spans[place] for one in found))} for place, label in enumerate(SPANS)]


def _cells(one: Late) -> list[str]:
    amounts = [yuan(amount) if amount else "" for amount in one.spans]
    return [one.unit, mask_free_text(one.name), f"{one.since:%Y-%m-%d}", *amounts, yuan(one.total)]


def _row(one: Late, collects: bool) -> dict[str, Any]:
    unit, name, since, *amounts = _cells(one)
    named = [
        {"name": f"age{place}", "kind": "text", "text": text, "numeric": True} for place, text in enumerate(amounts)
    ]
    return {
        "url": address(party=one.party) if collects else reverse("cashier:statement", args=[one.party]),
        "cells": [
            {"name": "number", "kind": "number", "text": unit or name},
            {"name": "summary", "kind": "text", "text": name},
            {"name": "since", "kind": "time", "text": since},
            *named,
        ],
    }
