"""收费标准: what is charged now, the history of each item with an example, a new price, the end of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.billing.tariffs import setting, showing
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.pages.price_form import EndForm, PriceForm
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.models import FeeItem
from yihu.ground.ledger.posting import TARIFF
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import PickField, is_row_number
from yihu.kernel.plain import journal_of
from yihu.kernel.plain_pages import saving
from yihu.kernel.policy import policy

SEE = "tariffs.see"
HEADS = ("项目", "适用范围", "标准", "计费方式", "依据", "期限")
TABS = (
    ("现行价格", "tariffs:prices", ()), ("收费公示表", "tariffs:board", ()), ("收费约定", "kernel:list", ("agreements",)),
    ("占用数量", "tariffs:holdings", ()), ("开发商付费", "tariffs:developers", ()),
    ("付款人更正", "kernel:list", ("payer-changes",)),
)  # fmt: skip


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages that belong together under one entry."""
    return [
        {"label": label, "url": reverse(name, args=args), "current": label == current} for label, name, args in TABS
    ]


@require_GET
@policy(may=SEE)
def listing(request: HttpRequest) -> HttpResponse:
    today, may_price = timezone.localdate(), grants_of(request.user).may(TARIFF, request.community.pk)
    found = showing.prices_on(request.community, today)
    coming = showing.prices_after(request.community, today)
    without = FeeItem.objects.filter(community=request.community, shown=True).exclude(tariffs__cancelled=False)
    context = {
        "title": "收费标准",
        "screen": {"title": "收费标准"},
        "tabs": tabs("现行价格"),
        "columns": [{"label": head} for head in HEADS],
        "rows": [_row(one) for one in (*found, *coming)],
        "total_text": f"现行 {len(found)} 个" + (f"，将生效 {len(coming)} 个" if coming else ""),
        "empty_text": "还没有收费标准。",
        "new_url": reverse("tariffs:new") if may_price else "",
        "start_url": reverse("tariffs:start")
        if may_price and without.exclude(nature=FeeItem.Nature.DEPOSIT).exists()
        else "",
        "items_url": reverse("cashier:list_fee-items")
        if may_price and not FeeItem.objects.filter(community=request.community).exists()
        else "",
    }
    return render(request, "tariffs/prices.html", context)


def _row(one: Tariff) -> dict[str, Any]:
    coming = one.from_on > timezone.localdate()
    return {
        "url": reverse("tariffs:item", args=[one.item_id]),
        "cells": [
            {"name": "number", "kind": "number", "text": one.item.name},
            {"name": "scope", "kind": "text", "text": one.scope_words},
            {"name": "summary", "kind": "text", "text": one.price_words, "sub": "；".join(one.steps_words)},
            {"name": "way", "kind": "text", "text": one.way},
            {"name": "ground", "kind": "text", "text": showing.ground_words(one)},
            {"name": "period", "kind": "badge" if coming else "text", "text": showing.period_words(one), "css": "badge-accent"},
        ],
    }  # fmt: skip


@require_GET
@policy(may=SEE)
def item(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(FeeItem, pk=pk, community=request.community)
    today, may_price = timezone.localdate(), grants_of(request.user).may(TARIFF, request.community.pk)
    rows = (
        Tariff.objects.filter(item=one)
        .select_related("item", "cluster", "building", "unit")
        .order_by("-from_on", "-pk")
    )
    asked = request.GET.get("unit", "")
    unit = Unit.objects.filter(pk=asked, community=request.community).first() if is_row_number(asked) else None
    context = {
        "title": one.name,
        "item": one,
        "rows": [_history(row, today, may_price) for row in rows],
        "new_url": f"{reverse('tariffs:new')}?item={one.pk}" if may_price else "",
        **_example(request, one, unit),
        "journal": journal_of(setting.BOOK, one.pk),
    }
    return render(request, "tariffs/item.html", context)


class ExampleForm(forms.Form):
    unit = PickField("estate.Unit", url="estate:pick_unit", label="换一户试算", required=False)


def _example(request: HttpRequest, item: FeeItem, unit: Unit | None) -> dict[str, Any]:
    """What the prices make of one unit, and the field to choose another."""
    found = showing.example(item, unit)
    form = ExampleForm(initial={"unit": found["unit"].pk} if found else {})
    form.fields["unit"].bind_to(Tariff(community=request.community), None)  # type: ignore[attr-defined]
    return {"example": found, "pick": form["unit"]}


def _history(row: Tariff, today: Any, may_price: bool) -> dict[str, Any]:
    open_ended = not row.cancelled and (row.to_on is None or row.to_on > today)
    return {
        "row": row,
        "state": showing.state_of(row, today),
        "ground": showing.ground_words(row),
        "period": showing.period_words(row),
        "change_url": f"{reverse('tariffs:new')}?of={row.pk}" if may_price and not row.cancelled else "",
        "end_url": reverse("tariffs:end", args=[row.pk]) if may_price and open_ended else "",
        "end_word": "撤回" if row.from_on > today else "终止",
    }


@require_http_methods(["GET", "POST"])
@policy(may=TARIFF)
def new(request: HttpRequest) -> HttpResponse:
    asked, named = request.GET.get("of", ""), request.GET.get("item", "")
    mine = Tariff.objects.filter(community=request.community)
    like = mine.filter(pk=asked).first() if is_row_number(asked) else None
    if like is None and is_row_number(named):
        like = mine.filter(item_id=named, cancelled=False).order_by("-from_on", "-pk").first()
    form = PriceForm(request.POST or None, instance=Tariff(community=request.community), like=like)
    if like is None and is_row_number(named):
        form.initial["item"] = named

    def save(key: str, seen: int | None) -> None:
        setting.set_prices([form.instance], by=request.user, key=key)

    back = reverse("tariffs:item", args=[like.item_id]) if like else reverse("tariffs:prices")
    return saving(
        request, form, save, register=setting.BOOK, row_id=None, labels={}, template="kernel/step.html", title="定新的价格",
        done="已保存。", leave_url=lambda: back, help="价格定了就不改：同样范围的老价格到新价格生效的前一天自动终止，两个都留在记录里。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=TARIFF)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Tariff.objects.select_related("item"), pk=pk, community=request.community, cancelled=False)
    form = EndForm(request.POST or None, tariff=row)
    word = "终止" if "last" in form.fields else "撤回"

    def save(key: str, seen: int | None) -> None:
        told = form.cleaned_data
        if "last" in told:
            setting.end_price(row, told["last"], told["why"], by=request.user, key=key)
        else:
            setting.withdraw_price(row, told["why"], by=request.user, key=key)

    return saving(
        request, form, save, register=setting.BOOK, row_id=None, labels={}, template="kernel/step.html",
        title=f"{word}价格：{row.item} {row.price_words}", done=f"已{word}。",
        leave_url=lambda: reverse("tariffs:item", args=[row.item_id]),
        help="只是换价格的，请定新价，老的会自动终止。" if word == "终止" else "还没有生效，撤回后不算数；被它接替的老价格继续有效。",
    )  # fmt: skip
