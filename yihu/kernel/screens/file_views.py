"""Attachments are served to those who see the record, as attachments, never as pages."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yihu.kernel import files
from yihu.kernel.models.attachment import Attachment
from yihu.kernel.models.record import Record
from yihu.kernel.policy import policy


def _seen(request: HttpRequest, pk: int) -> Any:
    found = Attachment.objects.filter(pk=pk, record__in=Record.objects.seen_by(request.user)).first()
    if found is None:
        raise Http404
    return found


@require_GET
@policy(signed_in=True)
def file(request: HttpRequest, pk: int) -> FileResponse:
    return files.download(_seen(request, pk))


@require_GET
@policy(signed_in=True)
def thumb(request: HttpRequest, pk: int) -> HttpResponse:
    return files.thumbnail(_seen(request, pk))
