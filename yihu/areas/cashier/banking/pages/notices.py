"""Where channels bring their notices. Open to everybody, and deaf to all that is not signed with the merchant's key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yihu.areas.cashier.banking.channels import BadNotice, channel_of
from yihu.areas.cashier.banking.counting import hear
from yihu.kernel.policy import policy

LARGEST = 16 * 1024


@csrf_exempt
@require_POST
@policy(public=True)  # a channel has no account here: its signature over time and body is what lets it in
def notice(request: HttpRequest, channel: str) -> HttpResponse:
    """The same short word to every stranger. ``ok`` only when it is written down: else the channel tells it again."""
    speaker, length = channel_of(channel), request.META.get("CONTENT_LENGTH") or "0"
    if speaker is None or not (length.isascii() and length.isdigit() and int(length) <= LARGEST):
        return _word("refused", 403)
    try:
        paid = speaker.heard(request.headers, request.read(LARGEST + 1))
    except BadNotice:
        return _word("refused", 403)
    if paid is not None:
        hear(channel, paid)
    return _word("ok", 200)


def _word(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
