"""Room numbers as people say and type them, read without guessing.

A unit stands in a building, perhaps in an entrance (单元), and has a room number. "A1-1-0101", "12号楼2单元301室" and
"A座0201" say so; "A11 0101" can be read in two ways, and then both are given. Which of them exists is for the caller to
look up; where several do, a person is asked. Source: design §2.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from yihu.basics.numerals import CHINESE_DIGITS, chinese_number, half_width
from yihu.basics.text import without_unseen

LIMIT = 60  # characters; no room number is longer


class RoomError(ValueError):
    """A room number that cannot be taken as it stands; its text is a sentence that says what to do."""


@dataclass(frozen=True, order=True)
class RoomKey:
    """Building, entrance ("" where there is none) and room as written; the cluster only where the text names it."""

    building: str
    entrance: str
    room: str
    cluster: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, (self.cluster, self.building, self.entrance, self.room)))

    def folded(self) -> tuple[str, str, str]:
        """Building, entrance and room for comparing: 0101 and 101, A1 and a01 are the same."""
        return _plain_part(self.building), _plain_part(self.entrance), _plain_part(self.room)


def _plain_part(part: str) -> str:
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", fold(part))


# Folding, for search

_DROPPED = re.compile(r"组团|号楼|单元|[\W_]|[栋幢座号楼室房户门梯#]")


def fold(text: str) -> str:
    """A room number as typed into a search box, without blanks, signs and 号楼/单元/室, small and half-width."""
    return _DROPPED.sub("", without_unseen(half_width(text[: LIMIT * 4])).lower())


def spellings(key: RoomKey) -> tuple[str, ...]:
    """Every folded way to type a unit, for a search column: with and without cluster and entrance, 0101 and 101.

    `fold` of what a clerk types is one of these, or the beginning of one.
    """
    building, entrance, room = fold(key.building), fold(key.entrance), fold(key.room)
    rooms = dict.fromkeys((room, room.lstrip("0") or room, room.zfill(4) if room.isdecimal() else room))
    entrances = dict.fromkeys((entrance, entrance.lstrip("0"), ""))
    buildings = dict.fromkeys((building, _plain_part(key.building)))
    clusters = dict.fromkeys(("", fold(key.cluster)))
    return tuple(dict.fromkeys("".join(parts) for parts in product(clusters, buildings, entrances, rooms)))


# Reading

_SEPARATOR = re.compile(r"\s*[-‐‑–—−_/\\|,，、.·~]+\s*|\s+")
_CLUSTER = re.compile(r"^.*?(?:([0-9A-Z]+|[\u4e00-\u9fff]+)组团|([0-9A-Z]+)区)")
_NUMERAL = re.compile(f"[{CHINESE_DIGITS}]+(?=号楼|栋|幢|座|单元|层|楼|室|房|号)")

_WORDED = re.compile(
    r"""
    (?: (?P<building>[0-9A-Z]+) \s* (?: 号楼|栋|幢|座|号院|\#楼?|楼 | 号(?=.*(?:单元|室)) )
      | (?P<named>[\u4e00-\u9fff]+?[0-9]*[楼座栋幢阁苑]) )?   [\s-]*
    (?: (?P<entrance>[0-9A-Z]+) \s* (?:单元|门|梯|[\s-]) )?   [\s-]*
    (?: [0-9]+ \s* [层楼] )?                                 [\s-]*
    (?P<room>[0-9]+[A-Z]?|[A-Z][0-9]+) \s* (?:号房|[室房号户])?
    """,
    re.VERBOSE,
)
_WORDS = re.compile(r"[号栋幢座楼阁苑#单元门梯层]")
_TWO_PARTS = re.compile(r"[^-—–]*[-—–]+[^-—–]*")
_MARK = re.compile(r"(?<=[0-9A-Z])(?:号楼|单元|号房|[栋幢座楼#室房号户])$")
_BUILDING_FIRST = re.compile(r"(?P<head>[A-Za-z]{1,2})?(?P<digits>[0-9]+)(?P<tail>[A-Za-z]?)")


def candidates(text: str) -> tuple[RoomKey, ...]:
    """Every reading of a room number, the plainest first; nothing when it is none. Never guesses which is meant."""
    plain = without_unseen(half_width(text)).strip().upper()
    if not plain or len(plain) > LIMIT:
        return ()
    plain = _NUMERAL.sub(_as_digits, plain)
    cluster = ""
    if found := _CLUSTER.match(plain):
        cluster, plain = found[1] or found[2], plain[found.end() :].lstrip(" -—·")
    readings = _worded(plain) or list(_separated(plain))
    if cluster:
        readings = [RoomKey(key.building, key.entrance, key.room, cluster) for key in readings]
    return tuple(dict.fromkeys(readings))


def parse(text: str) -> RoomKey:
    """The one reading of a room number, for files. Raises RoomError when there is none, or more than one.

    Where a sign parts building and room (12-301), the building ends there.
    """
    readings = candidates(text)
    shown = text.strip()[:20]
    if not shown:
        raise RoomError("房号是空的。")
    if not readings:
        raise RoomError(f"“{shown}”不是能读懂的房号，请写成“楼栋-单元-房号”，例如 12-2-301。")
    if len(readings) > 1 and not _TWO_PARTS.fullmatch(half_width(text)):
        ways = "、".join(str(key) for key in readings[:3]) + (" 等" if len(readings) > 3 else "")
        raise RoomError(f"“{shown}”可以读成 {ways}，请写成“楼栋-单元-房号”，例如 {readings[0]}。")
    return readings[0]


def _as_digits(found: re.Match[str]) -> str:
    try:
        return str(chinese_number(found[0]))
    except ValueError:
        return found[0]


def _worded(plain: str) -> list[RoomKey]:
    """12号楼2单元301室, A座0201, 12#2-301: said with words, so there is one reading."""
    found = _WORDED.fullmatch(plain)
    if not found or not _WORDS.search(plain):
        return []
    return [RoomKey(found["building"] or found["named"] or "", found["entrance"] or "", found["room"])]


def _separated(plain: str) -> Iterator[RoomKey]:
    parts = [_MARK.sub("", part) for part in _SEPARATOR.split(plain)]
    if not all(parts) or not any(char.isdigit() for char in parts[-1]) or not all(map(str.isalnum, parts)):
        return
    if len(parts) == 3:
        yield RoomKey(parts[0], parts[1], parts[2])
        return
    if len(parts) == 4:
        yield RoomKey(parts[1], parts[2], parts[3], cluster=parts[0])
        if parts[3].lstrip("0").startswith(parts[2].lstrip("0")):  # building, entrance, floor, room
            yield RoomKey(parts[0], parts[1], parts[3])
    elif len(parts) == 2:
        yield RoomKey(parts[0], "", parts[1])
        yield from (RoomKey(building, entrance, parts[1]) for building, entrance in _with_entrance(parts[0]))
    elif len(parts) == 1:
        yield from _run_together(parts[0])


def _with_entrance(text: str) -> Iterator[tuple[str, str]]:
    """A11 as building A1 with entrance 1: the last one or two digits may be the entrance."""
    found = _BUILDING_FIRST.fullmatch(text)
    if not found or found["tail"]:
        return
    head, digits = found["head"] or "", found["digits"]
    for length in (1, 2):
        building, entrance = digits[:-length], digits[-length:]
        if len(digits) >= length and (building or head) and entrance[0] != "0" and not building.startswith("0"):
            yield head + building, entrance


def _run_together(text: str) -> Iterator[RoomKey]:
    """A0201, F30501, 122301: every place where the building may end and the room begin."""
    found = _BUILDING_FIRST.fullmatch(text)
    if not found:
        return
    head, digits, tail = found["head"] or "", found["digits"], found["tail"]
    if not head and 3 <= len(digits) <= 4:
        yield RoomKey("", "", digits + tail)  # a bare room number, which many buildings have
    for length in _room_lengths(digits):
        before, room = digits[:-length], digits[-length:] + tail
        if before.startswith("0") or len(before) > 4 or not (head or before):
            continue
        if len(before) <= 2:
            yield RoomKey(head + before, "", room)
        yield from (RoomKey(building, entrance, room) for building, entrance in _with_entrance(head + before))


def _room_lengths(digits: str) -> list[int]:
    """Four digits (0101, 1201) or three (301, but not 001: no floor is nought)."""
    return [length for length in (4, 3) if length <= len(digits) and (length == 4 or digits[-3] != "0")]
