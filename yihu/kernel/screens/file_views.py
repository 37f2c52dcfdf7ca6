"""Attachments are served to those who see the record, as attachments, never as pages."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yihu.kernel import files
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.erasing import files_of_others
from yihu.kernel.errors import Refused
from yihu.kernel.models.attachment import Attachment
from yihu.kernel.models.prints import IssuedCopy
from yihu.kernel.models.record import record_seen_by
from yihu.kernel.personal import shut
from yihu.kernel.policy import policy


def _seen(request: HttpRequest, pk: int) -> Any:
    found = Attachment.objects.filter(record_seen_by(request.user), pk=pk).first()
    if found is None:
        raise Http404
    sentence = shut(request.user, found.record)
    if sentence and found.pk not in files_of_others(found.record):
        raise Refused(sentence)
    return found


@require_GET
@policy(signed_in=True)
def file(request: HttpRequest, pk: int) -> FileResponse:
    return files.download(_seen(request, pk))


@require_GET
@policy(signed_in=True)
def issued(request: HttpRequest, pk: int) -> FileResponse:
    """A sheet as it was handed out. Who sees its record sees it; one without a record, the archive and whom it belongs to."""
    found = IssuedCopy.objects.select_related("party", "record", "run").filter(pk=pk).first()
    if found is None or not _may_see(request.user, found):
        raise Http404
    if sentence := shut(request.user, found):
        raise Refused(sentence)
    answer = files.download(found)
    if found.record or found.party:  # what hangs on the wall is everybody's to look at
        with command(by=request.user, verb="issued.look") as writing:
            about = found.record or writing.book("estate.party", found.party_id)
            writing.note(about, f"{request.user} 查看已发出的{found.title} {found.run.subject}", step="look")
    return answer


def _may_see(person: Any, copy: IssuedCopy) -> bool:
    if copy.record_id is not None:
        return IssuedCopy.objects.filter(record_seen_by(person), pk=copy.pk).exists()
    grants = grants_of(person)
    return any(grants.may(one, copy.community_id) for one in ("papers.see", copy.may) if one)


@require_GET
@policy(signed_in=True)
def thumb(request: HttpRequest, pk: int) -> HttpResponse:
    return files.thumbnail(_seen(request, pk))
