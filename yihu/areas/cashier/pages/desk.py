"""收费台: whose door, what is owed, money in, receipt out (FEE-07). Room, method, Ctrl+Enter, print."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from yihu.areas.cashier import household, till
from yihu.areas.cashier.forms.taking import TakingForm
from yihu.basics.money import yuan
from yihu.ground.estate.finding import find_parties, find_units, owners_of, units_of
from yihu.ground.estate.models import Party, Unit
from yihu.ground.ledger.accruing import Accrual, accrued
from yihu.ground.ledger.models import Charge, Receipt
from yihu.ground.ledger.pay_days import pay_day
from yihu.ground.ledger.posting import COLLECT
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.forms import is_row_number
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

MOST, LATEST = 12, 6
LATE = "late-"  # before the number of a bill: its late fee that is not posted yet


def searching(label: str) -> forms.CharField:
    """The text box of a list's filters."""
    return forms.CharField(
        label=label, required=False, max_length=60, widget=forms.TextInput(attrs={"placeholder": label})
    )


def address(**asked: Any) -> str:
    return f"{reverse('cashier:desk')}?{urlencode({name: value for name, value in asked.items() if value})}"


@require_http_methods(["GET", "POST"])
@policy(may=COLLECT)
def desk(request: HttpRequest) -> HttpResponse:
    told = request.POST if request.method == "POST" else request.GET
    typed = request.GET.get("q", "").strip()[:60]
    unit_pk, party_pk = number_or_none(told.get("unit")), number_or_none(told.get("party"))
    if not (unit_pk or party_pk):
        return _find(request, typed)
    community = request.community
    unit = get_object_or_404(Unit, pk=unit_pk, community=community) if unit_pk else None
    if unit is not None:
        payers = household.payers_of(unit, timezone.localdate())
    else:
        party = get_object_or_404(Party, pk=party_pk, community=community)
        payers = [household.Payer(party, "", 0)]
    payer = household.chosen(payers, party_pk)
    if payer is None:
        return render(request, "cashier/nobody.html", {"title": unit.label, "unit": unit, "typed": typed})
    return _take(request, unit, payer, payers)


def _find(request: HttpRequest, typed: str) -> HttpResponse:
    """A door that is meant exactly opens at once; of several one is chosen."""
    here, hits = [request.community.pk], []
    if typed:
        units = find_units(typed, here, MOST)
        meant = [unit for unit in units if unit.rank == 0] or units
        if len(meant) == 1:
            return redirect(address(unit=meant[0].pk))
        names = owners_of(units)
        hits = [
            {"title": unit.label, "sub": "、".join(names[unit.pk]), "url": address(unit=unit.pk)} for unit in units
        ] or _people(find_parties(typed, here, MOST))
        if len(hits) == 1:
            return redirect(hits[0]["url"])
    mine = Receipt.objects.filter(
        community=request.community, collector=request.user, received_at__date=timezone.localdate(), voided_by=None
    )
    context = {
        "title": "收费台",
        "typed": typed,
        "hits": hits,
        "nothing": bool(typed and not hits),
        "latest": [_line(row) for row in mine.select_related("unit").order_by("-pk")[:LATEST]],
        "count": mine.count(),
        "total": yuan(mine.aggregate(total=Sum("amount"))["total"] or 0),
    }
    return render(request, "cashier/desk.html", context)


def _people(parties: list[Any]) -> list[dict[str, str]]:
    stays = units_of(parties)
    return [
        {
            "title": party.name,
            "sub": " · ".join(filter(None, (stay.unit.label if stay else "", str(party.phone)))),
            "url": address(unit=stay.unit_id if stay else None, party=party.pk),
        }
        for party in parties
        for stay in (stays[party.pk] or [None])
    ]


def _line(row: Receipt) -> dict[str, Any]:
    return {"receipt": row, "amount": yuan(row.amount)}


