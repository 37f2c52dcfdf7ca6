"""What a person meets who is not signed in, or not any more: the sign-in page with what he had typed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yihu.ground.staff import hold, sessions
from yihu.ground.staff.community import current_community
from yihu.ground.staff.forms import FirstPasswordForm, SignInForm

UNAUTHORISED = 401
TOO_LONG = "刚才填写的内容太长，无法替您保留。请按浏览器的“后退”回到原页面，先把内容复制出来。"
NOT_KEPT = "登录已过期。刚才的操作没有保存，请登录后重做一次。"
SOMEBODY_ELSES = "刚才那张表单是另一位同事打开的，填写的内容没有保留，也没有保存。"


def sign_in_page(
    request: HttpRequest,
    *,
    form: SignInForm | None = None,
    after: str = "",
    held: str = "",
    notes: tuple[str, ...] = (),
    kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    """``after`` is where to go then; ``held`` what waits to be saved; ``notes`` say why this page is here."""
    context = {"form": form or SignInForm(), "next": after, "held": held, "notes": notes, "kept": kept or bool(held)}
    response = render(request, "staff/sign_in.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def signed_out(request: HttpRequest, *, proven: bool) -> HttpResponse:
    """Somebody asks for a page that needs a sign-in. ``proven``: the request carried a right anti-forgery token.

    What scripts ask for is sent to the sign-in page too: they notice, say so on the open page and touch nothing there.
    A form that a script keeps on the device itself (``X-Outbox``) needs no hold.
    """
    if request.method in ("GET", "HEAD"):
        return _to_sign_in(request, request.get_full_path())
    if request.headers.get("X-Outbox"):
        return _to_sign_in(request, hold.page_of(request))
    return hold_and_sign_in(request, proven=proven)


def hold_and_sign_in(request: HttpRequest, *, proven: bool) -> HttpResponse:
    """A form was sent without a session: the sign-in page carries it."""
    why = (request.ended.sentence,) if request.ended else ()
    account_id = request.ended.account if request.ended else hold.typed_by(request)
    taken = hold.take(request, account_id, proven=proven)
    if taken is None:
        return whole_page(request, sign_in_page(request, notes=(*why, NOT_KEPT), status=UNAUTHORISED))
    sealed = hold.seal(taken)
    notes = why if sealed else (*why, TOO_LONG)
    return whole_page(request, sign_in_page(request, after=taken.page, held=sealed, notes=notes, status=UNAUTHORISED))


def arrive(request: HttpRequest, after: str, held: str) -> HttpResponse:
    """Signed in: first a password of one's own, then what was typed, then where the person wanted to go."""
    if request.user.must_change_password:
        return password_page(request, FirstPasswordForm(account=request.user), after, held)
    waiting = hold.unseal(held)
    if waiting and waiting.account == request.user.pk:
        return resume_page(request, waiting)
    if waiting:
        messages.warning(request, SOMEBODY_ELSES)
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(hold.local_path(after, request) or "/")


def resume_page(request: HttpRequest, waiting: hold.Held, *, status: int = 200) -> HttpResponse:
    """The typed form once more, to be sent on with one button."""
    request.community = current_community(request)  # for the frame around the page; the sign-in itself has none
    response = render(request, "staff/resume.html", {"waiting": waiting}, status=status)
    response["Cache-Control"] = "no-store"
    return whole_page(request, response)


def first_password(request: HttpRequest) -> HttpResponse:
    """Until the initial password is changed every way leads here."""
    address = reverse("staff:password")
    if request.method in ("GET", "HEAD"):
        address += "?" + urlencode({"next": request.get_full_path()})
    return redirect_whole(request, address)


def password_page(
    request: HttpRequest, form: Any, after: str = "", held: str = "", *, status: int = 200
) -> HttpResponse:
    template = "staff/first_password.html" if request.user.must_change_password else "staff/password.html"
    response = render(request, template, {"form": form, "next": after, "held": held}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def redirect_whole(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect of the whole page, also when htmx asked for a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """To htmx: put this in place of the whole page, whatever part it meant to fill."""
    if request.headers.get("HX-Request"):
        response["HX-Retarget"] = "body"
        response["HX-Reswap"] = "innerHTML"
    return response


def _to_sign_in(request: HttpRequest, after: str) -> HttpResponse:
    if request.ended and not sessions.is_background(request):
        messages.info(request, request.ended.sentence)
    return HttpResponseRedirect(reverse("staff:sign_in") + ("?" + urlencode({"next": after}) if after != "/" else ""))
