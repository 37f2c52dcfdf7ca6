"""A scan leaves the program with the name of who takes it and the time across it (ARC-04)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from yihu.ground.papers.watermark import MARKED, marked
from yihu.kernel import files, moments
from yihu.kernel.errors import Refused


def marked_download(scan: Any, *, by: Any, always: bool = False) -> HttpResponse | FileResponse:
    """``always``: what takes no mark is not handed out at all; else (an office file, a locked PDF) it goes as it is."""
    if scan.mime in MARKED:
        words = f"{by} {moments.stamp(timezone.now())} 仅供本次查阅"
        content = marked(files.read(scan.path), scan.mime, words)
        if content is not None:
            answer = HttpResponse(content, content_type=scan.mime)
            answer["Content-Disposition"] = str(content_disposition_header(True, scan.name))
            answer["X-Content-Type-Options"] = "nosniff"
            answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
            answer["Cache-Control"] = "private, no-store"
            return answer
    if always:
        raise Refused("这个文件加不上水印，请陪同人取原件查阅。")
    return files.download(scan)
