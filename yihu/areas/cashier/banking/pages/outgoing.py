"""Lines of the statement that go out: suggested, ticked and confirmed; one by one with its ways; what stands on one side only."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.cashier.banking import outgoing
from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.banking.out_suggesting import near, suggest
from yihu.areas.cashier.banking.pages.matching import CSS
from yihu.areas.cashier.banking.pages.walking import PAGE, walked
from yihu.areas.cashier.banking.suggesting import POSSIBLE, SURE
from yihu.areas.cashier.banking.tying import BOOK
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

FEE = "fee"  # in place of a payment: the line is the bank's own charge
TABS = (("", "待对"), ("done", "已对上"), ("aside", "不是账上的付款"), ("books", "账上已付、银行没有"))
EMPTY = {
    "": "支出流水都对上了。", "done": "还没有对上的支出。", "aside": "没有标明的支出。", "books": "账上的付款都有银行流水。",
}  # fmt: skip


@require_GET
@policy(may="ledger.see")
def lines(request: HttpRequest) -> HttpResponse:
    """One tab; what waits the oldest first, what is done the newest first."""
    community: Any = request.community  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(TABS) else ""
    found: list[Any] = []
    more = False
    waiting = outgoing.payments(community)
    if tab != "books":
        rows = outgoing.lines_out(community, tab).select_related("account")
        found, more = walked(request, rows, newest_first=bool(tab))
    told = suggest(found, waiting) if tab == "" else {}
    shown = [_row(line, told.get(line.pk, [])) for line in found]
    matches = grants_of(request.user).may(outgoing.MATCH, community.pk)
    counts = {"": outgoing.lines_out(community).count(), "books": len(waiting)}
    context = {
        "title": "银行支出核对",
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?tab={name}" if name else "?", "current": name == tab, "count": counts.get(name) or ""}
            for name, label in TABS
        ],
        "rows": shown,
        "payments": [_payment(one) for one in waiting] if tab == "books" else [],
        "sure": sum(row["ticked"] for row in shown),
        "may_confirm": matches and tab == "" and any(row["token"] for row in shown),
        "key": uuid.uuid4().hex,
        "next_url": f"?tab={tab}&after={found[-1].pk}" if more else "",
        "empty": EMPTY[tab],
    }  # fmt: skip
    return render(request, "banking/out.html", context)


def _row(line: Any, guesses: list[Any]) -> dict[str, Any]:
    best = guesses[0] if guesses else None
    fee = best is None and not line.aside and not line.used and outgoing.says_fee(line)
    ties = list(outgoing.ties_of(line).filter(voucher__reversed_by__isnull=True)) if line.used else []
    return {
        "line": line,
        "url": reverse("banking:out_line", args=[line.pk]),
        "amount": yuan(-line.amount),
        "rest": yuan(-line.amount - line.used) if 0 < line.used < -line.amount else "",
        "best": [_payment(one) for one in best.payments] if best else [],
        "others": len(guesses) - 1,
        "level": best.level if best else "",
        "css": CSS.get(best.level, "state-wait") if best else "",
        "why": "，".join(best.reasons) if best else "",
        "token": f"{line.pk}-{FEE}" if fee else f"{line.pk}-{best.token}" if best and best.level != POSSIBLE else "",
        "ticked": (fee and outgoing.surely_fee(line)) or bool(best and best.level == SURE),
        "fee": fee,
        "ties": [tie.voucher.record.number for tie in ties if tie.voucher.record],
    }


def _payment(one: outgoing.Payment) -> dict[str, Any]:
    return {
        "pk": one.pk, "day": one.day, "kind": one.kind, "payee": one.payee, "words": mask_free_text(one.words), "number": one.number,
        "url": one.url, "amount": yuan(one.rest),
    }  # fmt: skip


@require_POST
@policy(may=outgoing.MATCH)
def confirm(request: HttpRequest) -> HttpResponse:
    """Those that were ticked, each in its own command: one that fails keeps no other from being done."""
    key, done, refused, back = key_of(request), 0, [], reverse("banking:out")
    for token in request.POST.getlist("take")[: 2 * PAGE]:
        first, _, rest = token.partition("-")
        line = BankLine.objects.filter(pk=number_or_none(first) or 0, community=request.community, amount__lt=0).first()  # type: ignore[attr-defined]
        numbers = [number_or_none(part) for part in rest.split(".") if rest != FEE]
        if line is None or None in numbers:
            continue
        try:
            if rest == FEE:
                outgoing.charged(line, by=request.user, key=f"{key}-{line.pk}")
            else:
                outgoing.match(line, [number for number in numbers if number], by=request.user, key=f"{key}-{line.pk}")
        except Refused as error:
            refused.append(f"{line}：{error.sentence}")
        else:
            done += 1
    if done:
        messages.success(request, f"已对上 {done} 笔。", extra_tags=back)
    elif not refused:
        messages.warning(request, "没有勾选流水。", extra_tags=back)
    for sentence in refused[:5]:
        messages.error(request, sentence, extra_tags=back)
    return redirect(back)


def _line(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(outgoing.lines_out_of(request.community).select_related("account"), pk=pk)  # type: ignore[attr-defined]


@require_GET
@policy(may="ledger.see")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """What it may be, every payment that it could be, what it was matched to, and how that is taken back."""
    row = _line(request, pk)
    matches = grants_of(request.user).may(outgoing.MATCH, row.community_id)
    rest = outgoing.rest_of(row)
    waits = matches and rest > 0 and not row.aside
    waiting = near([row]) if waits else []
    guesses = suggest([row], waiting)[row.pk] if waits else []
    context = {
        "title": f"流水 {row}",
        "line": row,
        "amount": yuan(-row.amount),
        "balance": "" if row.balance is None else yuan(row.balance),
        "rest": yuan(rest),
        "ties": [_tie(tie) for tie in outgoing.ties_of(row)],
        "guesses": [
            {"token": one.token, "rows": [_payment(pay) for pay in one.payments], "why": "，".join(one.reasons), "level": one.level,
             "css": CSS.get(one.level, "state-wait")}
            for one in guesses
        ],
        "payments": [_payment(one) for one in sorted(waiting, key=lambda one: (one.rest != rest, abs(one.day - row.on), one.pk))[:PAGE]],
        "waits": waits,
        "matches": matches,
        "whole": waits and rest == -row.amount,
        "fee": not guesses and outgoing.says_fee(row),
        "aside": outgoing.ASIDE,
        "journal": journal_of(BOOK, row.pk),
        "key": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "banking/out_line.html", context)


def _tie(tie: Any) -> dict[str, Any]:
    record = tie.voucher.record
    return {
        "pk": tie.pk,
        "kind": tie.voucher.get_kind_display(),
        "day": tie.voucher.day,
        "number": record.number if record else "",
        "url": record.get_absolute_url() if record else "",
        "words": mask_free_text(tie.voucher.words),
        "amount": yuan(tie.amount),
        "reversed": hasattr(tie.voucher, "reversed_by"),
    }


@require_POST
@policy(may=outgoing.MATCH)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    row, key, do = _line(request, pk), key_of(request), request.POST.get("do", "")
    url = reverse("banking:out_line", args=[row.pk])
    try:
        said = _do(request, row, key, do)
    except Refused as refused:
        messages.error(request, refused.sentence, extra_tags=url)
    else:
        if said:
            messages.success(request, said, extra_tags=url)
    return redirect(url)


def _do(request: HttpRequest, row: Any, key: str, do: str) -> str:
    why = request.POST.get("why", "")
    if do == "match":
        tokens = ".".join(request.POST.getlist("pay")).split(".")
        outgoing.match(row, [number for token in tokens if (number := number_or_none(token))], by=request.user, key=key)
        return "已对上。"
    if do == "unmatch":
        outgoing.unmatch(row, number_or_none(request.POST.get("tie")) or 0, why, by=request.user, key=key)
        return "已撤销，流水和付款都放回待对。"
    if do == "fetched":
        outgoing.fetched(row, by=request.user, key=key)
        return "已转到库存现金。"
    if do == "charged":
        outgoing.charged(row, by=request.user, key=key)
        return "已记入手续费，银行存款同时减少。"
    if do == "aside":
        if why not in outgoing.ASIDE:
            raise Refused("请选这笔是什么钱。")
        outgoing.set_aside(row, why, by=request.user, key=key)
        return "已标明，不再列入待对。"
    if do == "put_back":
        outgoing.set_aside(row, "", by=request.user, key=key)
        return "已放回待对。"
    return ""
