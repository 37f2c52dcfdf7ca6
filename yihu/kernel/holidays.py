"""A year's holidays as the office reads them in the notice: read, checked, entered in one command, and asked for in time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from yihu.basics.text import clean_line
from yihu.basics.worktime import office_time
from yihu.kernel import calendars, clocks, messages
from yihu.kernel.authority import authority, distinct, grants_of, is_system
from yihu.kernel.doors import command
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.jobs import job
from yihu.kernel.models.journal import JournalEntry
from yihu.kernel.models.parameter import CalendarDay, CalendarYear
from yihu.kernel.plain import writing

ENTER = "kernel.calendar"
BOOK, ASKING = "kernel.calendar", "kernel.calendar.ask"
OFF, WORKED = "休", "班"
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
WEEK = "一二三四五六日"
MOST_LINES = 200
ASKED_FROM = (11, 1)  # the notice for the next year normally comes out in November
ASKED_EVERY = timedelta(days=7)
TOLD = ("sysadmin", "project_manager")

_DAY = r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:至|到|~|—+|–)\s*{_DAY})?\s*(休|班|放假|上班)\s*(.*)")
_WORDS = {"休": OFF, "放假": OFF, "班": WORKED, "上班": WORKED}


@dataclass
class Notice:
    """What was read of one year: the days on which a plain week does not hold, and what is wrong or odd."""

    year: int
    days: dict[date, tuple[bool, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def off(self) -> int:
        return sum(not working for working, _ in self.days.values())

    @property
    def worked(self) -> int:
        return sum(working for working, _ in self.days.values())

    def text(self) -> str:
        """The same again, one day a line."""
        return "\n".join(
            f"{day} {WORKED if working else OFF} {name}" for day, (working, name) in sorted(self.days.items())
        )


def read(text: str, year: int) -> Notice:
    """``2027-01-01 休 元旦`` and ``2027-02-06 班 春节调休``, one a line; ``… 至 …`` gives several days at once."""
    return read_lines(((f"第 {number} 行", line) for number, line in enumerate(text.splitlines(), 1)), year)


def read_lines(lines: Iterable[tuple[str, str]], year: int) -> Notice:
    """Lines with the words by which a person finds each again."""
    notice, seen, weekends = Notice(year), {}, 0  # type: Notice, dict[date, str], int
    for place, line in list(lines)[: MOST_LINES + 1]:
        line = clean_line(unicodedata.normalize("NFKC", line), 200, cut=True)
        if not line:
            continue
        days, working, name, problem = _read_line(line, year)
        if problem:
            notice.problems.append(f"{place}：{problem}")
        for day in days:
            if day in seen:
                notice.problems.append(f"{place}：{day} 已经在{seen[day]}写过，请只留一处。")
                continue
            seen[day] = place
            if not working and day.weekday() > 4:
                weekends += 1
            elif working and day.weekday() < 5:
                notice.problems.append(
                    f"{place}：{day} 是星期{WEEK[day.weekday()]}，本来就上班，不用写“班”。请核对日期。"
                )
            else:
                notice.days[day] = (working, name or ("调休上班" if working else "放假"))
    if weekends:
        notice.notes.append(f"有 {weekends} 天休息本来就是周末，不用登记，已略去。")
    if not notice.days and not notice.problems:
        notice.problems.append("还没有填写任何一天。")
    _look_for_festivals(notice)
    return notice


def _read_line(line: str, year: int) -> tuple[list[date], bool, str, str]:
    found = _LINE.fullmatch(line)
    if not found:
        return [], False, "", f"看不懂“{line[:40]}”。请写成：{year}-01-01 休 元旦。"
    first_year, month, day, last_year, last_month, last_day, word, name = found.groups()
    try:
        first = date(int(first_year or year), int(month), int(day))
        last = date(int(last_year or first_year or year), int(last_month), int(last_day)) if last_month else first
    except ValueError:
        return [], False, "", f"“{line[:40]}”里的日期不存在。"
    working = _WORDS[word] == WORKED
    if first.year != year or last.year != year:
        return [], working, "", f"“{line[:40]}”不在 {year} 年。"
    if not 0 <= (last - first).days <= 31:
        return [], working, "", f"“{line[:40]}”的起止日期不对。"
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return days, working, clean_line(name, 40, cut=True), ""


def _look_for_festivals(notice: Notice) -> None:
    named = "".join(name for _, name in notice.days.values())
    missing = [name for name in FESTIVALS if name.removesuffix("节") not in named]
    if notice.days and missing:
        notice.notes.append(f"没有看到{'、'.join(missing)}，请核对通知（落在周末又不调休的，可以没有）。")


def enter_year(notice: Notice, source: str, *, by: Any, key: str | None = None, seen: int | None = None) -> None:
    """Enter or correct a year. Clocks that guessed are reckoned anew in the background; clocks that knew stay."""
    if not is_system(by) and not grants_of(by).may(ENTER):
        raise NotAllowed("您不能维护工作日历，请找系统管理员。")
    if notice.problems:
        raise Refused(notice.problems[0])
    if not may_enter(notice.year, timezone.localdate()):
        raise Refused(f"{notice.year} 年的放假安排现在不能录入：只能录入今年和明年的，以及以前漏录的。")
    with writing(BOOK, notice.year, by=by, key=key, verb="enter", body=[notice.text(), source], seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        row, fresh = CalendarYear.objects.get_or_create(year=notice.year, defaults={"source": source})
        if not fresh and row.source != source:
            CalendarYear.objects.filter(pk=row.pk).update(source=source)
        changed = _write_days(notice)
        verb = "录入" if fresh else "更正"
        sentence = (
            f"{by} {verb} {notice.year} 年放假安排：放假 {notice.off} 天，调休上班 {notice.worked} 天，依据：{source}"
        )
        commanding.note(book, sentence, {} if fresh else changed, step="enter" if fresh else "correct")
        commanding.answer(row)
        settle_year.enqueue()
    calendars.forget()


def _write_days(notice: Notice) -> dict[str, list[str]]:
    """Make the table say what the notice says; gives what that changed."""
    old = {row.day: row for row in CalendarDay.objects.filter(day__year=notice.year)}
    changed: dict[str, list[str]] = {}
    fresh = []
    for day, (working, name) in sorted(notice.days.items()):
        row = old.pop(day, None)
        if row is None:
            fresh.append(CalendarDay(day=day, working=working, name=name))
            changed[str(day)] = ["", _word(working, name)]
        elif (row.working, row.name) != (working, name):
            CalendarDay.objects.filter(pk=row.pk).update(working=working, name=name)
            changed[str(day)] = [_word(row.working, row.name), _word(working, name)]
    CalendarDay.objects.bulk_create(fresh)
    CalendarDay.objects.filter(pk__in=[row.pk for row in old.values()]).delete()
    return changed | {str(day): [_word(row.working, row.name), ""] for day, row in sorted(old.items())}


def _word(working: bool, name: str) -> str:
    return f"{WORKED if working else OFF} {name}"


def may_enter(year: int, today: date) -> bool:
    """What is over is not rewritten, unless it was never entered."""
    if today.year <= year <= today.year + 1:
        return True
    return 2000 <= year < today.year and not CalendarYear.objects.filter(year=year).exists()


@job()
def settle_year() -> None:
    """Reckon anew what was guessed. This process may not have read the new year yet."""
    calendars.forget()
    clocks.settle_tentative()


def missing(today: date) -> list[int]:
    """Years whose holidays ought to be here by now."""
    asked = [today.year, *([today.year + 1] if (today.month, today.day) >= ASKED_FROM else [])]
    known = set(CalendarYear.objects.filter(year__in=asked).values_list("year", flat=True))
    return [year for year in asked if year not in known]


def ask_for_years(now: datetime) -> int:
    """Tell those who must see to it, once a week until it is done; gives how many years were asked for."""
    asked = 0
    for year in missing(office_time(now).date()):
        last = JournalEntry.objects.filter(book__register=ASKING, book__object_id=str(year)).order_by("-seq")
        with command(by=authority().system(), at=now, verb="calendar.ask") as commanding:
            book = commanding.book(ASKING, year)
            before = last.first()
            if before is not None and now - before.at < ASKED_EVERY - timedelta(hours=1):
                continue
            told = _tell(f"{year} 年的放假安排还没有录入，跨年的时限暂按周末推算。请在“设置 → 工作日历”里录入。", now)
            names = "、".join(str(person) for person in told) or "无人在岗"
            commanding.note(book, f"{year} 年放假安排尚未录入，已提醒 {names}"[:500], step="ask")
            asked += 1
    return asked


def _tell(sentence: str, now: datetime) -> list[Any]:
    """Each person once, in the first community where he holds the post."""
    told: list[Any] = []
    for pk in apps.get_model("estate.Community")._default_manager.order_by("pk").values_list("pk", flat=True):
        holders = distinct(person for post in TOLD for person in authority().holders(pk, post))
        fresh = [person for person in holders if person not in told]
        told += messages.tell(fresh, sentence, community_id=pk, at=now)
    return told
