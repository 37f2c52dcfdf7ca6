"""The signature that somebody drew on the screen, for the sheet that is printed."""

from __future__ import annotations

from typing import Any

from yihu.kernel import files
from yihu.kernel.models.attachment import Attachment


def signature_of(record: Any) -> bytes | str:
    """The latest one drawn on this record; "" where there is none: the sheet must come out."""
    drawn = (
        Attachment.objects.filter(record_id=record.pk, purpose=Attachment.Purpose.SIGNATURE)
        .order_by("-at", "-pk")
        .first()
    )
    return drawing(drawn)


def drawing(attachment: Attachment | None) -> bytes | str:
    """What was drawn; "" where nothing was, or where its file is lost."""
    if attachment is None:
        return ""
    try:
        return files.read(attachment.path)
    except files.Unreadable:
        return ""
