"""Sign in, sign out, one's own password, and in which community one works."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yihu.ground.staff import acts, door, hold
from yihu.ground.staff.community import choose_community, current_community
from yihu.ground.staff.forms import FirstPasswordForm, PasswordForm, SignInForm
from yihu.ground.staff.passwords import initial_expired
from yihu.ground.staff.throttle import TRIES_PER_NAME
from yihu.kernel.policy import policy

WRONG = "用户名或密码不对，请检查大小写和输入法后再试。"
EXPIRED = "这个初始密码已经过期，请找系统管理员重新给一个。"
LOCKED = "屏幕已锁。输入密码回到刚才那一页；换人上班请改用户名。"
STALE = "页面打开得太久，或者登录状态已经变化。"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@policy(public=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """The one page for everybody who is not signed in; it carries on what was being saved."""
    if request.method == "GET":
        after = hold.local_path(request.GET.get("next", ""), request)
        if request.user.is_authenticated:
            return HttpResponseRedirect(after or "/")
        name = request.GET.get("locked", "")[:40]
        form = SignInForm(initial={"username": name})
        return door.sign_in_page(request, form=form, after=after, notes=(LOCKED,) if name else ())

    after, held = hold.local_path(request.POST.get("next", ""), request), request.POST.get(hold.FIELD, "")
    form = SignInForm(request.POST)
    if form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        if account and initial_expired(account, timezone.now()):
            form.add_error(None, EXPIRED)
        elif account:
            login(request, account)
            return door.arrive(request, after, held)
        elif getattr(request, "axes_locked_out", False):
            return HttpResponse(status=429)  # axes' middleware puts locked_out() in its place
        else:
            form.add_error(None, _wrong(request))
    return door.sign_in_page(request, form=form, after=after, held=held, status=422)


@require_POST
@policy(public=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)
        messages.info(request, "您已退出。")
    return HttpResponseRedirect(reverse("staff:sign_in"))


@require_POST
@policy(public=True)  # each tab of a desk says it for itself; the first one has ended the session already
def lock(request: HttpRequest) -> HttpResponse:
    """Leave the desk for a moment: nobody works on under this name, and the same page opens again after the password."""
    after = hold.local_path(request.POST.get("next", ""), request)
    name = request.user.username if request.user.is_authenticated else request.POST.get("person", "")[:40]
    logout(request)
    return HttpResponseRedirect(reverse("staff:sign_in") + "?" + urlencode({"next": after, "locked": name}))


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
@policy(signed_in=True)
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; at the first sign-in nothing else is possible."""
    after = hold.local_path((request.POST if request.method == "POST" else request.GET).get("next", ""), request)
    held = request.POST.get(hold.FIELD, "")
    form_class = FirstPasswordForm if request.user.must_change_password else PasswordForm
    if request.method == "GET":
        return door.password_page(request, form_class(account=request.user), after)
    form = form_class(request.POST, account=request.user)
    if not form.is_valid():
        return door.password_page(request, form, after, held, status=422)
    acts.change_password(request.user, form.cleaned_data["new"])
    update_session_auth_hash(request, request.user)
    messages.success(request, "密码已修改，您在其他设备上的登录已经退出。")
    return door.arrive(request, after, held)


password.before_first_password = True
password.never_held = True


@require_POST
@policy(signed_in=True)
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's communities."""
    if not choose_community(request, request.POST.get("community", "")):
        raise Http404
    return HttpResponseRedirect(hold.local_path(request.POST.get("next", ""), request) or "/")


# What axes and Django call -------------------------------------------------------------------------------------------
def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """Too many wrong passwords. Says the same whether or not the account exists."""
    throttle = AxesProxyHandler.get_implementation()
    form = SignInForm(request.POST)
    form.is_valid()
    form.add_error(None, _locked(throttle.opens_at(request, credentials), timezone.now()))
    after, held = hold.local_path(request.POST.get("next", ""), request), request.POST.get(hold.FIELD, "")
    return door.sign_in_page(request, form=form, after=after, held=held, status=429)


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back with an outdated token, e.g. because one has signed in again in another window meanwhile."""
    if request.path == reverse("staff:sign_in"):
        return _signed_in_elsewhere(request)
    if not request.user.is_authenticated:
        return door.signed_out(request, proven=False)
    typed_by = hold.typed_by(request)
    waiting = hold.take(request, typed_by, proven=False)
    if waiting and typed_by == request.user.pk and not request.user.must_change_password:
        return door.resume_page(request, waiting, status=403)
    request.community = current_community(request)
    somebody_elses = typed_by is not None and typed_by != request.user.pk
    context = {
        "title": "没有保存",
        "sentence": door.SOMEBODY_ELSES if somebody_elses else f"{STALE}刚才的操作没有保存，请回到原页面重做一次。",
        "leave_url": "/" if somebody_elses else hold.page_of(request),
    }
    return door.whole_page(request, render(request, "kernel/refused.html", context, status=403))


def _signed_in_elsewhere(request: HttpRequest) -> HttpResponse:
    """The sign-in form itself was outdated: nothing is lost, what it carried is carried on."""
    after = hold.local_path(request.POST.get("next", ""), request)
    held = request.POST.get(hold.FIELD, "")
    if request.user.is_authenticated:
        return door.arrive(request, after, held)
    return door.sign_in_page(request, after=after, held=held, notes=(f"{STALE}请再输入一次。",), status=403)


def _wrong(request: HttpRequest) -> str:
    left = TRIES_PER_NAME - (getattr(request, "axes_failures_since_start", None) or 0)
    return f"{WRONG}再错 {left} 次将暂停登录一段时间。" if 0 < left < TRIES_PER_NAME - 1 else WRONG


def _locked(opens_at: datetime | None, now: datetime) -> str:
    if opens_at is None:
        return "密码错误次数过多，登录已暂停。请稍后再试。"
    minutes = max(1, -(-int((opens_at - now).total_seconds()) // 60))
    time = timezone.localtime(opens_at + timezone.timedelta(seconds=59))
    return f"密码错误次数过多，登录已暂停。请 {minutes} 分钟后（{time:%H:%M}）再试，或请系统管理员解除。"
