"""What a data callable gives, as plain JSON for the template: text that no sheet chokes on, pictures as SVG."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import filetype
import segno
from django.utils import timezone

from yihu.basics.charts import Drawing
from yihu.basics.text import without_unseen
from yihu.kernel import moments
from yihu.kernel.errors import Refused
from yihu.kernel.pictures import for_paper
from yihu.kernel.prints.coverage import drawable
from yihu.kernel.sniffing import IMAGES

LONGEST = 20_000
# a run that no line can hold gets places where it may be broken, but no visible sign
_RUN = re.compile("[^\\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff\u200b]{14,}")
_BREAK = "\u200b"


def plain(value: Any) -> Any:
    """Any value of a sheet; nothing raises."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, bytes):
        return picture_svg(value)
    if isinstance(value, Drawing):
        return value.svg
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset) or hasattr(value, "__next__"):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return moments.stamp(value) if timezone.is_aware(value) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return printable(str(value))


def printable(text: str) -> str:
    """Text that wraps on any sheet: without unseen characters, not endless, with places to break a long run."""
    shown = without_unseen(text[: LONGEST + 1].replace("\r\n", "\n").replace("\r", "\n").replace("\t", "　"))
    if len(text) > LONGEST:
        shown = shown[:LONGEST] + "…（以下略）"
    return _RUN.sub(lambda run: _BREAK.join(_in_pieces(run[0])), drawable(shown))


def _in_pieces(run: str, length: int = 4) -> list[str]:
    return [run[at : at + length] for at in range(0, len(run), length)]


def qr_svg(text: str) -> str:
    """A QR code as a picture, in thin black squares."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def qr_picture(text: str) -> str:
    """The same for a page, with its white border; '' for nothing."""
    if not text:
        return ""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=3, light="#fff", xmldecl=False, svgns=True)
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode()}"


def picture_svg(content: bytes) -> str:
    """A photograph or a signature as an SVG that holds it; '' for what is no whole picture."""
    kind = filetype.guess(content[:4096])
    if kind is None or kind.mime not in IMAGES:
        return ""
    try:
        shown, mime, width, height = for_paper(content, kind.mime)
    except Refused:
        return ""
    data = base64.b64encode(shown).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:{mime};base64,{data}"/></svg>'
    )
