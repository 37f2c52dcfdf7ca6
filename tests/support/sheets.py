"""What a person reads on a printed sheet."""

import io
import re

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """The words of all pages without blanks: typesetting puts thin spaces between Chinese and Latin."""
    return "".join(text_of_pages(pdf))


def text_of_pages(pdf: bytes) -> list[str]:
    return [re.sub(r"[\s\u200b]+", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
