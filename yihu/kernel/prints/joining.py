"""Several PDFs as one file; what they share (the fonts of each chunk) is kept once where it is the same."""

from __future__ import annotations

import io
from collections.abc import Iterable

from pypdf import PdfWriter


def join(pdfs: Iterable[bytes]) -> bytes:
    """All pages in order. Raises ValueError where there is nothing to join."""
    writer = PdfWriter()
    for pdf in pdfs:
        writer.append(io.BytesIO(pdf), import_outline=False)
    if not len(writer.pages):
        raise ValueError("no pages to join")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
