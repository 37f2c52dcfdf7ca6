"""A scan that was opened to a reader: inside the window, with the escort there, marked with his name, each look written down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.archives.models import Reading
from yihu.ground.papers import filing
from yihu.ground.papers.models import Scan
from yihu.ground.papers.serving import marked_download
from yihu.kernel.errors import NotAllowed
from yihu.kernel.policy import policy


@require_GET
@policy(signed_in=True)
def scan(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    reading = get_object_or_404(Reading.objects.seen_by(request.user), number=number)
    found = get_object_or_404(Scan, pk=pk, paper__in=reading.allowed_papers.all())
    if not reading.is_open_to(request.user, timezone.now()):
        raise NotAllowed("这份资料只在批准的时间内、陪同人到场后，开放给查阅人本人。")
    answer = marked_download(found, by=request.user, always=True)
    filing.note_look(found, by=request.user, why=reading.number)
    return answer
