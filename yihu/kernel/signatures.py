"""The signature that somebody drew on the screen, for the sheet that is printed."""

from __future__ import annotations

from typing import Any

from yihu.kernel import files
from yihu.kernel.errors import NotFound
from yihu.kernel.models.attachment import Attachment


def signature_of(record: Any) -> bytes | str:
    """The latest one drawn on this record; "" where there is none, or where its file is lost: the sheet must come out."""
    drawn = (
        Attachment.objects.filter(record_id=record.pk, purpose=Attachment.Purpose.SIGNATURE)
        .order_by("-at", "-pk")
        .first()
    )
    if drawn is None:
        return ""
    try:
        return files.read(drawn.path)
    except NotFound:
        return ""
