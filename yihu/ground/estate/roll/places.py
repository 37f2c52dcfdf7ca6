"""Where a unit is, out of what people write: clusters from sheet names, buildings and rooms from cells."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from yihu.basics import rooms
from yihu.basics.numerals import half_width
from yihu.ground.estate.naming import UnitName, plain_numbers

_HAN: Final = "\u4e00-\u9fff"
_NUMERAL: Final = "[0-9A-Za-z一二三四五六七八九十甲乙丙丁]"
_NICK: Final = "(?:[(][^)]{1,40}[)])?"
_CLUSTER: Final = re.compile(
    rf"(?:(?P<code>{_NUMERAL}{{1,4}}|[东南西北中]|[{_HAN}]{{1,6}})组团"
    rf"|第?(?P<numbered>{_NUMERAL}{{1,4}}(?:期|区|地块|标段))|(?P<side>[东南西北中]区)){_NICK}"
)
_BUILDING_IN_NAME: Final = re.compile(rf"({_NUMERAL}{{1,4}})\s*(?:号楼|号院|栋|幢|座|#楼|#)")
_BUILDING_WORDS: Final = re.compile(r"(号楼|楼栋|号栋|号幢|号座|#楼|[栋幢座楼#])$")
_ENTRANCE_WORDS: Final = re.compile(r"(号?单元|门栋|[门梯])$")
_ROOM_WORDS: Final = re.compile(r"(号房|号室|[室号房])$")
_PLAIN_ROOM: Final = re.compile(rf"[0-9A-Z{_HAN}]{{1,20}}")
_DIGITS_ONLY: Final = re.compile("[0-9]{1,6}[A-Z]?")
_SEVERAL: Final = re.compile(r"[、,;&+]|[0-9]{3,}[A-Z]?/[0-9]{3,}")


class ClusterName(NamedTuple):
    code: str
    name: str


NO_CLUSTER: Final = ClusterName("", "")


class NoPlace(ValueError):
    """No unit can be told from this; the text says why."""


def cluster_in(title: str) -> ClusterName:
    """The cluster that a sheet's name or title speaks of: A组团(罗马假日) 业主基本情况汇总表."""
    found = _CLUSTER.search(half_width(title))
    if not found:
        return NO_CLUSTER
    return ClusterName(_code(found["code"] or found["numbered"] or found["side"]), found[0].removeprefix("第"))


def cluster_of(value: str) -> ClusterName:
    """The cluster that a cell of the column 组团 names."""
    value = value.strip()
    if not value:
        return NO_CLUSTER
    if _CLUSTER.fullmatch(half_width(value)):
        return cluster_in(value)
    code = _code(value)
    return ClusterName(code, f"{value}组团" if re.fullmatch("[0-9A-Z]{1,2}", code) else value[:60])


def building_in(title: str) -> str:
    """The building that a sheet's name or title speaks of: 写字楼租户台账(A座)."""
    found = _BUILDING_IN_NAME.search(half_width(title))
    return _code(found[1]) if found else ""


def place(cluster: str, building: str, entrance: str, room: str, *, of_sheet: str = "") -> UnitName:
    """The unit meant by these cells. The room's cell may hold building and entrance as well; they must not disagree.

    ``of_sheet`` is the building that the sheet as a whole is about. Raises NoPlace with a sentence.
    """
    building, entrance = (
        _code(_BUILDING_WORDS.sub("", _plain(building))),
        _code(_ENTRANCE_WORDS.sub("", _plain(entrance))),
    )
    whole = half_width(room).strip().upper()
    if not whole:
        raise NoPlace("没有房号。")
    if _SEVERAL.search(whole):
        raise NoPlace("一格里写了几个房号，须每套房屋一行。")
    told = UnitName(cluster, building, entrance, "")
    if building and _DIGITS_ONLY.fullmatch(own := _ROOM_WORDS.sub("", whole)):
        return told._replace(room=own)
    ways = [way for key in rooms.candidates(whole) if (way := _agreeing(told, key, of_sheet))]
    if not ways:
        ways = _as_it_stands(told, whole, of_sheet)
    if of_sheet or building:
        ways.sort(key=lambda way: way.entrance != entrance)  # A1101 in building A: the room, not entrance 1
    elif len(set(ways)) > 1:
        shown = "、".join(dict.fromkeys(way.label() for way in ways[:3]))
        raise NoPlace(f"可以读成 {shown}，请写成“楼栋-单元-房号”。")
    return ways[0]


def _agreeing(told: UnitName, key: rooms.RoomKey, of_sheet: str) -> UnitName | None:
    """One reading of the room's cell beside the other cells; None where they contradict each other."""
    building, entrance = _code(key.building), _code(key.entrance)
    if told.building and building and not entrance and not told.entrance and building != told.building:
        building, entrance = "", building  # 1-0101 beside a column of buildings
    elif told.building and building and not entrance and building == told.entrance != told.building:
        building, entrance = "", building
    pairs = ((told.cluster, _code(key.cluster)), (told.building or of_sheet, building), (told.entrance, entrance))
    if any(one and other and one != other for one, other in pairs):
        return None
    where = told.building or building or of_sheet
    if not where:
        return None
    return UnitName(told.cluster or _code(key.cluster), where, told.entrance or entrance, key.room)


def _as_it_stands(told: UnitName, whole: str, of_sheet: str) -> list[UnitName]:
    """A room that is called by a name (商铺3), where the building is known; else the sentence why there is no unit."""
    room = _ROOM_WORDS.sub("", whole)
    readings = rooms.candidates(whole)
    if any(key.building for key in readings):
        named = "、".join(dict.fromkeys(str(key) for key in readings[:2]))
        beside = told._replace(building=told.building or of_sheet).label("{cluster}-{building}-{entrance}")
        raise NoPlace(f"房号读作 {named}，与楼栋、单元“{beside}”不一致。")
    if not (told.building or of_sheet):
        raise NoPlace("没有楼栋。")
    if not _PLAIN_ROOM.fullmatch(room):
        raise NoPlace("房号里有不认识的字符。")
    return [told._replace(building=told.building or of_sheet, room=room)]


def _plain(text: str) -> str:
    return half_width(text).strip().replace(" ", "")


def _code(text: str) -> str:
    """12, A1, 2期: capitals, plain digits, without leading zeros."""
    short = plain_numbers(_plain(text)).upper()
    return (re.sub(r"^0+(?=.)", "", short) if short[:1] == "0" else short)[:20]
