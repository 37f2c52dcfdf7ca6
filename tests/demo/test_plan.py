"""The demo's month as a plan, before anything is written: same seed same month, nothing in the future, nobody real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from yihu.basics.identity import mask_free_text
from yihu.basics.worktime import OFFICE_ZONE
from yihu.demo.people import CAST, PASSWORD
from yihu.demo.plan import Event, Home, Story, by_community
from yihu.demo.stock import desk, relations, repairs, talk
from yihu.demo.tales.month import SHEETS, month

pytestmark = pytest.mark.once

AFTERNOON = datetime(2026, 11, 18, 15, 40, tzinfo=OFFICE_ZONE)
NIGHT = datetime(2026, 11, 19, 3, 5, tzinfo=OFFICE_ZONE)
JUST_OPEN = datetime(2026, 11, 19, 8, 34, tzinfo=OFFICE_ZONE)
HOMES = [
    Home(number, f"A1-1-{number:04d}", community, "A1", (number, "赵业主"), (900 + number, "钱租户") if number % 3 else None)
    for number, community in [(one, "YQ") for one in range(1, 60)] + [(one, "QH") for one in range(60, 80)]
]  # fmt: skip


def planned(seed: int = 7, now: datetime = AFTERNOON, days: int = 30, per_day: int = 17) -> list[Event]:
    story = Story(seed, now, days, by_community(HOMES))
    month(story, days, per_day)
    return story.until_now()


def test_the_same_seed_and_moment_give_the_same_month_and_another_seed_another() -> None:
    assert planned(7) == planned(7)
    assert planned(7) != planned(8)


@pytest.mark.parametrize("now", [AFTERNOON, NIGHT, JUST_OPEN])
@pytest.mark.parametrize("seed", [1, 2, 20261])
def test_a_month_is_lived_while_the_desk_is_open_and_ends_now(seed: int, now: datetime) -> None:
    events = planned(seed, now)
    calls = [event for event in events if event.what == "open"]
    assert 400 <= len(calls) <= 620
    assert all(event.at <= now for event in events)
    assert min(event.at for event in events) >= now - timedelta(days=30)
    outside = [event for event in calls if not time(8, 30) <= event.at.time() < time(22, 0)]
    assert not outside
    by_hour = [sum(event.at.hour == hour for event in calls) for hour in range(24)]
    assert by_hour[9] > by_hour[12]  # the morning rush, the lunch break
    assert by_hour[10] > by_hour[20]


@pytest.mark.parametrize("now", [AFTERNOON, NIGHT, JUST_OPEN])
def test_within_a_case_one_thing_comes_after_the_other(now: datetime) -> None:
    turns: dict[int, list[int]] = {}
    for event in planned(now=now):
        if event.case != SHEETS:
            turns.setdefault(event.case, []).append(event.turn)
    assert all(order == sorted(order) for order in turns.values())
    keys = [event.key for event in planned(now=now)]
    assert len(keys) == len(set(keys))


def test_all_that_a_desk_meets_happens_within_the_month() -> None:
    events = planned()
    said = {event.data["category"] for event in events if event.what == "open"}
    assert said == {"repair", "complaint", "service", "after_sales", "praise", "suggestion", "other"}
    channels = {event.data["channel"] for event in events if event.what == "open"}
    assert channels >= {"phone", "visit", "chat", "patrol", "passed_on"}
    steps = {event.what for event in events}
    assert steps >= {
        "assign", "reject", "accept", "arrive", "start", "part", "hold", "resume", "finish", "sign", "call_back", "decline", "cancel",
        "false_alarm", "note", "urge", "promise", "progress", "reply", "done", "transfer", "route", "merge", "withdraw", "void",
        "correct", "strike_off", "read",
    }  # fmt: skip
    missed: dict[tuple[int, str], int] = {}
    for event in events:
        if event.what == "call_back" and event.data["outcome"] == "missed":
            missed[event.case, event.on] = missed.get((event.case, event.on), 0) + 1
    assert max(missed.values()) == 3
    assert any(event.data.get("relation") == "anonymous" for event in events)
    assert any(event.data.get("refused") for event in events)
    assert any(event.on == "again" for event in events)
    about = [event for event in events if event.what == "open" and event.data.get("about_staff")]
    assert any(event.by == event.data["about_staff"].username for event in about)  # taken down by the one it is about


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from texts(getattr(value, name))


def stock() -> list[str]:
    found = []
    for module in (desk, relations, repairs, talk):
        for name, value in vars(module).items():
            if name.isupper():
                found += list(texts(value))
    return found


def test_what_is_said_is_varied_and_names_nobody() -> None:
    assert len({fault.says for fault in (*repairs.HOME, *repairs.COMMON, *repairs.OFFICE)}) >= 60
    assert len(desk.KNOWLEDGE) >= 25
    for sentence in stock():
        assert mask_free_text(sentence) == sentence, sentence
        assert not re.search(r"[0-9]{6,}|@|https?:|www\.", sentence), sentence
    # the people of the demo are their posts: 王客服, 李主管
    for person in CAST:
        assert re.fullmatch(
            r".(客服|主管|经理|工|维修|远|文员|管家|档案|出纳|会计|财务|收费|楼管|管理)", person.name
        ), person.name
    assert not [sentence for sentence in stock() if PASSWORD in sentence]
