"""Attachments are served to those who see the record, as attachments, never as pages."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yihu.kernel import files
from yihu.kernel.models.attachment import Attachment
from yihu.kernel.models.record import record_seen_by
from yihu.kernel.policy import policy


def _seen(request: HttpRequest, pk: int) -> Any:
    found = Attachment.objects.filter(record_seen_by(request.user), pk=pk).first()
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
