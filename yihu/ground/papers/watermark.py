"""The name of who takes a scan away, and when, written across it: pictures and PDF (ARC-04, domain.md §6.3)."""

from __future__ import annotations

import io
import logging
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from yihu.kernel.errors import Refused
from yihu.kernel.prints.engine import set_type
from yihu.kernel.sniffing import IMAGES, check_image

logger = logging.getLogger(__name__)

PDF = "application/pdf"
MARKED = (*IMAGES, PDF)
MOST_PAGES = 300
_TEMPLATE = Path(__file__).parent / "prints" / "mark.typ"
_INK, _ANGLE = (90, 90, 90, 74), 24


def marked(content: bytes, mime: str, words: str) -> bytes | None:
    """The file with ``words`` across every page of it; None where such a file takes no mark."""
    try:
        if mime in IMAGES:
            return _picture(content, mime, words)
        return _pdf(content, words) if mime == PDF else None
    except (PyPdfError, Refused, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        logger.warning("a scan takes no watermark: %s", type(problem).__name__)
        return None


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(pylopdf_fonts_zh_cn.serif_path(), size)


def _picture(content: bytes, mime: str, words: str) -> bytes:
    file = io.BytesIO(content)
    check_image(file, mime)
    with Image.open(file, formats=[IMAGES[mime]]) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    size = max(12, min(picture.size) // 26)
    font = _font(size)
    wide, high = int(font.getlength(words)) + 4 * size, 5 * size
    tile = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
    ImageDraw.Draw(tile).text((size, size), words, font=font, fill=_INK)
    side = int((picture.width**2 + picture.height**2) ** 0.5) + wide
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    for down in range(0, side, high):
        for across in range(-(down // high % 2) * wide // 2, side, wide):
            sheet.paste(tile, (across, down))
    turned = sheet.rotate(_ANGLE)
    left, top = (turned.width - picture.width) // 2, (turned.height - picture.height) // 2
    picture.alpha_composite(turned.crop((left, top, left + picture.width, top + picture.height)))
    out = io.BytesIO()
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    white.save(out, IMAGES[mime], **({"quality": 88} if mime != "image/png" else {}))
    return out.getvalue()


def _pdf(content: bytes, words: str) -> bytes | None:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
        return None
    writer, now = PdfWriter(), timezone.now()
    marks: dict[tuple[int, int], bytes] = {}
    for page in reader.pages:
        page.transfer_rotation_to_content()
        size = (max(72, int(page.mediabox.width)), max(72, int(page.mediabox.height)))
        if size not in marks:
            told = {"width": size[0], "height": size[1], "words": words}
            marks[size] = set_type(_TEMPLATE, told, "pdf", now=now, tagged=False)[0]
        kept = writer.add_page(page)
        kept.merge_page(PdfReader(io.BytesIO(marks[size])).pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
