"""What a box offers while somebody types a room, a name or a receipt's number."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from yihu.basics.money import yuan
from yihu.ground.estate.finding import find_parties, find_units
from yihu.ground.ledger.models import Charge, Deposit, Receipt
from yihu.kernel import moments
from yihu.kernel.policy import policy

_MOST = 12
SEE = "ledger.see"


def _whose(request: Any, number: str = "") -> Q:
    """Of the units and people that the typed words name; ``number`` is the way to a receipt's number."""
    text, here = request.GET.get("q", "").strip()[:60], [request.community.pk]
    units = [unit.pk for unit in find_units(text, here, _MOST)] if text else []
    people = [party.pk for party in find_parties(text, here, _MOST)] if text else []
    asked = Q(unit__in=units) | Q(party__in=people)
    if number and text:
        asked |= Q(**{f"{number}__endswith": text.upper()})
    return asked


def _answer(rows: Any, said: Any) -> JsonResponse:
    results = [{"value": row.pk, "text": said(row)[0], "sub": said(row)[1]} for row in rows[:_MOST]]
    return JsonResponse({"results": results})


@require_GET
@policy(may=SEE)
def charge(request: HttpRequest) -> JsonResponse:
    rows = Charge.objects.filter(_whose(request), community=request.community, reversal__isnull=True)  # type: ignore[attr-defined]
    rows = rows.select_related("item", "unit", "party").order_by("-due_on", "-pk")
    return _answer(
        rows, lambda one: (str(one), f"{one.unit or ''} {one.party}　{yuan(one.amount)} 元，未缴 {yuan(one.open)} 元")
    )


@require_GET
@policy(may=SEE)
def receipt(request: HttpRequest) -> JsonResponse:
    rows = Receipt.objects.filter(_whose(request, "number"), community=request.community, voided_by__isnull=True)  # type: ignore[attr-defined]
    rows = rows.select_related("unit").order_by("-pk")
    return _answer(rows, lambda one: (one.number, _receipt_words(one)))


@require_GET
@policy(may=SEE)
def deposit(request: HttpRequest) -> JsonResponse:
    rows = Deposit.objects.filter(_whose(request, "receipt__number"), community=request.community, left__gt=0)  # type: ignore[attr-defined]
    rows = rows.select_related("item", "party", "unit", "receipt").order_by("-pk")
    return _answer(rows, lambda one: (str(one), f"{one.unit or ''} 收据 {one.receipt}　结存 {yuan(one.left)} 元"))


def _receipt_words(one: Receipt) -> str:
    told = f"{moments.day(one.received_at)} {one.payer_name}　{yuan(one.amount)} 元，未用 {yuan(one.left)} 元"
    return f"{one.unit} {told}" if one.unit else told