def _take(request: HttpRequest, unit: Any, payer: household.Payer, payers: list[household.Payer]) -> HttpResponse:
    party, status, refusal, key = payer.party, 200, "", key_of(request)
    seen = household.seen_of(party)  # asked first: what comes in while the page is made is noticed
    owed = household.owed_by(party)
    fees = [one for one in accrued(request.community.pk, owed, timezone.localdate()) if one.amount > 0]
    total = sum(row.open for row in owed if row.open > 0) + sum(one.amount for one in fees)
    ticked = set((request.POST if request.method == "POST" else request.GET).getlist("charge"))
    named = sum(row.open for row in owed if row.open > 0 and str(row.pk) in ticked)
    meant = named + sum(one.amount for one in fees if f"{LATE}{one.principal.pk}" in ticked) or total
    first = {"amount": yuan(meant) if meant else "", "payer_name": party.name}
    form = TakingForm(request.POST or None, community=request.community, initial=first)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                receipt = till.take_money(_taking(form, request, unit, party), party, by=request.user, key=key)
            except Refused as refused:
                status, refusal, key = refused.status, refused.sentence, uuid.uuid4().hex
            else:
                return redirect("cashier:receipt", number=receipt.number)
    held = household.credits_of(party)
    context = {
        "title": f"收费 {unit.label if unit else party.name}",
        "unit": unit,
        "party": party,
        "role": payer.role,
        "tabs": _tabs(unit, payer, payers),
        "lines": [_charge(row, ticked) for row in owed],
        "fees": [_fee(one, ticked) for one in fees],
        "total": yuan(total),
        "total_fen": total,
        "credit": yuan(sum(row.left for row in held)) if held else "",
        "bound": yuan(bound) if (bound := sum(row.bound for row in held)) else "",
        "may_use": bool(held and total),
        "deposits": [
            {"row": row, "left": yuan(row.left), "number": row.receipt.number} for row in household.deposits_of(party)
        ],
        "form": form,
        "sections": form.sections(),
        "seen": seen,
        "key": key,
        "credit_key": uuid.uuid4().hex,
        "refusal": refusal,
        "draft_url": f"{reverse('kernel:new', args=['hand-charges'])}?{urlencode({'unit': unit.pk if unit else '', 'party': party.pk})}"
        if grants_of(request.user).may("cashier.draft", request.community.pk)
        else "",
    }  # fmt: skip
    return render(request, "cashier/take.html", context, status=status)


def _taking(form: TakingForm, request: HttpRequest, unit: Any, party: Any) -> till.Taking:
    told = form.cleaned_data
    ticked = request.POST.getlist("charge")
    named = [int(pk) for pk in ticked if is_row_number(pk)]
    late = [int(pk[len(LATE) :]) for pk in ticked if pk.startswith(LATE) and is_row_number(pk[len(LATE) :])]
    return till.Taking(
        party=party.pk, unit=unit.pk if unit else None, amount=told["amount"], method=told["method"],
        payer_name=told["payer_name"], seen=number_or_none(request.POST.get("seen")) or 0, reference=told["reference"],
        charges=tuple(dict.fromkeys(named)), late=tuple(dict.fromkeys(late)),
        deposit_item=told["deposit_item"].pk if told["deposit_item"] else None, deposit=told["deposit"] or 0,
        deposit_back_on=told["deposit_back_on"], ahead_item=told["ahead_item"].pk if told["ahead_item"] else None,
        ahead=told["ahead"] or 0, agreed=told["agreed"],
    )  # fmt: skip


def _tabs(unit: Any, payer: household.Payer, payers: list[household.Payer]) -> list[dict[str, Any]]:
    if len(payers) < 2:
        return []
    return [
        {
            "label": f"{one.role} {one.party.name}",
            "url": address(unit=unit.pk, party=one.party.pk),
            "current": one is payer,
            "count": yuan(one.owed) if one.owed else "",
            "hot": bool(one.owed),
        }
        for one in payers
    ]


def _charge(row: Charge, ticked: set[str]) -> dict[str, Any]:
    return {
        "row": row,
        "part": "" if row.principal_id else row.part,  # a late fee says by its sum which one it is
        "words": row.words,
        "open": yuan(row.open),
        "open_fen": row.open,
        "amount": yuan(row.amount),
        "part_paid": row.open != row.amount,
        "credit": row.open < 0,
        "pay_by": pay_day(row),
        "late": pay_day(row) < timezone.localdate(),
        "ticked": str(row.pk) in ticked,
    }


def _fee(one: Accrual, ticked: set[str]) -> dict[str, Any]:
    """What lateness has cost by today beyond what is posted; it becomes a bill of its own as the money comes in."""
    value = f"{LATE}{one.principal.pk}"
    return {
        "value": value,
        "of": one.principal,
        "words": one.words,
        "amount": yuan(one.amount),
        "fen": one.amount,
        "ticked": value in ticked,
    }


@require_POST
@policy(may=COLLECT)
def credit(request: HttpRequest, pk: int) -> HttpResponse:
    """用预收抵缴: his money in our hands goes to his debts."""
    party = get_object_or_404(Party, pk=pk, community=request.community)
    unit = number_or_none(request.POST.get("unit"))
    try:
        used = till.use_credit(
            party, number_or_none(request.POST.get("seen")) or 0, by=request.user, key=key_of(request)
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"已用预收抵缴 {yuan(used)} 元。" if used else "已经抵缴过了。")
    return redirect(address(unit=unit, party=party.pk))
