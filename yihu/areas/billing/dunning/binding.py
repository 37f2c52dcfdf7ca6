"""Many sheets and files in one PDF: a lawsuit's whole file."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from yihu.areas.billing.dunning.models import DunningCase, DunningNotice
from yihu.areas.billing.dunning.printing import NOTICE
from yihu.areas.billing.dunning.procedure.cases import CASE
from yihu.kernel import files, prints
from yihu.kernel.models import Attachment

PAGE = (1240, 1754)  # A4 at 150 points to the inch
FILE_SHEET, LETTER_SHEET = CASE.prints[1], CASE.prints[0]
OURS = ("存根联",)


def bound(parts: Iterable[bytes]) -> bytes:
    """The PDFs behind each other."""
    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=False)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def case_file(case: DunningCase, by: Any, now: Any) -> bytes:
    """The list of contents, the letter, each notice, and what proves that each reached the payer."""
    prints.count_print(FILE_SHEET.name, by=by, at=now, record=case)
    notices = list(
        case.notices.exclude(state=DunningNotice.State.VOID).select_related("community", "unit", "party").order_by("pk")
    )
    parts = [prints.render(FILE_SHEET, case, by, now=now)]
    if case.letters.exists():
        parts.append(prints.render(LETTER_SHEET, case, by, now=now))
    for notice in notices:
        parts.append(prints.render(NOTICE, notice, by, copies=OURS, now=now))
        parts += _papers(notice)
    return bound([*parts, *_papers(case)])


def _papers(record: Any) -> list[bytes]:
    """What was attached: scans and photographs, a page each; what cannot be read any more is left out and named by the invariants."""
    found = []
    for one in Attachment.objects.filter(record_id=record.pk).order_by("at", "pk"):
        try:
            found.append(_page(files.read(one.path), one.mime))
        except (files.Unreadable, PyPdfError, OSError, ValueError):
            continue
    return found


def _page(content: bytes, mime: str) -> bytes:
    if mime == "application/pdf":
        PdfReader(io.BytesIO(content))
        return content
    with Image.open(io.BytesIO(content)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((PAGE[0] - 120, PAGE[1] - 120))
    sheet = Image.new("RGB", PAGE, "white")
    sheet.paste(picture, (60, 60))
    kept = io.BytesIO()
    sheet.save(kept, "PDF", resolution=150)
    return kept.getvalue()
