"""Where administrators open, change, renew and stop integrations, and where the interface is explained."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.fronts.api import keeping
from yihu.fronts.api.forms import IntegrationForm
from yihu.fronts.api.keeping import BOOK, MANAGE
from yihu.fronts.api.manual import chapters
from yihu.fronts.api.models import Integration
from yihu.ground.staff.community import communities_of
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.plain import journal_of, key_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.index import offer

offer(MANAGE, "api:integrations", "接口", "让别的程序读写登记簿：开通、换令牌、停用；接口文档也在这里")
SHOWN_ONCE = "令牌只显示一次；没有抄下来的话请更换令牌。"


@require_GET
@policy(may=MANAGE)
def integrations(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = keeping.managed_by(request.user).prefetch_related("communities").order_by("revoked_at", "pk")
    shown = [
        {
            "integration": one,
            "places": "、".join(place.name for place in one.communities.all()),
            "word": "已停用" if one.revoked_at else "在用" if one.works(now) else "已过期",
        }
        for one in rows
    ]
    return render(request, "api/integrations.html", {"title": "接口", "rows": shown})


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    return _form_page(request, Integration())


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form_page(request, _integration(request, pk))


@require_POST
@policy(may=MANAGE)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    integration = _integration(request, pk)
    token = keeping.renew_token(integration, by=request.user, key=key_of(request), now=timezone.now())
    return _token_page(request, integration, token)


@require_POST
@policy(may=MANAGE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    integration = _integration(request, pk)
    keeping.revoke(integration, by=request.user, key=key_of(request), now=timezone.now())
    messages.success(request, f"接口“{integration}”已停用，它的令牌从现在起无效。")
    return redirect("api:integrations")


@require_GET
@policy(signed_in=True)
def manual(request: HttpRequest) -> HttpResponse:
    """接口文档: what the machine-readable description says, for people."""
    context = {"title": "接口文档", "chapters": chapters(), "origin": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "api/manual.html", context)


def _integration(request: HttpRequest, pk: int) -> Integration:
    found = keeping.managed_by(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _form_page(request: HttpRequest, integration: Integration) -> HttpResponse:
    held = grants_of(request.user).communities_with(MANAGE)
    here = [one for one in communities_of(request) if one.pk in held]
    form = IntegrationForm(request.POST or None, instance=integration, communities=here)
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _kept(request, form)
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
    context: dict[str, Any] = {
        "title": f"接口“{integration}”" if integration.pk else "开通接口",
        "integration": integration,
        "form": form,
        "sections": form.sections(),
        "key": uuid.uuid4().hex,
        "refusal": refusal,
        "journal": journal_of(BOOK, integration.pk) if integration.pk else [],
    }
    return render(request, "api/integration.html", context, status=status)


def _kept(request: HttpRequest, form: IntegrationForm) -> HttpResponse:
    integration, places = form.instance, form.cleaned_data["communities"]
    told: dict[str, Any] = {"by": request.user, "key": key_of(request), "now": timezone.now()}
    if integration.pk:
        keeping.change_integration(integration, places, **told)
        messages.success(request, f"接口“{integration}”已保存。")
        return redirect("api:integrations")
    return _token_page(request, integration, keeping.open_integration(integration, places, **told))


def _token_page(request: HttpRequest, integration: Integration, token: str) -> HttpResponse:
    if not token:
        messages.warning(request, SHOWN_ONCE)
        return redirect("api:integrations")
    response = render(request, "api/token.html", {"title": "令牌", "integration": integration, "token": token})
    response["Cache-Control"] = "no-store"
    return response
