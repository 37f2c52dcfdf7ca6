"""The wall itself, which only its address opens, and the page where screens are opened and closed."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.basics.text import clean_line
from yihu.fronts.wall.keeping import MANAGE, close_screen, open_screen, screen_of
from yihu.fronts.wall.models import WallScreen
from yihu.fronts.wall.showing import wall_of
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.settings_pages.index import offer

offer(MANAGE, "wall:screens", "大屏", "维修间墙上的屏幕：开通、停用；看得到进度，看不到业主姓名和电话")


class ScreenForm(forms.Form):
    name = forms.CharField(
        label="挂在哪里", max_length=30, widget=forms.TextInput(attrs={"placeholder": "例如：维修间"})
    )

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 30)


@require_GET
@policy(
    public=True
)  # nobody sits before a wall to sign in: the secret in the address lets it in, and shows no person's data
def wall(request: HttpRequest, secret: str) -> HttpResponse:
    screen = screen_of(secret)
    if screen is None:
        raise Http404
    context = {"screen": screen, "url": request.path, **wall_of(screen.community, timezone.now())}
    response = render(request, "wall/_wall.html" if request.htmx else "wall/wall.html", context)  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@policy(may=MANAGE)
def screens(request: HttpRequest) -> HttpResponse:
    """All screens here; a new one's address is shown once."""
    community: Any = request.community  # type: ignore[attr-defined]
    form, address, status = ScreenForm(request.POST or None), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            name = form.cleaned_data["name"]
            secret = open_screen(community, name, by=request.user, key=key_of(request), now=timezone.now())
            if not secret:
                messages.warning(request, "这块大屏已经开通，地址只显示一次；没有抄下来的话请停用后重新开通。")
                return redirect("wall:screens")
            address, form, status = request.build_absolute_uri(reverse("wall:wall", args=[secret])), ScreenForm(), 200
    context = {
        "title": "大屏",
        "form": form,
        "key": uuid.uuid4().hex,
        "address": address,
        "screens": WallScreen.objects.filter(community=community)
        .select_related("opened_by")
        .order_by("closed_at", "pk"),
    }
    return render(request, "wall/screens.html", context, status=status)


@require_POST
@policy(may=MANAGE)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    close_screen(request.community, pk, by=request.user, key=key_of(request), now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, "大屏已停用，它的地址从现在起打不开。")
    return redirect("wall:screens")
