"""What every page behind a notice's address has in common: who is let in, what is refused, what is never kept by a browser."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yihu.fronts.payer import knocking
from yihu.fronts.payer.bills import bill_of
from yihu.fronts.payer.papers import Paper
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
        paper, now = None, timezone.now()
        who = knocking.stranger(request)
        if not rates.used_up(knocking.WRONG, who):
            paper = bill_of(token, now)
            if paper is None:
                rates.count(knocking.WRONG, who)
        if paper is None:
            return _hidden(render(request, "payer/nothing.html", status=404))
        try:
            if request.method == "POST":
                _small(request)
                rates.hold(knocking.SENT, paper.whose)
            return _hidden(view(request, paper, **more))
        except Refused as refused:
            told = {**frame(paper), "title": "没有办成", "refusal": refused.sentence}
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


def frame(paper: Paper) -> dict[str, Any]:
    """What stands at the top of each page."""
    return {
        "paper": paper,
        "here": paper.community.name,
        "community": None,
        "bill_url": reverse("payer:bill", args=[paper.token]),
    }


def key_for(request: HttpRequest, paper: Paper, what: str, *body: Any) -> str:
    """The form's own key, kept apart from every other paper's and from our own work: 系统 writes for the payer. Pressed twice
    it is the same; gone back and something else chosen, it is another (``body``)."""
    said = hashlib.sha256(repr(body).encode()).hexdigest()[:16] if body else ""
    own = request.POST.get("key", "")[:40] or uuid.uuid4().hex
    return f"payer:{what}:{paper.whose}:{own}{said}"


def no_longer(paper: Paper) -> None:
    """Nothing is done on a paper that was called back."""
    if paper.void:
        raise Refused("这张通知单已经作废，请以新的通知单为准。")
