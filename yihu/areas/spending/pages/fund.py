"""维修资金台账 (F90): per unit opening, paid in, used, interest, balance; each unit's entries; the sheet on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.spending import fund
from yihu.areas.spending.models import FundEntry
from yihu.areas.spending.printing import FUND
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.estate.models import Building, Unit
from yihu.ground.estate.tenure import holders
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet

SEE = "spending.fund"
NAMES = ("opening", "paid", "used", "interest", "balance")
MOST = 5000


class FilterForm(forms.Form):
    building = forms.ModelChoiceField(Building.objects.none(), label="楼栋", required=False, empty_label="各楼栋")
    day = forms.DateField(label="截至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, community: Any) -> None:
        super().__init__(data)
        self.fields["building"].queryset = Building.objects.filter(community=community).order_by("code")  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[FilterForm, list[fund.Held], Any]:
    form = FilterForm(request.GET or None, request.community)  # type: ignore[attr-defined]
    told = form.cleaned_data if form.is_valid() else {}
    day = told.get("day") or timezone.localdate()
    return form, fund.ledger(request.community, day, told.get("building")), day  # type: ignore[attr-defined]


@require_GET
@policy(may=SEE)
def page(request: HttpRequest) -> HttpResponse:
    form, found, day = _asked(request)
    low = sum(one.low for one in found)
    context = {
        "title": "维修资金台账",
        "filters": form,
        "day": day,
        "rows": [{**_cells(one), "url": reverse("spending:fund_unit", args=[one.unit.pk])} for one in found],
        "sums": _sums(found),
        "low": low,
        "uses": [
            {
                "day": on,
                "words": words,
                "vote": vote,
                "amount": amount,
                "units": units,
                "number": one.number,
                "url": one.get_absolute_url(),
            }
            for one, (on, words, vote, amount, units) in _uses(request, form, day)
        ],
        "print_url": f"{reverse('spending:fund_print')}?{request.GET.urlencode()}" if found else "",
    }
    return render(request, "spending/fund.html", context)


def _uses(request: HttpRequest, form: FilterForm, day: Any) -> list[tuple[Any, tuple[str, ...]]]:
    building = form.cleaned_data.get("building") if form.is_valid() else None
    return [
        (one, (f"{one.day:%Y-%m-%d}", mask_free_text(one.words), fund.vote_words(one), yuan(borne), str(units)))
        for one, borne, units in fund.uses(request.community, day, building)  # type: ignore[attr-defined]
    ]


def _cells(one: fund.Held) -> dict[str, Any]:
    return {"unit": str(one.unit), "low": one.low, **{name: yuan(getattr(one, name)) for name in NAMES}}


def _sums(found: list[fund.Held]) -> dict[str, str]:
    return {name: yuan(sum(getattr(one, name) for one in found)) for name in NAMES}


@require_GET
@policy(may=SEE)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's entries with what was left after each, and who holds the unit now."""
    one = get_object_or_404(Unit, pk=pk, community=request.community)  # type: ignore[attr-defined]
    left, rows = 0, []
    for entry in FundEntry.objects.filter(unit=one).select_related("voucher").order_by("day", "pk"):
        left += entry.amount
        rows.append(
            {"day": f"{entry.day:%Y-%m-%d}", "sort": entry.get_sort_display(), "words": entry.voucher.words, "vote": fund.vote_words(entry.voucher), "amount": yuan(entry.amount),
             "left": yuan(left), "number": entry.voucher.number, "url": entry.voucher.get_absolute_url()}
        )  # fmt: skip
    owners = "、".join(str(stay.party) for stay in holders(one.pk, timezone.localdate()))
    context = {"title": f"{one} 维修资金", "unit": one, "owners": owners, "rows": rows, "left": yuan(left)}
    return render(request, "spending/fund_unit.html", context)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest) -> HttpResponse:
    form, found, day = _asked(request)
    now, community = timezone.now(), request.community  # type: ignore[attr-defined]
    told = {
        "community": community.name,
        "number": "",
        "day": f"{day:%Y-%m-%d}",
        "lines": [[cells["unit"], *(cells[name] for name in NAMES)] for cells in map(_cells, found[:MOST])],
        "sums": ["合计", *_sums(found).values()],
        "uses": [[one.number, *cells] for one, cells in _uses(request, form, day)],
        "left_off": max(0, len(found) - MOST),
    }
    pdf = set_sheet(FUND, told, request.user, now=now)
    count_print(FUND.name, by=request.user, at=now, subject=f"{community.code} {now:%Y%m%d%H%M%S%f}")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="fund.pdf"'
    return response
