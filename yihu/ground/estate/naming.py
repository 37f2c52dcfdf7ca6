"""How a unit is called on screen, and the keys by which it is sorted and found."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from yihu.basics.numerals import CHINESE_DIGITS, chinese_number
from yihu.basics.rooms import RoomKey

PLAIN_LABEL: Final = "{building}-{entrance}-{room}"
LABEL_WITH_CLUSTER: Final = "{cluster}-{building}-{entrance}-{room}"

_DIGITS: Final = re.compile(r"[0-9]+")
_NUMERAL: Final = re.compile(f"[{CHINESE_DIGITS}]+")


class UnitName(NamedTuple):
    """The four parts by which a unit is told from every other in its community."""

    cluster: str
    building: str
    entrance: str
    room: str

    def label(self, pattern: str = PLAIN_LABEL) -> str:
        """A1-1-0101; a part that a place lacks leaves no gap."""
        return re.sub(r"-{2,}", "-", pattern.format(**self._asdict())).strip("-")[:60]

    def sort_key(self) -> str:
        """A2 before A10, the second phase before the third."""
        return "/".join(_padded(part)[:28] for part in self)

    def folded(self) -> tuple[str, str, str]:
        """Building, entrance and room for comparing: 0101 and 101 are the same."""
        return RoomKey(self.building, self.entrance, self.room).folded()

    def search_key(self) -> str:
        return " ".join(filter(None, self.folded()))[:80]


def plain_numbers(text: str) -> str:
    """三 as 3, 十二 as 12: one spelling for codes, and an order for sorting."""

    def number(found: re.Match[str]) -> str:
        try:
            return str(chinese_number(found[0]))
        except ValueError:
            return found[0]

    return _NUMERAL.sub(number, text)


def _padded(part: str) -> str:
    return _DIGITS.sub(lambda found: found[0].zfill(6), plain_numbers(part).lower())
