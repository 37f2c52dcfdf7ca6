"""Reads every line of a reading sheet: figures, and what the reader wrote beside them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from yihu.areas.billing.meters.bringing import headings
from yihu.areas.billing.meters.bringing.lines import Line
from yihu.areas.billing.meters.bringing.problems import problem
from yihu.basics.cells import CellError
from yihu.basics.numerals import half_width
from yihu.basics.worktime import BUSINESS_MONTH_ENDS
from yihu.kernel.importing import cells
from yihu.kernel.importing.checking import Checked, SheetReader
from yihu.kernel.importing.recognise import Recognised, Shape

_FOOTER: Final = re.compile(
    r"^(合计|小计|总计|共计)|^共\s*\d+|^第\s*\d+\s*页|(制表|打印|复核|抄表)[人员].*:|^(注|说明):"
)


def _about(layout: Any, titles: Any, said: str) -> str:
    """What stands over the figures, and the sheet's own name."""
    return " ".join([said, layout.sheet.name, *(one for one in titles if one)])


SHEET: Final = Shape(
    title="抄表册", words=headings.WORDS, told_by=frozenset({"room", "number", "current"}), must=("room", "current"), about=_about,
    of_sheet="on", sheet_help="写抄表日期，例如 2026-10-20；写“不导入”则跳过这张表。",
)  # fmt: skip


def check(recognised: Recognised, today: date) -> Checked:
    found = Checked(problems=[*recognised.questions, *recognised.notes])
    for layout in recognised.layouts:
        if not layout.left_out and layout.has("room") and layout.has("current"):
            _LineReader(layout, found, today).read()
    found.rows = sorted(_once(found), key=lambda line: line.on)  # in whatever order the months stand
    _guess_dials(found.rows)
    if not found.rows and not found.errors:
        found.problems.append(problem("nothing_found", "读数", "房号"))
    return found


def _once(found: Checked) -> list[Line]:
    kept: dict[tuple[str, str, date], Line] = {}
    for line in found.rows:
        first = kept.setdefault((*line.same, line.on), line)
        if first is not line:
            found.problems.append(
                problem("reading_twice", first.row_no, sheet=line.sheet, row=line.row_no, value=line.number)
            )
    return list(kept.values())


def _guess_dials(lines: list[Line]) -> None:
    """How many figures the dials have: as many as one had that went round; five where none did, more where more are shown."""
    for kind in {line.kind for line in lines}:
        mine = [line for line in lines if line.kind == kind]
        shown = max(
            (len(str(int(one))) for line in mine for one in (line.previous, line.current) if one is not None), default=0
        )
        round_at = [
            len(str(int(line.previous))) for line in mine if line.round and line.previous is not None and line.less
        ]
        digits = min(9, max(shown, max(round_at, default=5), 3))
        for line in mine:
            line.digits = digits
            if line.round and line.less and line.previous is not None:
                line.digits = max(3, len(str(int(line.previous))))


def figure(cell: Any) -> Decimal | None:
    """A reading; None for a blank cell. 1,203.4 度 is 1203.4."""
    if not cells.holds_value(cell):
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number = Decimal(str(round(cell, 3)))
    else:
        written = re.sub(r"[,\s]|度|吨|方|m3|m³|kWh", "", half_width(str(cell)))
        try:
            number = Decimal(written)
        except InvalidOperation as error:
            raise CellError(str(cell)) from error
    if not number.is_finite() or not 0 <= number < 10**10 or number != number.quantize(Decimal("0.001")):
        raise CellError(str(cell))
    return number.normalize() + 0


def day_of(words: str, today: date) -> date | None:
    """10月20日抄表: that day of this year, or of the last one if it has not come yet; 10月: its 20th."""
    told = half_width(words)
    found = headings.DAY_IN_TITLE.search(told) or headings.MONTH_IN_TITLE.search(told)
    if found is None:
        return None
    day = int(found.groupdict().get("day") or BUSINESS_MONTH_ENDS)
    try:
        at = date(int(found["year"] or today.year), int(found["month"]), day)
        return at.replace(year=at.year - 1) if not found["year"] and at > today else at
    except ValueError:
        return None


class _LineReader(SheetReader):
    words, key, footer = headings.WORDS, "room", _FOOTER
    longest = {"note": 120, "number": 40, "room": 40}

    def __init__(self, layout: Any, checked: Any, today: date) -> None:
        super().__init__(layout, checked, today)
        self.day = day_of(str(layout.about or ""), today)

    def row(self) -> Line | None:
        room, number = self.text("room"), self.text("number")
        if not room:
            self.wrong("reading_no_room", column="room")
        kind = self._kind(number)
        on = self._day()
        told = len(self.checked.problems)
        previous, current = (
            self.value("previous", figure, "reading_figure"),
            self.value("current", figure, "reading_figure"),
        )
        unread = any(one.kind == "reading_figure" for one in self.checked.problems[told:])
        times = self.value("multiplier", figure, "reading_times")
        if times is not None and times <= 0:
            self.wrong("reading_times", column="multiplier", value=times)
        if not room or not kind or on is None or (times is not None and times <= 0):
            return None
        note = self.text("note")
        line = Line(
            self.layout.sheet.name,
            self.row_no,
            room,
            number,
            kind,
            on,
            previous,
            current,
            times or Decimal(1),
            note,
            unread=unread,
        )
        _read_note(line)
        return line

    def _kind(self, number: str) -> str:
        if self.has("kind"):
            return self.choice("kind", headings.KINDS, "reading_kind")
        found = headings.KINDS.get(number[:1], "")
        if not found:
            self.wrong("reading_no_kind", column="kind")
        return found

    def _day(self) -> date | None:
        moment = self.value("on", cells.moment, "reading_day") if self.has("on") else None
        on: date | None = moment.day if moment is not None else self.day
        if on is None:
            self.wrong("reading_no_day", column="on")
        elif on > self.today:
            self.wrong("reading_to_come", column="on", value=on)
            return None
        return on


def _read_note(line: Line) -> None:
    note = half_width(line.note)
    line.round = bool(headings.WENT_ROUND.search(note))
    line.swapped = bool(headings.SWAPPED.search(note))
    if line.swapped:
        closing, opening, fresh = (
            headings.CLOSING.search(note),
            headings.OPENING.search(note),
            headings.FRESH_NO.search(note),
        )
        line.closing = Decimal(closing["closing"]) if closing else None
        line.opening = Decimal(opening["opening"]) if opening else Decimal(0)
        line.fresh_number = fresh["number"] if fresh else ""
