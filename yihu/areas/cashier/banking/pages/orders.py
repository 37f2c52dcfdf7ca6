"""线上付款: orders, what a person has to look at, and the day's settlement of a channel."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.cashier.banking import counting
from yihu.areas.cashier.banking.channels import connected, label_of, scannable
from yihu.areas.cashier.banking.models import BankLine, Notice, PayOrder, Settlement
from yihu.areas.cashier.banking.settling import settle
from yihu.areas.cashier.banking.suggesting import households
from yihu.basics.money import yuan
from yihu.ground.estate.finding import find_units
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.prints.plain import qr_picture
from yihu.kernel.screens.page import number_or_none

MOST = 100
CSS = {"waiting": "state-wait", "paid": "state-done", "parked": "state-late", "closed": "state-void"}


@require_GET
@policy(may="ledger.see")
def orders(request: HttpRequest) -> HttpResponse:
    community: Any = request.community  # type: ignore[attr-defined]
    may = grants_of(request.user).may
    rows = PayOrder.objects.filter(community=community).select_related("unit", "party").order_by("-pk")[:MOST]
    settled = Settlement.objects.filter(community=community).select_related("line").order_by("-day", "channel")[:31]
    context = {
        "title": "线上付款",
        "rows": [
            {"order": row, "amount": yuan(row.amount), "css": CSS[row.state], "label": label_of(row.channel),
             "qr": qr_picture(scannable(row.pay_url)) if row.state == "waiting" else ""}
            for row in rows
        ],
        "notices": [
            {"notice": one, "amount": yuan(one.amount), "asked": yuan(one.order.amount) if one.order else "", "label": label_of(one.channel),
             "waits": one.verdict in (Notice.Verdict.AMOUNT, Notice.Verdict.TWICE),
             "back": one.verdict != Notice.Verdict.UNKNOWN}
            for one in counting.to_look_at(community)[:MOST]
        ],
        "settled": [
            {"one": one, "label": label_of(one.channel), "gross": yuan(one.gross), "fee": yuan(one.fee), "net": yuan(one.net)} for one in settled
        ],
        "channels": connected(),
        "collects": may("ledger.collect", community.pk),
        "reverses": may("ledger.reverse", community.pk),
        "settles": may("banking.import", community.pk) and may("ledger.collect", community.pk),
        "yesterday": timezone.localdate() - timedelta(days=1),
        "room": request.GET.get("room", "")[:40],
        "key": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "banking/orders.html", context)


@require_POST
@policy(may="ledger.see")
def act(request: HttpRequest) -> HttpResponse:
    """Each asks in its own function whether this person may."""
    url = reverse("banking:orders")
    try:
        messages.success(request, _DOES[request.POST.get("do", "")](request, key_of(request)), extra_tags=url)
    except KeyError:
        return redirect(url)
    except Refused as refused:
        messages.error(request, refused.sentence, extra_tags=url)
    return redirect(url)


def _make(request: HttpRequest, key: str) -> str:
    community: Any = request.community  # type: ignore[attr-defined]
    room, channel = request.POST.get("room", "").strip(), request.POST.get("channel", "")
    units = [unit for unit in find_units(room, [community.pk], limit=3) if unit.rank == 0]  # type: ignore[attr-defined]
    if len(units) != 1:
        raise Refused(f"“{room[:20]}”{'不止一处' if units else '查无此房'}，请写成 A1-1-0101 这样。")
    party = households([units[0].pk], 0, BankLine())[units[0].pk]
    order = counting.make_order(units[0], party, channel, by=request.user, key=key)
    return f"付款单 {order.number} 开好了，{yuan(order.amount)} 元，把付款地址发给客户。"


def _order(request: HttpRequest) -> PayOrder:
    return get_object_or_404(PayOrder, pk=number_or_none(request.POST.get("order")), community=request.community)  # type: ignore[attr-defined]


def _notice(request: HttpRequest) -> Notice:
    here = counting.to_look_at(request.community)  # type: ignore[attr-defined]
    return get_object_or_404(here, pk=number_or_none(request.POST.get("notice")))  # type: ignore[no-any-return]


def _ask(request: HttpRequest, key: str) -> str:
    order = _order(request)
    return counting.ask(order, by=request.user) if order.pay_url else f"付款地址：{counting.address(order).pay_url}"


def _accept(request: HttpRequest, key: str) -> str:
    notice = counting.accept(_notice(request), by=request.user, key=key)
    return f"已按实收入账 {yuan(notice.amount)} 元。"


def _back(request: HttpRequest, key: str) -> str:
    counting.give_back(_notice(request), request.POST.get("why", ""), by=request.user, key=key)
    return "渠道已原路退回。"


def _checked(request: HttpRequest, key: str) -> str:
    counting.checked(_notice(request), request.community, request.POST.get("why", ""), by=request.user, key=key)  # type: ignore[attr-defined]
    return "已记下核对结果，不再列出。"


def _settle(request: HttpRequest, key: str) -> str:
    day, channel = parse_date(request.POST.get("day", "") or ""), request.POST.get("channel", "")
    if day is None or channel not in dict(connected()):
        raise Refused("请选渠道和日期。")
    found = settle(request.community, channel, day, by=request.user, key=key)  # type: ignore[attr-defined]
    return f"{label_of(channel)} {day:%m-%d} 已结算：收 {yuan(found.gross)}，手续费 {yuan(found.fee)}，到账 {yuan(found.net)}。"


_DOES = {"make": _make, "ask": _ask, "accept": _accept, "back": _back, "checked": _checked, "settle": _settle}
