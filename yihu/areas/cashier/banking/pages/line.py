"""One line of the statement: who it may be, what it became, and every way to deal with it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.cashier.banking import own_money, taking
from yihu.areas.cashier.banking.models import BankLine, Settlement
from yihu.areas.cashier.banking.pages.matching import CSS, part_of
from yihu.areas.cashier.banking.settling import arrived
from yihu.areas.cashier.banking.suggesting import households, suggest
from yihu.areas.cashier.banking.taking import Part
from yihu.areas.cashier.banking.tying import BOOK
from yihu.basics.money import fen, yuan
from yihu.ground.estate.finding import find_units
from yihu.ground.ledger.models import Receipt, Voucher
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

SPLITS, NEAR, MOST = 3, timedelta(days=15), 5
ASIDE = ("利息", "本公司账户互转", "退款退回", "其他")


def _line(request: HttpRequest, pk: int) -> BankLine:
    return get_object_or_404(
        BankLine.objects.select_related("account"), pk=pk, community=request.community, amount__gt=0
    )  # type: ignore[attr-defined]


@require_GET
@policy(may="ledger.see")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    row = _line(request, pk)
    may = grants_of(request.user).may
    ties = [tie.receipt for tie in row.ties.select_related("receipt__unit", "receipt__party").order_by("pk")]
    rest = taking.rest_of(row)
    settled = Settlement.objects.filter(line=row).first()
    parked = next((one for one in ties if one.party_id is None and one.voided_by_id is None and one.left), None)
    waits = row.amount > 0 and not row.aside and settled is None and (rest > 0 or parked is not None)
    collects = may("ledger.collect", row.community_id)
    context = {
        "title": f"流水 {row}",
        "line": row,
        "amount": yuan(row.amount),
        "balance": "" if row.balance is None else yuan(row.balance),
        "rest": yuan(rest),
        "rest_now": yuan(parked.amount if parked else rest),
        "ties": [{"receipt": one, "amount": yuan(one.amount), "left": yuan(one.left)} for one in ties],
        "parked": parked,
        "settled": settled,
        "suggestions": [
            {"one": one, "css": CSS.get(one.level, "state-wait"), "owed": yuan(one.owed), "why": "，".join(one.reasons)}
            for one in (suggest([row])[row.pk] if waits else [])
        ],
        "collects": collects and waits,
        "whole": collects and waits and rest == row.amount,
        "may_collect": collects,
        "splits": range(SPLITS),
        "receipts": [{"one": one, "amount": yuan(one.amount)} for one in (_receipts(row, rest) if collects and waits and not parked else [])],
        "settlements": _settlements(row) if collects and waits and rest == row.amount else [],
        "own": [{"tie": one, "amount": yuan(one.amount), "posted": one.voucher.kind == Voucher.Kind.PAY_OUT} for one in own_money.ties_of(row)],
        **(_own_money(row) if collects and waits and not parked else {}),
        "aside": ASIDE,
        "may_put_back": collects and bool(row.aside),
        "reverses": may("ledger.reverse", row.community_id),
        "journal": journal_of(BOOK, row.pk),
        "key": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "banking/line.html", context)


def _receipts(row: BankLine, rest: int) -> list[Receipt]:
    """What was taken as a transfer about that time and has no line yet."""
    near = Receipt.objects.filter(
        community_id=row.community_id, method=Receipt.Method.BANK, voided_by__isnull=True, bank_tie__isnull=True,
        amount__lte=rest, received_at__date__gte=row.on - NEAR, received_at__date__lte=row.on + NEAR,
    ).select_related("unit", "party")  # fmt: skip
    return sorted(near[:50], key=lambda one: (one.amount != rest, one.pk))[:MOST]


def _settlements(row: BankLine) -> list[Settlement]:
    waiting = Settlement.objects.filter(community_id=row.community_id, line__isnull=True, voucher__isnull=False)
    return [one for one in waiting.filter(day__lte=row.on, day__gte=row.on - NEAR) if one.net == row.amount]


def _own_money(row: BankLine) -> dict[str, Any]:
    """The takings that may be this line, those of the same sum first; and the card terminal's settlement that it may be."""
    found = own_money.banked(row.community_id, day__lte=row.on + NEAR, day__gte=row.on - NEAR)
    tills = sorted(found, key=lambda one: (one.rest != row.amount, one.day, one.pk))[:MOST]
    told = own_money.guess(row)
    return {
        "tills": [{"one": one, "rest": yuan(one.rest), "same": one.rest == row.amount} for one in tills],
        "terminal": told and {"day": told.day, "gross": yuan(told.gross), "fee": yuan(told.fee)},
    }


