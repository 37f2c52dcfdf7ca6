"""How long a sign-in lasts. When a person was last active stands in a signed cookie, so that reading writes nothing."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "yihu_seen"
BEGUN = "begun_at"
_REFRESH_AFTER = 30  # seconds; not every answer needs a cookie


@dataclass(frozen=True)
class Ended:
    """A session that ran out, and whose it was."""

    account: int
    sentence: str


def idle_minutes() -> int:
    return int(getattr(settings, "YIHU_IDLE_MINUTES", 30))


def longest_hours() -> int:
    return int(getattr(settings, "YIHU_SESSION_HOURS", 12))


def is_background(request: HttpRequest) -> bool:
    """Asked by the page itself (bell, countdown, prefetch), not by a person: it keeps no session alive."""
    marked = request.headers.get("X-Poll") or request.GET.get("poll")
    return bool(marked) or "prefetch" in request.headers.get("Sec-Purpose", "")


def ran_out(request: HttpRequest, now: float | None = None) -> Ended | None:
    """Whether the session of this request has ended by itself, and why."""
    account = request.session.get(SESSION_KEY)
    if account is None:
        return None
    now = time.time() if now is None else now
    begun = request.session.get(BEGUN, 0)
    if now - begun > longest_hours() * 3600:
        return Ended(int(account), f"登录已满 {longest_hours()} 小时，请重新登录。")
    if now - max(begun, _seen_at(request)) > idle_minutes() * 60:
        return Ended(int(account), f"您有 {idle_minutes()} 分钟没有操作，系统已自动退出，请重新登录。")
    return None


def begin(request: HttpRequest) -> None:
    request.session[BEGUN] = int(time.time())


def mark_seen(request: HttpRequest, response: HttpResponse, now: float | None = None) -> None:
    """The person was here; every half minute the browser gets a new cookie that says so."""
    now = time.time() if now is None else now
    if now - _seen_at(request) < _REFRESH_AFTER:
        return
    value = seen_value(request.session.session_key or "", now)
    response.set_cookie(
        COOKIE,
        value,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def seen_value(session_key: str, at: float) -> str:
    return signing.dumps([_mark(session_key), int(at)], salt=COOKIE)


def _seen_at(request: HttpRequest) -> int:
    try:
        mark, at = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except (signing.BadSignature, ValueError, TypeError):
        return 0
    return int(at) if mark == _mark(request.session.session_key or "") else 0


def _mark(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]
