"""Takes somebody's name out of a sheet that went out to somebody else: its glyphs go, the gap where they stood stays (PIPL 47)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

Spans = Callable[[str], list[tuple[int, int]]]
WIDE = 1000  # a glyph that is as wide as high
_BREAKS = "\u200b"  # where typesetting may break a line; no reader sees it
_NOT_READ = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


@dataclass(frozen=True)
class _Glyph:
    """Where one glyph stands: which operation of the page, which text of it, which byte."""

    said: str
    op: int
    text: int
    at: int
    width: float


@dataclass(frozen=True)
class _Font:
    """What the glyphs of one font say, and how wide they are."""

    said: dict[int, str]
    widths: dict[int, float]


def without(pdf: bytes, spans: Spans) -> bytes | None:
    """The sheet without what ``spans`` finds in its words; the same bytes where it finds nothing.

    None where that cannot be done for certain: it is no sheet of ours, or something of it would be left. Then it has to go
    whole."""
    try:
        before = _words(PdfReader(io.BytesIO(pdf)))
        if not any(_found(glyphs, spans) for glyphs in before) and not _named_beside(PdfReader(io.BytesIO(pdf)), spans):
            return pdf
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
        for page in writer.pages:
            _strip(page, writer, spans)
        out = io.BytesIO()
        writer.write(out)
        left = PdfReader(io.BytesIO(out.getvalue()))
        clean = not any(_found(glyphs, spans) for glyphs in _words(left)) and not _named_beside(left, spans)
        read = not any(spans(page.extract_text()) for page in left.pages)
    except _NOT_READ:
        return None
    return out.getvalue() if clean and read else None


def _words(reader: PdfReader) -> list[list[_Glyph]]:
    return [list(_glyphs(page, ContentStream(page["/Contents"], reader))) for page in reader.pages]


def _strip(page: Any, writer: PdfWriter, spans: Spans) -> None:
    content = ContentStream(page["/Contents"], writer)
    gone: dict[tuple[int, int], dict[int, float]] = {}
    for glyph in _found(list(_glyphs(page, content)), spans):
        gone.setdefault((glyph.op, glyph.text), {})[glyph.at] = glyph.width
    operations = list(content.operations)
    for op in {op for op, _ in gone}:
        parts: list[Any] = []
        for place, part in enumerate(_parts(operations[op])):
            out = gone.get((op, place))
            parts += [part] if out is None else _cut(part.original_bytes, out)
        operations[op] = ([ArrayObject(parts)], b"TJ")
    if gone:
        content.operations = operations
        page.replace_contents(content)


def _cut(codes: bytes, gone: dict[int, float]) -> Iterator[Any]:
    """The text in pieces, with room in the place of what goes."""
    run = b""
    for at in range(0, len(codes), 2):
        if at not in gone:
            run += codes[at : at + 2]
            continue
        if run:
            yield ByteStringObject(run)
        run = b""
        yield NumberObject(-round(gone[at]))
    if run:
        yield ByteStringObject(run)


def _found(glyphs: list[_Glyph], spans: Spans) -> list[_Glyph]:
    """Looked for as the words stand one behind the other, where a line was broken, and as each piece stands alone."""
    found: dict[_Glyph, None] = {}
    for between in ("", "\n"):
        text, owners, last = "", list[_Glyph | None](), None
        for glyph in glyphs:
            if between and last is not None and glyph.op != last:
                text, owners = text + between, [*owners, None]
            text, last = text + glyph.said, glyph.op
            owners += [glyph] * len(glyph.said)
        for begin, end in spans(text):
            found |= dict.fromkeys(one for one in owners[begin:end] if one is not None)
    return list(found)


def _glyphs(page: Any, content: ContentStream) -> Iterator[_Glyph]:
    fonts = {name: _font(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    font: _Font | None = None
    for op, operation in enumerate(content.operations):
        operands, operator = operation
        if operator == b"Tf":
            font = fonts[operands[0]]
        elif operator in (b"'", b'"') or (operator == b"Do" and _draws_words(page, operands[0])):
            raise ValueError("words that are not read here")
        elif operator in (b"Tj", b"TJ"):
            assert font is not None
            for place, part in enumerate(_parts(operation)):
                if isinstance(part, TextStringObject | ByteStringObject):
                    yield from _of_text(font, part.original_bytes, op, place)


def _parts(operation: Any) -> list[Any]:
    operands, operator = operation
    return list(operands[0]) if operator == b"TJ" else [operands[0]]


def _of_text(font: _Font, codes: bytes, op: int, place: int) -> Iterator[_Glyph]:
    for at in range(0, len(codes), 2):
        code = int.from_bytes(codes[at : at + 2], "big")
        yield _Glyph(font.said.get(code, "").replace(_BREAKS, ""), op, place, at, font.widths.get(code, WIDE))


def _draws_words(page: Any, name: str) -> bool:
    drawn = page["/Resources"]["/XObject"][name].get_object()
    return drawn["/Subtype"] == "/Form" and bool(drawn.get("/Resources", {}).get("/Font"))


def _font(font: Any) -> _Font:
    """Fonts as our sheets embed them: two bytes for a glyph, and a table of what each says."""
    if font["/Subtype"] != "/Type0" or font["/Encoding"] != "/Identity-H":
        raise ValueError("a font of somebody else's sheet")
    table = font["/ToUnicode"].get_object().get_data().decode("ascii")
    said = {
        int(code, 16): bytes.fromhex(words).decode("utf-16-be")
        for chars in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL)
        for code, words in re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", chars)
    }
    if "beginbfrange" in table:
        raise ValueError("a table of somebody else's sheet")
    return _Font(said, dict(_widths(font["/DescendantFonts"][0].get_object().get("/W", []))))


def _widths(table: Any) -> Iterator[tuple[int, float]]:
    """``first [w w w]`` or ``first last w``, as often as it takes."""
    rest = list(table)
    while rest:
        first, then = int(rest[0]), rest[1]
        if isinstance(then, list):
            yield from ((first + place, float(width)) for place, width in enumerate(then))
            rest = rest[2:]
        else:
            yield from ((code, float(rest[2])) for code in range(first, int(then) + 1))
            rest = rest[3:]


def _named_beside(reader: PdfReader, spans: Spans) -> bool:
    """Whether what no reader sees on the page (title, description, text for the blind) names him."""
    for number in range(1, int(reader.trailer["/Size"])):  # type: ignore[call-overload]
        if reader.xref_objStm.get(number) is None and number not in reader.xref.get(0, {}):
            continue
        for said in _strings(reader.get_object(number)):
            if spans(said):
                return True
    return False


def _strings(thing: Any) -> Iterator[str]:
    if isinstance(thing, StreamObject) and thing.get("/Subtype") == "/XML":
        yield thing.get_data().decode("utf-8", "replace")
    if isinstance(thing, TextStringObject):
        yield str(thing)
    elif isinstance(thing, DictionaryObject):
        for value in thing.values():
            yield from _strings(value)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from _strings(value)
