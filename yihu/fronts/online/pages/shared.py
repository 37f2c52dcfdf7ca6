"""What the pages that nobody signs in to have in common: who is let in, what is refused, what no browser keeps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yihu.fronts.online import knocking
from yihu.fronts.online.cards import card_of
from yihu.fronts.online.following import report_of
from yihu.fronts.online.models import Card
from yihu.ground.contact import ringing
from yihu.kernel import rates
from yihu.kernel.errors import Refused
from yihu.kernel.files import max_bytes
from yihu.kernel.rates import Limit

PHOTOS = 3
TYPED = 64 * 1024  # bytes of a form beside its photographs
View = Callable[..., HttpResponse]


def of_card(view: View) -> View:
    """Lets in whoever has the card; to everybody else there is nothing here, and after many wrong codes nothing at all.

    The code is the whole proof and no cookie is any, as on the payer's page: so these views take forms without an
    anti-forgery token. What is too big or comes too often is refused before a byte of it is looked at.
    """

    @wraps(view)
    def shown(request: HttpRequest, code: str, **more: Any) -> HttpResponse:
        card = _found(request, card_of, code)
        if card is None:
            return nothing(request)
        sent = knocking.SENT if card.unit_id else knocking.SHARED
        limits = [(knocking.FROM, knocking.stranger(request)), (sent, str(card.pk))]
        try:
            _take(request, PHOTOS * max_bytes() + TYPED, limits)
            return hidden(view(request, card, **more))
        except Refused as refused:
            return refused_page(request, card.community, refused, request.path)

    return shown


def of_report(view: View) -> View:
    """Lets in whoever has the private address of one report. A card's code opens none of these."""

    @wraps(view)
    def shown(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        report = _found(request, report_of, token)
        if report is None:
            return nothing(request)
        try:
            _take(request, TYPED, [(knocking.FOLLOWED, str(report.pk))])
            return hidden(view(request, report, token=token, **more))
        except Refused as refused:
            return refused_page(request, report.card.community, refused, "")

    return shown


def _found(request: HttpRequest, behind: Callable[[str, datetime], Any], code: str) -> Any:
    """What the code opens; None too where too many wrong ones were tried from there."""
    who = knocking.stranger(request)
    if rates.used_up(knocking.WRONG, who):
        return None
    found = behind(code, timezone.now())
    if found is None:
        rates.count(knocking.WRONG, who)
    return found


def _take(request: HttpRequest, largest: int, limits: list[tuple[Limit, str]]) -> None:
    """What is sent counts, and has a size; looking is free."""
    if request.method == "POST":
        _small(request, largest)
        for limit, whose in limits:
            rates.hold(limit, whose)


def _small(request: HttpRequest, largest: int) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (
        length.isascii() and length.isdigit() and int(length) <= min(largest, settings.YIHU_UPLOAD_MB * 1024 * 1024)
    ):
        raise Refused(f"照片太大，没有提交。最多 {PHOTOS} 张，每张不超过 {settings.YIHU_FILE_MB} MB。")


def nothing(request: HttpRequest) -> HttpResponse:
    return hidden(render(request, "online/nothing.html", {"title": "打不开", "here": ""}, status=404))


def refused_page(request: HttpRequest, community: Any, refused: Refused, back: str) -> HttpResponse:
    told = {**frame(community), "title": "没有办成", "refusal": refused.sentence, "back_url": back}
    return hidden(render(request, "online/refused.html", told, status=refused.status))


def hidden(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def frame(community: Any) -> dict[str, Any]:
    """What stands on each page: the place, and whom to ring; never anything of a household."""
    return {"here": community.name, "community": None, "numbers": to_ring(community)}


def to_ring(community: Any) -> list[dict[str, str]]:
    """The desk's own numbers and those for an emergency, as they are posted on the board."""
    found = []
    for name, text in ringing.to_ring(community, emergency=True):
        dialled = "".join(sign for sign in text if sign.isascii() and (sign.isdigit() or sign == "+"))
        found.append({"name": name, "text": text, "dialled": dialled if len(dialled) >= 3 else ""})
    return found


def key_for(request: HttpRequest, what: str, card: Card) -> str:
    """The form's own key, kept apart from every other card's and from our own work: 系统 writes for the reporter."""
    return f"online:{what}:{card.pk}:{request.POST.get('key', '')[:40] or uuid.uuid4().hex}"
