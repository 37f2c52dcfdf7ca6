"""派工台: kept open all day by whoever gives out the orders; it asks for itself again at each tick."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.repairs.board import board_of
from yihu.areas.repairs.crew import ASSIGN
from yihu.areas.repairs.models import WorkOrder
from yihu.ground.estate.models import Cluster
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none
from yihu.kernel.screens.places import place

SEE, ALL = "repairs.see_all", "all"
place(32, "派工台", "repairs:board", ASSIGN)


class FilterForm(forms.Form):
    trade = forms.ChoiceField(
        label="工种", required=False, choices=[(ALL, "全部工种"), *WorkOrder.Trade.choices], widget=forms.RadioSelect
    )
    cluster = forms.ModelChoiceField(
        label="组团", required=False, queryset=Cluster.objects.none(), empty_label="全部组团"
    )

    def __init__(self, *args: Any, community: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cluster"].queryset = Cluster.objects.filter(community=community).order_by("code")


@require_GET
@policy(may=SEE)
def page(request: HttpRequest) -> HttpResponse:
    partial = request.htmx and not request.htmx.boosted
    return _shown(request, "repairs/_board.html" if partial else "repairs/board.html")


@require_POST
@policy(may=ASSIGN)
def assign(request: HttpRequest) -> HttpResponse:
    """One press: this order to this person, level and trade as they stand."""
    order = WorkOrder.objects.seen_by(request.user).filter(
        community=request.community, number=request.POST.get("number", "")[:40]
    ).first()  # fmt: skip
    if order is None:
        raise Http404
    data = {
        "handler": request.POST.get("handler", ""),
        "level": order.level,
        "trade": order.trade,
        "ability": order.ability,
    }
    sentence, done, status = "", "", 200
    try:
        version = number_or_none(request.POST.get("version"))
        moved = perform(order, "assign", by=request.user, key=key_of(request), data=data, version=version)
        done = f"{moved.number} 已派给{moved.handler}。"
    except Invalid as invalid:
        sentence, status = _first_error(invalid.form), invalid.status
    except Refused as refused:
        sentence, status = refused.sentence, refused.status
    if not request.htmx:
        (messages.error if sentence else messages.success)(request, sentence or done)
        return redirect(f"{reverse('repairs:board')}?{request.GET.urlencode()}")
    # htmx shows only what went well; what was refused is told on the board itself
    return _shown(
        request,
        "repairs/_board.html",
        refused=f"{order.number}：{sentence}" if sentence else "",
        done=done,
        said=status,
    )


def _first_error(form: Any) -> str:
    found = [error for errors in form.errors.values() for error in errors]
    return str(found[0]) if found else "没有派成，请打开这张单再派。"


def _shown(request: HttpRequest, template: str, **more: Any) -> HttpResponse:
    if request.community is None:
        raise Http404
    form = FilterForm(request.GET or None, community=request.community)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    asked = {name: getattr(value, "pk", value) for name, value in chosen.items() if value and value != ALL}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    context = {
        "title": "派工台",
        "filters": FilterForm(initial={"trade": ALL, **asked}, community=request.community),
        "query": f"?{query}" if query else "",
        "may_assign": grants_of(request.user).may(ASSIGN, request.community.pk),
        "may_keep": grants_of(request.user).may("repairs.lists", request.community.pk),
        **board_of(request.user, request.community, asked, timezone.now()),
        **more,
    }
    return render(request, template, context)
