"""The month of life at the desk, laid behind the running program: one job a day of it, in slices, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from yihu.demo.billing import bill, billed
from yihu.demo.founding import demo_here
from yihu.demo.homes import homes
from yihu.demo.plan import Event, Story, by_community
from yihu.demo.play import Player, ring_until
from yihu.demo.tales.month import month
from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.jobs import in_chunks, job
from yihu.kernel.jobs.schedule import put_off
from yihu.kernel.models import Parameter

PARAMETER = "demo.month"  # the row that keeps the moment which the month leads up to
BELL, ROUND = "ring-clocks", "come-round"
QUIET = timedelta(minutes=10)


def begin() -> tuple[datetime, bool]:
    """The moment up to which the month goes, and whether it was chosen just now."""
    _size()  # without a demo nothing is written
    system = authority().system()
    with command(by=system, key="demo:month", verb="demo.month") as cmd:
        if not cmd.replayed:
            now = cmd.now.replace(second=0, microsecond=0)
            Parameter.objects.create(
                name=PARAMETER, value={"now": now.isoformat()}, in_force_at=now, by=system, why="演示数据"
            )
    value = Parameter.objects.values_list("value", flat=True).get(name=PARAMETER)
    return datetime.fromisoformat(value["now"]), not cmd.replayed


def later() -> None:
    """Put the first day into the queue, once."""
    with transaction.atomic():
        now, first = begin()
        if first:
            _hush()
            lay_day.enqueue(str(_by_day(*plan(now))[0][0]))


def at_once(say: Callable[[str], Any]) -> int:
    """The whole month here and now. Gives how many events there were; what was done before is not done again."""
    now, _ = begin()
    story, events = plan(now)
    player = Player(_size()["seed"])
    for day, of_day in [] if billed() else _by_day(story, events):
        with transaction.atomic():
            _hush()
        for start in range(0, len(of_day), 20):
            with transaction.atomic():
                player.play(of_day[start : start + 20])
        say(f"{day:%m-%d}：{len(of_day)} 件")
    _let_ring(now)
    bill(now)
    return len(events)


@job(retries=3)
def lay_bills() -> None:
    """Last month's bills, after all that was: what the calendar opens where somebody owes is not opened of the past."""
    bill(begin()[0])


@job(retries=3)
def lay_day(day: str) -> None:
    """One day of the month; the next one is asked for together with this one's last slice, so that other work comes in
    between. Clocks ring at their own times while history is written, and by the minute again afterwards."""
    now, _ = begin()
    story, events = plan(now)
    days = _by_day(story, events)
    number = [str(one) for one, _ in days].index(day)
    of_day: list[Event | None] = [*days[number][1], None]  # the last thing to do on a day is to ask for the next
    player = Player(_size()["seed"])

    def write(slice_: Any) -> None:
        _hush()
        player.play(event for event in slice_ if event is not None)
        if slice_[-1] is not None:
            return
        if number + 1 < len(days):
            lay_day.enqueue(str(days[number + 1][0]))
        else:
            _let_ring(now)
            lay_bills.enqueue()

    in_chunks(of_day, write, sentence=f"正在准备演示数据：第 {number + 1} 天，共 {len(days)} 天")


def plan(now: datetime) -> tuple[Story, list[Event]]:
    """The same seed, homes and moment give the same events."""
    size = _size()
    story = Story(size["seed"], now, size["days"], by_community(homes()))
    month(story, size["days"], size["per_day"])
    return story, story.until_now()


def _size() -> dict[str, Any]:
    size = demo_here()
    if size is None:
        raise Refused("这里没有演示小区，请先运行 make_demo --roll。")
    return size


def _by_day(story: Story, events: list[Event]) -> list[tuple[date, list[Event]]]:
    days: dict[date, list[Event]] = {story.day(0): []}
    for event in events:
        days.setdefault(event.at.date(), []).append(event)
    return sorted(days.items())


def _hush() -> None:
    """No clock rings and nothing is opened of today while the days before are being written."""
    for name in (BELL, ROUND):
        put_off(name, timezone.now() + QUIET)


def _let_ring(now: datetime) -> None:
    ring_until(now)
    put_off(BELL, timezone.now())
    put_off(ROUND, timezone.now())
