"""Whether a text points at somebody: telephone numbers, room numbers, names that are known here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from yihu.basics.identity import mask_free_text
from yihu.basics.numerals import half_width

# A1-1-0101, 3-2-1701; 5栋301, 12号楼2单元301室; 0301室, 1204房
_ROOM = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z]?[0-9]{1,3}-[0-9]{1,2}-[0-9]{2,4}(?![0-9])"
    r"|[A-Za-z0-9一二三四五六七八九十]{1,3}\s*(?:栋|幢|座|号楼|#)\s*(?:[0-9一二三四五六七八九十]{1,2}\s*(?:单元|门))?\s*[0-9]{3,4}(?![0-9年元])"
    r"|(?<![0-9])[0-9]{3,4}\s*(?:室|房|号房|户)(?![0-9])"
)


def points_at(text: str, names: Iterable[str]) -> str:
    """What in the text points at somebody, in a word for the writer; "" if nothing does."""
    plain = half_width(text)
    if mask_free_text(text) != text:
        return "电话、证件号或账号"
    if room := _ROOM.search(plain):
        return f"房号“{room[0].strip()}”"
    named = next((name for name in names if len(name) > 1 and name in plain), "")
    return f"姓名“{named}”" if named else ""
