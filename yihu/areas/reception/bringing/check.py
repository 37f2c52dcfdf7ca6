"""Reads every line of a desk's register and says what is wrong with it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from yihu.areas.reception.bringing import headings
from yihu.areas.reception.bringing.lines import Line
from yihu.areas.reception.bringing.problems import problem
from yihu.areas.reception.models import Category, Contact
from yihu.kernel.importing import cells
from yihu.kernel.importing.checking import Checked, SheetReader
from yihu.kernel.importing.recognise import Recognised, Shape

_FOOTER: Final = re.compile(
    r"^(合计|小计|总计|共计)|^共\s*\d+\s*[条件次]|^第\s*\d+\s*页|(制表|审核|填表)人?:|^(注|说明):"
)

REGISTER: Final = Shape(
    title="接待登记",
    words=headings.WORDS,
    told_by=frozenset({"content", "at", "on"}),
    must=("content",),
)


def check(recognised: Recognised, today: date) -> Checked:
    """Every line of every sheet. A question that is open is an error: nothing goes live on a guess."""
    found = Checked(problems=[*recognised.questions, *recognised.notes])
    for layout in recognised.layouts:
        if not layout.left_out and layout.has("content"):
            _LineReader(layout, found, today).read()
    _tell_apart(found)
    if not found.rows and not found.errors:
        found.problems.append(problem("nothing_found", "接待", "内容"))
    return found


def _tell_apart(found: Checked) -> None:
    """Two equal lines are two contacts, and the same two when the file comes again."""
    seen: dict[Any, list[Line]] = {}
    for line in found.rows:
        equal = seen.setdefault(line.key(), [])
        if equal:
            found.problems.append(problem("line_twice", equal[0].row_no, sheet=line.sheet, row=line.row_no))
        line.know_itself(len(equal))
        equal.append(line)


class _LineReader(SheetReader):
    words, key, footer = headings.WORDS, "content", _FOOTER
    longest = {"content": 1900, "caller_name": 40, "room": 40, "result": 900, "taken_by": 40}

    def row(self) -> Line | None:
        at = self._at()
        content = self.text("content")
        if not content:
            self.wrong("no_content", column="content")
        if at is None or not content:
            return None
        line = Line(self.layout.sheet.name, self.row_no, at, content=content)
        line.channel = self._said(
            "channel", headings.CHANNEL, "unknown_channel", "missing_channel", Contact.Channel.PHONE
        )
        line.category = self._said(
            "category", headings.CATEGORY, "unknown_category", "missing_category", Category.OTHER
        )
        line.relation = self.choice("relation", headings.RELATION, "unknown_relation")
        line.room = self.text("room")
        line.phone = next(iter(self.phones("phone")), "")
        self._caller(line)
        self._result(line)
        return line

    def _at(self) -> datetime | None:
        if not any(self.has(name) for name in ("at", "on")):
            self.wrong("no_time", column="at")
            return None
        told = [self.value(name, cells.moment, "bad_time") for name in ("at", "on")]
        day = next((one for one in told if one is not None and one.day is not None), None)
        clock = next((one.clock for one in told if one is not None and one.clock is not None), None)
        found: datetime | None = day.at(clock) if day is not None else None
        if found is None:
            if any(one is not None for one in told):
                self.wrong("bad_time", column="at", value=clock)
            return None
        if found > timezone.now():
            self.wrong("time_to_come", column="at", value=f"{found:%Y-%m-%d %H:%M}")
        elif clock is None:
            self.wrong("only_a_day", column="at", value=found.date())
        return found

    def _said(self, name: str, words: Any, unknown: str, missing: str, usual: str) -> str:
        if not self.has(name):
            self.wrong(missing, column=name)
            return str(usual)
        return self.choice(name, words, unknown) or str(usual)

    def _caller(self, line: Line) -> None:
        name = self.text("caller_name")
        if name in headings.NAMELESS:
            line.relation = Contact.Relation.ANONYMOUS
        elif name:
            line.caller_name = name
        elif line.relation != Contact.Relation.ANONYMOUS:
            self.wrong("missing_caller", column="caller_name")
        if not line.phone and line.relation != Contact.Relation.ANONYMOUS and line.channel != Contact.Channel.PATROL:
            self.wrong("missing_phone", column="phone", value=name)

    def _result(self, line: Line) -> None:
        state, taken_by = self.text("state"), self.text("taken_by")
        told = [self.text("result"), f"接待人：{taken_by}" if taken_by else ""]
        if state.startswith(headings.UNFINISHED):
            self.wrong("unfinished", column="state", value=state)
            told.append(f"原登记：{state}")
        line.result = "；".join(filter(None, told))