@require_POST
@policy(may="ledger.see")
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the ways; each asks in the ledger whether this person may."""
    row, key = _line(request, pk), key_of(request)
    url = reverse("banking:line", args=[row.pk])
    try:
        said = _DOES[request.POST.get("do", "")](request, row, key)
    except KeyError:
        return redirect(url)
    except Refused as refused:
        messages.error(request, refused.sentence, extra_tags=url)
    else:
        messages.success(request, said, extra_tags=url)
    return redirect(url)


def _take(request: HttpRequest, row: BankLine, key: str) -> str:
    unit, party, charge = (number_or_none(one) for one in (request.POST.get("who", "") + "--").split("-")[:3])
    return _give(request, row, key, [part_of(request, unit, party, taking.rest_of(row), charge)])


def _split(request: HttpRequest, row: BankLine, key: str) -> str:
    """Room by room with its amount; one room alone takes all."""
    rooms = [text.strip() for text in request.POST.getlist("room")]
    sums = [text.strip() for text in request.POST.getlist("sum")]
    typed = [(room, amount) for room, amount in zip(rooms, sums, strict=False) if room]
    parts = []
    for room, amount in typed:
        try:
            wanted = fen(amount) if amount else taking.rest_of(row) if len(typed) == 1 else 0
        except ValueError as error:
            raise Refused(str(error)) from error
        units = [unit for unit in find_units(room, [row.community_id], limit=3) if unit.rank == 0]  # type: ignore[attr-defined]
        if len(units) != 1:
            raise Refused(f"“{room}”{'不止一处' if units else '查无此房'}，请写成 A1-1-0101 这样。")
        parts.append(Part(units[0], households([units[0].pk], wanted, row)[units[0].pk], wanted))
    return _give(request, row, key, parts)


def _give(request: HttpRequest, row: BankLine, key: str, parts: list[Part]) -> str:
    parked = row.ties.filter(receipt__party__isnull=True, receipt__voided_by__isnull=True, receipt__left__gt=0).first()
    if parked is None:
        taking.confirm(row, parts, by=request.user, key=key)
    elif len(parts) > 1:
        taking.divide(row, parked.receipt, parts, by=request.user, key=key)
    elif not parts:
        raise Refused("请写房号。")
    else:
        taking.identify(row, parked.receipt, parts[0], by=request.user, key=key)
    return f"已入账：{'、'.join(str(part.unit) for part in parts)}。"


def _park(request: HttpRequest, row: BankLine, key: str) -> str:
    taking.park(row, by=request.user, key=key)
    return "已记为未认领款。"


def _tie(request: HttpRequest, row: BankLine, key: str) -> str:
    receipt = get_object_or_404(Receipt, pk=number_or_none(request.POST.get("receipt")), community=row.community)
    taking.tie(row, receipt, by=request.user, key=key)
    return f"已对上 {receipt.number}，没有重复收款。"


def _arrived(request: HttpRequest, row: BankLine, key: str) -> str:
    settlement = get_object_or_404(
        Settlement, pk=number_or_none(request.POST.get("settlement")), community=row.community
    )
    arrived(settlement, row, by=request.user, key=key)
    return "已对上渠道结算。"


def _banked(request: HttpRequest, row: BankLine, key: str) -> str:
    chosen = [pk for one in request.POST.getlist("voucher") if (pk := number_or_none(one)) is not None]
    own_money.arrived(row, chosen, by=request.user, key=key)
    return "已对上缴存的现金、支票，没有重复入账。"


def _terminal(request: HttpRequest, row: BankLine, key: str) -> str:
    try:
        fee = fen(request.POST.get("fee", "").strip() or "0")
    except ValueError as error:
        raise Refused(str(error)) from error
    own_money.terminal(row, fee, by=request.user, key=key)
    return f"已对上刷卡结算：到账 {yuan(row.amount)}，手续费 {yuan(fee)}。"


def _own_back(request: HttpRequest, row: BankLine, key: str) -> str:
    own_money.let_go(
        row, number_or_none(request.POST.get("tie")) or 0, request.POST.get("why", ""), by=request.user, key=key
    )
    return "已撤销，流水放回待认领。"


def _aside(request: HttpRequest, row: BankLine, key: str) -> str:
    why = request.POST.get("why", "")
    if why not in ASIDE:
        raise Refused("请选这笔是什么钱。")
    taking.set_aside(row, why, by=request.user, key=key)
    return "已标明，不再列入待认领。"


def _put_back(request: HttpRequest, row: BankLine, key: str) -> str:
    taking.set_aside(row, "", by=request.user, key=key)
    return "已放回待认领。"


def _back(request: HttpRequest, row: BankLine, key: str) -> str:
    receipt = get_object_or_404(Receipt, pk=number_or_none(request.POST.get("receipt")), community=row.community)
    taking.take_back(row, receipt, request.POST.get("why", ""), by=request.user, key=key)
    return f"已冲销 {receipt.number}，流水放回待认领。"


_DOES = {
    "take": _take, "split": _split, "park": _park, "tie": _tie, "arrived": _arrived, "aside": _aside, "put_back": _put_back,
    "back": _back, "banked": _banked, "terminal": _terminal, "own_back": _own_back,
}  # fmt: skip
