"""What every page behind a notice's address has in common: who is let in, what is refused, what is never kept by a browser."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yihu.areas.billing.notices.models import Notice
from yihu.fronts.payer import knocking
from yihu.fronts.payer.bills import bill_of
from yihu.kernel import rates
from yihu.kernel.errors import Refused

LARGEST = 16 * 1024  # bytes of a form; there is nothing here to be uploaded
View = Callable[..., HttpResponse]


def of_bill(view: View) -> View:
    """Lets in whoever has the address; to everybody else there is nothing here, and after many wrong ones nothing at all.

    The address is the whole proof and no cookie is any: who does not know it can forge nothing, and a telephone that keeps
    no cookies can still pay. So these views take forms without an anti-forgery token.
    """

    @wraps(view)
    def shown(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        notice, now = None, timezone.now()
        who = knocking.stranger(request)
        if not rates.used_up(knocking.WRONG, who):
            notice = bill_of(token, now)
            if notice is None:
                rates.count(knocking.WRONG, who)
        if notice is None:
            return _hidden(render(request, "payer/nothing.html", status=404))
        try:
            if request.method == "POST":
                _small(request)
                rates.hold(knocking.SENT, str(notice.pk))
            return _hidden(view(request, notice, **more))
        except Refused as refused:
            told = {**frame(notice), "title": "没有办成", "refusal": refused.sentence}
            return _hidden(render(request, "payer/refused.html", told, status=refused.status))

    return shown


def _small(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and int(length) <= LARGEST):
        raise Refused("填写的内容太长，没有提交，请写短一些。")


def _hidden(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def frame(notice: Notice) -> dict[str, Any]:
    """What stands at the top of each page."""
    return {
        "notice": notice,
        "here": notice.batch.community.name,
        "month": str(notice.batch.month),
        "community": None,
        "bill_url": reverse("payer:bill", args=[notice.token]),
    }


def key_for(request: HttpRequest, notice: Notice, what: str) -> str:
    """The form's own key, kept apart from every other bill's and from our own work: 系统 writes for the payer."""
    return f"payer:{what}:{notice.pk}:{request.POST.get('key', '')[:40] or uuid.uuid4().hex}"


def no_longer(notice: Notice) -> None:
    """Nothing is done on a paper that was called back."""
    if notice.recalled_at is not None:
        raise Refused("这张通知单已经作废，请以新的通知单为准。")
