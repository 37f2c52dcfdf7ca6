"""银行认领: what came in and is nobody's yet, with a suggestion for each line; a person ticks and confirms."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.cashier.banking import taking
from yihu.areas.cashier.banking.models import BankLine
from yihu.areas.cashier.banking.outgoing import lines_out
from yihu.areas.cashier.banking.own_money import banked
from yihu.areas.cashier.banking.pages.walking import PAGE, walked
from yihu.areas.cashier.banking.suggesting import LIKELY, SURE, suggest
from yihu.areas.cashier.banking.taking import RETURN_AFTER, Part
from yihu.basics.money import yuan
from yihu.ground.estate.models import Party, Unit
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

CSS = {SURE: "state-done", LIKELY: "state-check"}
TABS = (
    ("", "待认领"),
    ("parked", "未认领"),
    ("old", "待退回"),
    ("done", "已入账"),
    ("aside", "不是缴款"),
)


def lines_of(community: Any, tab: str) -> QuerySet[BankLine]:
    """The lines of one tab, with ``used`` in 分."""
    held = Q(ties__receipt__voided_by__isnull=True)
    rows = taking.with_used(BankLine.objects.filter(community=community))
    nobody = held & Q(ties__receipt__party__isnull=True, ties__receipt__left__gt=0)
    if tab in ("parked", "old"):
        rows = rows.filter(pk__in=BankLine.objects.filter(nobody, community=community).values("pk"))
        if tab == "old":
            days = RETURN_AFTER.at(community.pk, timezone.now())
            rows = rows.filter(on__lte=timezone.localdate() - timedelta(days=days))
        return rows
    if tab == "aside":
        return rows.filter(Q(settlement__isnull=False) | ~Q(aside=""), amount__gt=0)
    if tab == "done":
        return rows.filter(amount__gt=0, used__gte=F("amount"))
    return rows.filter(amount__gt=0, aside="", settlement__isnull=True, used__lt=F("amount"))


@require_GET
@policy(may="ledger.see")
def lines(request: HttpRequest) -> HttpResponse:
    """One tab, the oldest line first."""
    community: Any = request.community  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(TABS) else ""
    found = lines_of(community, tab).select_related("account")
    rows, more = walked(request, found, newest_first=tab in ("done", "aside"))
    collects = grants_of(request.user).may("ledger.collect", community.pk)
    told = suggest(rows) if tab == "" else {}
    tills = {one.rest: one.words for one in banked(community)} if tab == "" else {}
    shown = [_row(row, told.get(row.pk, []), tills) for row in rows]
    context = {
        "title": "银行认领",
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"?tab={name}" if name else "?", "current": name == tab,
             "count": (lines_of(community, name).count() or "") if name in ("", "parked", "old") else "", "hot": name == "old"}
            for name, label in TABS
        ]
        + [{"label": "支出", "url": reverse("banking:out"), "current": False, "count": lines_out(community).count() or ""}],
        "rows": shown,
        "sure": sum(row["level"] == SURE for row in shown),
        "may_confirm": collects and tab == "" and any(row["token"] for row in shown),
        "key": uuid.uuid4().hex,
        "next_url": f"?tab={tab}&after={rows[-1].pk}" if more else "",
        "may_import": grants_of(request.user).may("banking.import", community.pk),
        "may_list": grants_of(request.user).may("banking.lists", community.pk),
        "empty": EMPTY[tab],
    }  # fmt: skip
    return render(request, "banking/lines.html", context)


EMPTY = {
    "": "没有待认领的流水。", "parked": "没有未认领的款。", "old": "没有到期未认领的款。", "done": "还没有入账的流水。",
    "aside": "没有不是缴款的流水。",
}  # fmt: skip


def _row(line: Any, suggestions: list[Any], tills: dict[int, str]) -> dict[str, Any]:
    best = suggestions[0] if suggestions else None
    return {
        "line": line,
        "url": reverse("banking:line", args=[line.pk]),
        "amount": yuan(line.amount),
        "rest": yuan(line.amount - line.used) if 0 < line.used < line.amount else "",
        "best": best,
        "till": "" if best else tills.get(line.amount - line.used, ""),
        "others": len(suggestions) - 1,
        "level": best.level if best else "",
        "css": CSS.get(best.level, "state-wait") if best else "",
        "why": "，".join(best.reasons) if best else "",
        "owed": yuan(best.owed) if best and best.owed else "",
        "token": f"{line.pk}-{best.token}" if best and best.level != "供参考" else "",
        "ticked": bool(best and best.level == SURE),
    }


@require_POST
@policy(may="ledger.collect")
def confirm(request: HttpRequest) -> HttpResponse:
    """Those that were ticked, each in its own command: one that fails keeps no other from being done."""
    key, done, total, refused = key_of(request), 0, 0, []
    for token in request.POST.getlist("take")[: 2 * PAGE]:
        numbers = [number_or_none(part) for part in token.split("-")]
        if len(numbers) != 4 or None in numbers[:3]:
            continue
        line = BankLine.objects.filter(pk=numbers[0], community=request.community).first()  # type: ignore[attr-defined]
        if line is None:
            continue
        try:
            part = part_of(request, *numbers[1:3], taking.rest_of(line), numbers[3])
            taking.confirm(line, [part], by=request.user, key=f"{key}-{line.pk}")
        except Refused as error:
            refused.append(f"{line}：{error.sentence}")
        else:
            done, total = done + 1, total + part.amount
    back = reverse("banking:lines")
    if done:
        messages.success(request, f"已入账 {done} 笔，共 {yuan(total)} 元。", extra_tags=back)
    elif not refused:
        messages.warning(request, "没有勾选流水。", extra_tags=back)
    for sentence in refused[:5]:
        messages.error(request, sentence, extra_tags=back)
    return redirect(back)


def part_of(request: HttpRequest, unit: Any, party: Any, amount: int, charge: int | None = None) -> Part:
    """A household and its payer, both of this community."""
    community = request.community  # type: ignore[attr-defined]
    house = Unit.objects.filter(pk=unit, community=community).first()
    payer = Party.objects.filter(pk=party, community=community).first()
    if house is None or payer is None:
        raise Refused("房屋或客户找不到了，请刷新再选。")
    return Part(house, payer, amount, charge or None)
