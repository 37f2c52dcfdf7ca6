"""合同到期一览: the next to end first, coloured by how near it is; and how long before the company wants to hear of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.catalogue.models import Contract
from yihu.areas.catalogue.printing import MOST_CONTRACTS, left
from yihu.areas.catalogue.warnings import EXPIRY_DAYS, expiry_days
from yihu.areas.catalogue.words import CONTRACTS, SEE_CONTRACTS
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.kernel.authority import grants_of
from yihu.kernel.one_form import saving
from yihu.kernel.parameters import BOOK, CHANGE, Change, book_id, set_parameter
from yihu.kernel.plain import journal_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.forms import ChangeForm


@require_GET
@policy(may=SEE_CONTRACTS)
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today, (first, last) = timezone.localdate(now), expiry_days(request.community.pk, now)
    seen = Contract.objects.seen_by(request.user).filter(community=request.community, closed_at__isnull=True)
    rows = list(seen.select_related("handler").order_by("to_on", "pk")[:MOST_CONTRACTS])
    context = {
        "title": "合同到期一览", "screen": {"title": "合同到期一览"}, "first": first, "last": last,
        "columns": [{"label": label} for label in ("合同", "还剩", "到期", "状态", "对方单位", "类别", "经办人")] + [{"label": "金额", "numeric": True}],
        "rows": [_row(one, today, first, last) for one in rows], "total_text": f"共 {len(rows)} 份",
        "empty_text": "没有履行中的合同。",
        "new_url": reverse("kernel:new", args=["contracts"]) if grants_of(request.user).may(CONTRACTS, request.community.pk) else "",
        "paper_url": reverse("catalogue:paper", args=["contracts"]),
    }  # fmt: skip
    return render(request, "catalogue/ends.html", context)


def _row(one: Any, today: Any, first: int, last: int) -> dict[str, Any]:
    days = (one.to_on - today).days
    css = "badge-late" if days <= last else "badge-due" if days <= first else "badge-done"
    word = f"{one.state_word}：{one.get_plan_display()}" if one.state == Contract.State.DECIDED else one.state_word
    tone = "check" if one.state == Contract.State.DECIDED else "busy"
    cells = [
        {"name": "number", "kind": "number", "text": mask_free_text(one.subject), "sub": one.number},
        {"name": "left", "kind": "badge", "text": left(one.to_on, today), "css": css},
        {"name": "to_on", "kind": "text", "text": str(one.to_on)},
        {"name": "state", "kind": "state", "text": word, "css": f"state-{tone}"},
        {"name": "summary", "kind": "text", "text": mask_free_text(one.counterparty)},
        {"name": "sort", "kind": "text", "text": one.get_sort_display()},
        {"name": "handler", "kind": "person", "text": str(one.handler or "")},
        {"name": "amount", "kind": "text", "text": yuan(one.amount_fen) if one.amount_fen else "", "numeric": True},
    ]
    return {"url": one.get_absolute_url(), "late": days < 0, "cells": cells}


class DaysForm(ChangeForm):
    first = forms.IntegerField(label="首次提醒：到期前几天", min_value=1, max_value=365)
    last = forms.IntegerField(label="再次提醒：到期前几天", min_value=1, max_value=365)
    field_order = ("first", "last", "in_force_at", "why")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] >= cleaned["first"]:
            self.add_error("last", "再次提醒要比首次提醒离到期更近。")
        return cleaned


@require_http_methods(["GET", "POST"])
@policy(may=CHANGE)
def days(request: HttpRequest) -> HttpResponse:
    first, last = expiry_days(request.community.pk, timezone.now())
    form = DaysForm(request.POST or None, initial={"first": first, "last": last})

    def save(key: str) -> None:
        given = form.cleaned_data
        old = expiry_days(request.community.pk, given["in_force_at"])
        new = (given["first"], given["last"])
        words = ["{} 天、{} 天".format(*one) for one in (old, new)]
        change = Change(EXPIRY_DAYS, list(new), given["in_force_at"], given["why"], "合同到期提醒", *words)
        set_parameter(change, request.community, by=request.user, key=key)

    return saving(
        request, form, save, template="kernel/settings/form.html", title="合同到期提醒", done="改动已记下，到时生效；以后登记、改期的合同按新的提醒。",
        leave_url=reverse("kernel:settings"),
        context={"journal": journal_of(BOOK, book_id(EXPIRY_DAYS, request.community), {"value": "提前天数"}),
                 "help": "首次提醒经办人和档案管理员，一周没定去向提醒客服主管；再次提醒客服主管，一周后提醒客服经理；到期提醒客服经理，次日提醒项目经理。"},
    )  # fmt: skip
