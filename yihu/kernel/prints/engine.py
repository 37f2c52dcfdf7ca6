"""Sets a template with typst: fonts of ours only, data as JSON only, warnings are errors, one compiler a process."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst

import yihu
from yihu.kernel.errors import Refused

logger = logging.getLogger(__name__)

# templates import the house by "/kernel/house.typ"
ROOT = Path(yihu.__file__).resolve().parent
PICTURE_PPI = 110.0

Format = Literal["pdf", "png"]


class PrintError(Refused):
    """A sheet could not be set. The clerk reads a sentence; the log says what is wrong with the template."""

    status = 500

    def __init__(self, sentence: str, diagnosis: str) -> None:
        super().__init__(sentence)
        self.diagnosis = diagnosis


class _Setter(threading.local):
    """The compiler is not made for several threads at once, and costs a tenth of a second to make: one a thread."""

    compiler: typst.Compiler | None = None


@cache
def _fonts() -> typst.Fonts:
    folder = Path(pylopdf_fonts_zh_cn.serif_path()).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


_setter = _Setter()
_EMPTY = b"#set page(width: 10pt, height: 10pt)"


def _compiler() -> typst.Compiler:
    if _setter.compiler is None:
        _setter.compiler = typst.Compiler(_EMPTY, root=ROOT, font_paths=_fonts())
    return _setter.compiler


def set_type(template: Path, envelope: Any, format_: Format, *, now: datetime, tagged: bool = True) -> list[bytes]:
    """The pages as pictures, or one PDF. Nothing that a person typed is ever read as markup."""
    source: Any = template if template.is_relative_to(ROOT) else template.read_bytes()
    try:
        content, warnings = _compiler().compile_with_warnings(
            source,
            format=format_,
            ppi=PICTURE_PPI if format_ == "png" else None,
            sys_inputs={"sheets": json.dumps(envelope, ensure_ascii=False)},
            timestamp=now.astimezone(UTC).replace(microsecond=0),
            pdf_tags=tagged,
        )
    except typst.TypstError as error:
        raise _failed(template, error.diagnostic or error.message) from error
    if warnings or content is None:
        raise _failed(template, "; ".join(warning.message for warning in warnings))
    return content if isinstance(content, list) else [content]


def forget() -> None:
    """Let go of what the setter remembers for the next run; after a batch that is most of a gigabyte.

    It drops what was not used in its last ten runs, so ten runs over nothing empty it.
    """
    for _ in range(11):
        _compiler().compile(_EMPTY, format="pdf")


def _failed(template: Path, diagnosis: str) -> PrintError:
    logger.error("the sheet %s could not be set: %s", template.name, diagnosis[:2000])
    return PrintError("这张单子没有排好版，暂时不能打印。请把单号告诉管理员。", diagnosis)
