"""Which characters our fonts can draw, read out of the font itself (table cmap, format 12)."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn

MISSING = "□"  # what Chinese printing sets for a character it has no type for


@cache
def covered() -> frozenset[str]:
    """Every character that both fonts have."""
    serif, sans = (
        _characters(Path(path())) for path in (pylopdf_fonts_zh_cn.serif_path, pylopdf_fonts_zh_cn.sans_path)
    )
    return serif & sans


def drawable(text: str) -> str:
    """The text with □ for each character, or joined emoji, that the fonts lack."""
    if not (missing := set(text) - covered() - {"\n", "\u200b"}):
        return text
    shown: list[str] = []
    joined = False
    for letter in text:
        if letter == "\u200d":  # the next one belongs to the picture before it
            joined = True
        elif letter not in missing:
            shown.append(letter)
            joined = False
        elif joined or _modifies(letter):
            joined = False
        else:
            shown.append(MISSING)
    return "".join(shown)


def _modifies(letter: str) -> bool:
    return (
        "\ufe00" <= letter <= "\ufe0f"
        or "\U000e0100" <= letter <= "\U000e01ef"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
    )


def _characters(path: Path) -> frozenset[str]:
    font = path.read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * tables, 16):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, at)
        if tag == b"cmap":
            return _mapped(font, start)
    raise ValueError(f"{path.name} has no character map")


def _mapped(font: bytes, start: int) -> frozenset[str]:
    (count,) = struct.unpack_from(">H", font, start + 2)
    for at in range(start + 4, start + 4 + 8 * count, 8):
        offset = start + struct.unpack_from(">I", font, at + 4)[0]
        if struct.unpack_from(">H", font, offset)[0] == 12:
            (groups,) = struct.unpack_from(">I", font, offset + 12)
            found = struct.iter_unpack(">III", font[offset + 16 : offset + 16 + 12 * groups])
            return frozenset(chr(code) for first, last, _ in found for code in range(first, last + 1))
    raise ValueError("the font's character map is of an unknown format")
