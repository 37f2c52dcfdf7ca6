"""Ends sessions that ran out, lets nobody past a page's policy, and loses nothing that was typed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from yihu.ground.staff import hold, sessions
from yihu.ground.staff.community import current_community
from yihu.ground.staff.door import first_password, signed_out
from yihu.kernel.authority import grants_of

Next = Callable[[HttpRequest], HttpResponse]


class SessionMiddleware:
    """Stands after Django's AuthenticationMiddleware."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.ended = sessions.ran_out(request)
        if request.ended:
            request.session.flush()
            request.user = AnonymousUser()
        request.community = None
        response = self.get_response(request)
        if request.user.is_authenticated:
            if not sessions.is_background(request):
                sessions.mark_seen(request, response)
            _remember_secret(request, response)
        return response


class PolicyMiddleware:
    """Stands last. A view that declares nothing is open to nobody."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        policy = getattr(view, "policy", None)
        if policy is None:
            raise PermissionDenied
        if policy.public or policy.token:
            return None  # a view for tokens lets nobody in by itself: it was made by the decorator that asks for one
        if not request.user.is_authenticated:
            return signed_out(request, proven=not getattr(view, "csrf_exempt", False))
        if request.user.must_change_password and not getattr(view, "before_first_password", False):
            return first_password(request)
        request.community = current_community(request)
        if policy.may and not _may(request, policy.may):
            raise PermissionDenied
        return None


def _may(request: HttpRequest, capability: str) -> bool:
    return request.community is not None and grants_of(request.user).may(capability, request.community.pk)


def _remember_secret(request: HttpRequest, response: HttpResponse) -> None:
    """An anti-forgery secret stands in this page: note to whom it was given, so that a form tells who typed it."""
    secret = request.META.get("CSRF_COOKIE") if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") else None
    if secret and hold.given_to(request.COOKIES, secret) != request.user.pk:
        response.set_cookie(
            hold.COOKIE,
            hold.remember(request.COOKIES, secret, request.user.pk),
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
