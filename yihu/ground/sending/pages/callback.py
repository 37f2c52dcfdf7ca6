"""Where providers bring their delivery reports. Open to everybody, and deaf to all that is not signed with the way's key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yihu.ground.sending import reports
from yihu.ground.sending.channels import BadReport, channel_of
from yihu.kernel.policy import policy

LARGEST = 64 * 1024


@csrf_exempt
@require_POST
@policy(public=True)  # a provider has no account here: its signature over time and body is what lets it in
def callback(request: HttpRequest, way: str) -> HttpResponse:
    """The same short word to every stranger, whatever is wrong: nothing can be learned here."""
    channel = channel_of(way)
    body = _body(request)
    if channel is None or body is None:
        return _word("refused", 403)
    try:
        found = channel.reports(request.headers, body)
    except BadReport:
        return _word("refused", 403)
    reports.take(way, found)
    return _word("ok", 200)


def _body(request: HttpRequest) -> bytes | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.read(LARGEST + 1) if length.isascii() and length.isdigit() and int(length) <= LARGEST else None


def _word(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
