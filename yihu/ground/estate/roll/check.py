"""Reads every row of a recognised roll and says what is wrong with it: first each cell, then the rows among each other."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Final

from yihu.basics.identity import check_id, mask_id, mask_phone
from yihu.basics.names import search_words
from yihu.ground.estate.models.leases import AMOUNTS
from yihu.ground.estate.naming import UnitName
from yihu.ground.estate.roll import cells, headings, places
from yihu.ground.estate.roll.problems import problem
from yihu.ground.estate.roll.rows import AREAS, DATES, Person, Row
from yihu.kernel.importing.checking import Checked, SheetReader
from yihu.kernel.importing.recognise import Layout, Recognised

_FOOTER: Final = re.compile(
    r"(制表|审核|复核|填表|编制|经手)人?:|^(合计|小计|总计|共计|本页小计|累计|平均)|^共\s*\d+\s*[户套间条]|^第\s*\d+\s*页|^(注|备注|说明|填表说明|填报日期|日期|打印日期):"
)
_USES: Final = {
    "own": "自住 自用 业主自住 自主 常住 已入住 入住 自住房",
    "let": "出租 租赁 已租 在租 租住 对外出租 租用 已出租 出租房 租户",
    "mixed": "商住 商住两用 住改商 商住混用 居家办公",
    "vacant": "空置 空房 未入住 闲置 空 待租 未租 空置房 未使用 空闲 未售",
    "office": "办公 办公用 写字楼",
    "trade": "商业 商用 经营 商铺 营业 商业用途",
}
_USE: Final = {word: use for use, words in _USES.items() for word in words.split()}
_KINDS: Final = {
    "home": "住宅 普通住宅 公寓 别墅 洋房 高层 多层 小高层 居住",
    "office": "写字楼 办公 办公楼 商务 商务楼 办公用房",
    "shop": "商铺 商业 门面 店铺 底商 商用",
}
_KIND: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_LONGEST: Final = {"owner": 80, "lessee": 80, "emergency_name": 80, "contact_name": 40, "lessee_contact": 40,
                   "remark": 500, "mailing_address": 120, "parking": 20, "plate": 20}  # fmt: skip
_MOST_OF_A_KIND: Final = 20  # owners or plates in one cell


@dataclass
class Roll(Checked):
    """The whole file as rows and problems; ``clusters`` in the order of the file, code → name."""

    clusters: dict[str, str] = field(default_factory=dict)


def check(recognised: Recognised, today: date) -> Roll:
    """Every row of every sheet. A question that is open is an error: nothing goes live on a guess."""
    roll = Roll(problems=[*recognised.questions, *recognised.notes])
    for layout in recognised.layouts:
        if not layout.left_out and layout.has("room"):
            _SheetReader(layout, roll, today).read()
    _across_rows(roll)
    if not roll.rows and not roll.errors:
        roll.problems.append(problem("nothing_found", "房屋", "房号"))
    return roll


class _SheetReader(SheetReader):
    """Walks down one sheet."""

    words, key, footer, longest = headings.WORDS, "room", _FOOTER, _LONGEST

    def __init__(self, layout: Layout, checked: Roll, today: date) -> None:
        super().__init__(layout, checked, today)
        self.cluster = layout.about.cluster

    def part(self) -> str:
        return self.cluster.code

    # -- one row -------------------------------------------------------------------------------------------------

    def row(self) -> Row | None:
        self.cluster = self._cluster()
        key = self._key()
        if key is None:
            return None
        row = Row(self.layout.sheet.name, self.row_no, tuple(key), kind=self._kind())
        for name in DATES:
            setattr(row, name, self._day(name))
        for name in AREAS:
            setattr(row, name, self.value(name, cells.area, "bad_area"))
        row.use = self.choice("use", _USE, "unknown_use")
        row.remark = "；".join(filter(None, (self.text("remark", column) for column in self.by_name["remark"])))
        row.parking, row.plates = self._things("parking"), self._things("plate")
        row.owners = self._people("owner", "id_no", "phone", "phone2", "contact_name")
        row.lessees = self._people("lessee", "lessee_id", "lessee_phone", "", "lessee_contact")
        row.emergency = self._people("emergency_name", "", "emergency_phone", "", "")
        self._share(row)
        if row.owners:
            row.owners[0].mailing_address = self.text("mailing_address")
        row.lease_from, row.lease_to = self._day("lease_from"), self._day("lease_to")
        amounts = {name: self.value(name, cells.amount, "bad_amount") for name in AMOUNTS if name in self.by_name}
        row.terms = {name: amount for name, amount in amounts.items() if amount is not None and row.lessees}
        self._gaps(row)
        self.checked.clusters.setdefault(self.cluster.code, self.cluster.name)
        return row

    def _cluster(self) -> places.ClusterName:
        if self.by_name["cluster"]:
            return places.cluster_of(self.text("cluster"))
        return self.layout.about.cluster

    def _key(self) -> UnitName | None:
        building, entrance, room = (self.text(name) for name in ("building", "entrance", "room"))
        try:
            place = places.place(self.cluster.code, building, entrance, room, of_sheet=self.layout.about.building)
        except places.NoPlace as wrong:
            shown = " ".join(filter(None, (building, entrance, room)))
            self.wrong("no_key", str(wrong), column="room", value=shown)
            return None
        if place.cluster != self.cluster.code:
            self.cluster = places.cluster_of(place.cluster)
        return place

    def _kind(self) -> str:
        return self.choice("kind", _KIND, "unknown_kind") or self.layout.about.kind

    def _things(self, name: str) -> list[str]:
        found: list[str] = []
        for column in self.by_name[name]:
            found += self.value(name, cells.things, "no_value", column=column) or []
        for thing in found:
            if len(thing) > _LONGEST[name]:
                self.wrong("too_long", _LONGEST[name], column=name, value=thing)
        return [thing for thing in dict.fromkeys(found) if len(thing) <= _LONGEST[name]][:_MOST_OF_A_KIND]

    def _people(self, name: str, id_no: str, phone: str, phone2: str, contact: str) -> list[Person]:
        """Co-owners stand in one cell. Numbers belong to the first, unless there is one for each."""
        found = (self.value(name, cells.names, "no_value") or [])[:_MOST_OF_A_KIND]
        for one in found:
            if len(one) > _LONGEST[name]:
                self.wrong("too_long", _LONGEST[name], column=name, value=one)
        people = [Person(one[:80], search_words(one)[:255], cells.is_firm(one)) for one in found]
        if not people:
            return []
        own, second = self.phones(phone), self.phones(phone2)
        if len(own) == len(people) > 1:
            for person, number in zip(people, own, strict=True):
                person.phone = number
            own = own[:1]
        first = people[0]
        first.phone, first.phone2 = (
            ([*dict.fromkeys([*own, *second]), "", ""])[:2] if own else ("", (second or [""])[0])
        )
        self._give_ids(people, id_no)
        first.contact_name = self.text(contact) if contact else ""
        return people

    def _give_ids(self, people: list[Person], column: str) -> None:
        numbers = self.value(column, cells.id_numbers, "spoilt_id") or [] if column else []
        for person, number in zip(people, numbers if len(numbers) == len(people) else numbers[:1], strict=False):
            person.id_no = number
            if wrong := check_id(number):
                person.doubtful = True
                self.wrong("doubtful_id", wrong, column=column, value=number)

    def _share(self, row: Row) -> None:
        share = self.value("share", cells.share, "bad_share")
        if share is not None and row.owners:
            row.owners[0].share = share

    def _gaps(self, row: Row) -> None:
        of_owners, of_lessees = self.by_name["owner"], self.by_name["lessee"]
        if of_owners and not row.owners:
            self.wrong("missing_name", column="owner")
        if of_lessees and not of_owners and not row.lessees and row.use != "vacant":
            self.wrong("missing_name", column="lessee")
        for people, column in ((row.owners, "phone"), (row.lessees, "lessee_phone")):
            if people and not people[0].phone:
                self.wrong("missing_phone", column=column, value=people[0].name)
        if self.by_name["use"] and not row.use and not self.has("use"):
            self.wrong("missing_use", column="use")
        if row.gross_area and row.net_area and row.net_area > row.gross_area:
            self.wrong("net_over_gross", column="net_area", value=row.net_area)
        days = [(name, getattr(row, name)) for name in DATES if getattr(row, name)]
        for (before, first), (after, second) in pairwise(days):
            if second < first:
                label = headings.BY_NAME[after].label, headings.BY_NAME[before].label
                self.wrong("dates_out_of_order", *label, column=after, value=second)
        for name, day in days:
            if day > self.today:
                self.wrong("future_date", column=name, value=day)
        if row.lease_from and row.lease_to and row.lease_to < row.lease_from:
            self.wrong("lease_backwards", column="lease_to", value=row.lease_to)
        elif row.lease_to and row.lease_to < self.today and row.lessees:
            self.wrong("lease_over", row.lease_to, column="lease_to", value=row.lease_to)

    def _day(self, name: str) -> date | None:
        found = self.value(name, cells.day, "bad_date")
        if found and any(isinstance(self.cells[column.index], int | float) for column in self.by_name[name]):
            self.wrong("serial_date", found, column=name, value=found)
        return found


# -------------------------------------------------------------------------------------------------- rows among each other


def _across_rows(roll: Roll) -> None:
    _keys(roll)
    _people(roll)
    _claimed_twice(roll, "parking", "parking_twice", "车位号")
    _claimed_twice(roll, "plates", "plate_twice", "车牌号")


def _at(row: Row, **more: Any) -> dict[str, Any]:
    return {"sheet": row.sheet, "row": row.row_no, "part": row.key[0], **more}


def _keys(roll: Roll) -> None:
    seen: dict[tuple[str, ...], Row] = {}
    near: dict[tuple[str, ...], Row] = {}
    clashes: set[tuple[str, str]] = set()
    for row in roll.rows:
        first = seen.setdefault(row.key, row)
        shown = "-".join(filter(None, row.key))
        if first is not row:
            if not row.key[0] and first.sheet != row.sheet:
                # Two sheets with the same rooms and no cluster: numbers that begin again are no double entry.
                if (first.sheet, row.sheet) not in clashes:
                    clashes.add((first.sheet, row.sheet))
                    roll.problems.append(
                        problem("which_cluster", first.sheet, sheet=row.sheet, row=row.row_no, value=shown)
                    )
            else:
                roll.problems.append(
                    problem("key_twice", first.sheet, first.row_no, **_at(row, column="房号", value=shown))
                )
            continue
        other = near.setdefault((row.key[0], *UnitName(*row.key).folded()), row)
        if other is not row:
            roll.problems.append(problem("near_key", other.sheet, other.row_no, **_at(row, column="房号", value=shown)))


def _people(roll: Roll) -> None:
    """Name and number together are one person, wherever they stand; his telephones are those of all his rows."""
    names: dict[str, tuple[str, Row]] = {}
    persons: dict[tuple[str, str], list[tuple[Row, Person]]] = defaultdict(list)
    for row in roll.rows:
        for _, person in row.people():
            if person.id_no:
                persons[person.name, person.id_no].append((row, person))
                name, first = names.setdefault(person.id_no, (person.name, row))
                if name != person.name:
                    told = _at(row, column="证件号码", value=mask_id(person.id_no))
                    roll.problems.append(problem("one_id_two_names", first.sheet, first.row_no, **told))
    for rows in persons.values():
        if len(rows) > 1:
            _one_person(roll, rows)


def _one_person(roll: Roll, rows: list[tuple[Row, Person]]) -> None:
    everyone = [person for _, person in rows]
    numbers = list(dict.fromkeys(number for person in everyone for number in (person.phone, person.phone2) if number))
    first = rows[0][0]
    for row, person in rows:
        for number in (person.phone, person.phone2):
            if number and number not in numbers[:2]:
                told = _at(row, column="联系电话", value=mask_phone(number))
                roll.problems.append(problem("other_phone", first.sheet, first.row_no, **told))
    contact = next((person.contact_name for person in everyone if person.contact_name), "")
    address = next((person.mailing_address for person in everyone if person.mailing_address), "")
    for person in everyone:
        person.phone, person.phone2 = [*numbers, "", ""][:2]
        person.contact_name, person.mailing_address = contact, address


def _claimed_twice(roll: Roll, name: str, kind: str, column: str) -> None:
    """A plate or a space that two units name stays with the first."""
    owners: dict[str, Row] = {}
    for row in roll.rows:
        kept = []
        for thing in getattr(row, name):
            first = owners.setdefault(thing, row)
            if first is row:
                kept.append(thing)
            else:
                roll.problems.append(problem(kind, first.sheet, first.row_no, **_at(row, column=column, value=thing)))
        setattr(row, name, kept)


def figures(rows: list[Row]) -> dict[str, dict[str, int]]:
    """Per cluster: units, handed over, renovation ever begun, moved in."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        of = counts.setdefault(row.key[0], {"units": 0, "handed_over": 0, "renovating": 0, "moved_in": 0})
        of["units"] += 1
        of["handed_over"] += row.handed_over_on is not None
        of["renovating"] += row.renovation_begun_on is not None
        of["moved_in"] += row.moved_in_on is not None
    return counts


__all__ = ["Roll", "check", "figures"]
