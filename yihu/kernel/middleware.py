"""A refusal that no page caught itself is shown as a sentence, never as an error; a list that was asked for leaves."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.screens.leaving import Leaving, taken_out


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, Leaving):
            try:
                return taken_out(request, exception)
            except Refused as refused:
                exception = refused
        if isinstance(exception, NotFound):
            raise Http404 from exception
        if isinstance(exception, Refused):
            context = {"sentence": exception.sentence, "back_url": "/"}
            return render(request, "kernel/refused.html", context, status=exception.status)
        return None
