"""What a person had typed when the session ended: sealed, left with the browser, opened only for the same person."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CSRF_TOKEN_LENGTH, _unmask_cipher_token
from django.utils.http import url_has_allowed_host_and_scheme

FIELD = "held"
COOKIE = "yihu_forms"  # which anti-forgery secrets were given to whom in this browser
SECRETS_KEPT = 6
KEPT_FOR = 12 * 3600
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NEVER = re.compile(r"csrfmiddlewaretoken|password|held", re.IGNORECASE)
_MACHINE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|[0-9]+|on|data:.*|", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Held:
    """One posted form: where it was going, from which page, who typed it, its fields, and the names of its files."""

    path: str
    page: str
    account: int
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> list[str]:
        """What a person recognises as his own words: not keys, ids or drawings."""
        return [value for _, value in self.fields if not _MACHINE.fullmatch(value.strip())]


def take(request: HttpRequest, account_id: int | None, *, proven: bool) -> Held | None:
    """What this request had posted, if a page of ours sent it (``proven`` by a token) and it is known who typed it."""
    if account_id is None or request.method != "POST" or request.content_type not in _FORMS:
        return None
    if getattr(request.resolver_match.func, "never_held", False) or not (proven or _of_our_own(request)):
        return None
    try:
        posted, files = request.POST, request.FILES
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None
    fields = tuple((name, value) for name, values in posted.lists() for value in values if not _NEVER.search(name))
    names = tuple((name, file.name) for name, several in files.lists() for file in several)
    if not fields and not names:
        return None
    return Held(request.get_full_path(), page_of(request), account_id, fields, names)


def page_of(request: HttpRequest) -> str:
    """The page on which the form stood."""
    addresses = (request.headers.get("HX-Current-URL", ""), request.headers.get("Referer", ""))
    return next((path for path in (local_path(one, request) for one in addresses) if path), request.path)


def seal(held: Held) -> str:
    """As a text for one hidden field; empty if it would be too long for the next form to carry."""
    packed = zlib.compress(json.dumps(asdict(held), ensure_ascii=False).encode())
    sealed = _lock().encrypt(packed).decode()
    return sealed if len(sealed) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2 else ""


def unseal(text: str) -> Held | None:
    """None if it is not ours, was altered, or is older than a working day."""
    if not text:
        return None
    try:
        data = json.loads(zlib.decompress(_lock().decrypt(text.encode(), ttl=KEPT_FOR)))
    except (InvalidToken, ValueError, zlib.error):
        return None
    return Held(data["path"], data["page"], data["account"], _pairs(data["fields"]), _pairs(data["files"]))


def _pairs(rows: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in rows)


def local_path(address: str, request: HttpRequest) -> str:
    """The path and query of an address in this house; "" for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=False):
        return ""
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""


# Who typed it --------------------------------------------------------------------------------------------------------
def remember(cookies: dict[str, str], secret: str, account_id: int) -> str:
    """The cookie that says to whom this browser's last anti-forgery secrets were given."""
    known = [pair for pair in _given(cookies) if pair[0] != _mark(secret)]
    return signing.dumps([*known, [_mark(secret), account_id]][-SECRETS_KEPT:], salt=COOKIE)


def typed_by(request: HttpRequest) -> int | None:
    """Whose page the form stood on, told by the anti-forgery token that was printed into it."""
    token = request.headers.get("X-CSRFToken") or ""
    try:
        token = request.POST.get("csrfmiddlewaretoken") or token
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None
    if len(token) != CSRF_TOKEN_LENGTH or not token.isascii() or not token.isalnum():
        return None
    return given_to(request.COOKIES, _unmask_cipher_token(token))


def given_to(cookies: dict[str, str], secret: str) -> int | None:
    """The account to which this browser's anti-forgery secret was given, as far as its cookie remembers."""
    return next((account_id for known, account_id in _given(cookies) if known == _mark(secret)), None)


def _given(cookies: dict[str, str]) -> Iterable[list]:
    try:
        return signing.loads(cookies.get(COOKIE, ""), salt=COOKIE, max_age=7 * 24 * 3600)
    except signing.BadSignature:
        return []


def _mark(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:24]


def _of_our_own(request: HttpRequest) -> bool:
    """Sent by a page of this house. What another site posts is not kept: it would wait to be saved by one click."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(sender) and urlsplit(sender).netloc == request.get_host()


def _lock() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"held:" + key.encode()).digest())) for key in keys]
    )
