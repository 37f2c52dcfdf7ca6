"""What is off, and whoever calls about it: told once, answered alike, called back together."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from yihu.demo.plan import Case, NumberOf, RecordOf, Row, Story, moment, typed
from yihu.demo.tales.desk import caller, open_case

SUDDEN = (2, 16)  # on which days the water was off
LIFT_ON = 4
UNHAPPY = {"feedback": "C", "score": "2", "words": "来水了，水压还是很小"}
KNOWN_BEFORE = 8  # days before a planned stop


def outages(story: Story, days: int) -> None:
    for number, day in enumerate(SUDDEN):
        if day < days:
            no_water(
                story.case("YQ", moment(story.day(day), time(10, 20)) + story.minutes(0, 50)), one_by_one=number == 0
            )
    if days > LIFT_ON:
        lift_stop(story.case("YQ", moment(story.day(LIFT_ON), time(15, 10))), moment(story.day(LIFT_ON + 1), time(9)))
    ahead = min(KNOWN_BEFORE, days - 1)
    tomorrow(story.case("YQ", moment(story.now.date() - timedelta(days=ahead), time(10, 15))), story.now)


def begin(case: Case, by: str, begins: datetime, ends: datetime, **said: str) -> None:
    where = (Row("estate.Building", "units", case.home.pk),)
    case.begin(
        "outages.Outage", by, scope="buildings", buildings=where, begins_at=typed(begins), expected_at=typed(ends), **said
    )  # fmt: skip


def no_water(case: Case, *, one_by_one: bool) -> None:
    """The street's main has burst: taken up with the utility, three households call, all of them hear that it is back."""
    began = case.at - timedelta(minutes=12)
    ends = case.at + timedelta(hours=4)
    said = {"sort": "sudden", "side": "municipal", "cause": "市政主管抢修", "responsible": "自来水公司抢修队"}
    begin(case, case.clerk(), began, ends, supply="water", **said)
    case.wait(4, 15)
    case.do("notify", case.clerk(), "own", how=("chat", "notice"))
    case.wait(2, 8)
    told = {"whom": "自来水公司热线", "called_at": typed(case.at), "said": "正在挖开路面，下午两点前恢复"}
    case.do("utility", case.clerk(), "own", **told)
    callers = [_calls_about_it(case, minutes) for minutes in (6, 17, 40)]
    case.wait(130, 190)
    explained = "抢修完毕，先放一会儿黄水再用"
    case.do("recover", "gong", "own", recovered_at=typed(case.at), explanation=explained)
    if not one_by_one:
        case.wait(10, 25)
        words = f"自来水已恢复供水。{explained}。给您带来不便，请谅解。"
        case.do("tell_all", case.clerk(), "own", told_how="chat", told_words=words)
        return
    for one in callers:
        case.wait(5, 12)
        _call(case, one, "own", {} if one is not callers[-1] else UNHAPPY)
    case.until(case.at + timedelta(minutes=70))
    case.do("settle", "gong", "own>again", explanation="清洗入户管过滤网，水压已恢复")
    case.until(case.at + timedelta(minutes=15))
    _call(case, callers[-1], "own>again", {})


def _call(case: Case, one: Case, on: str, said: dict[str, str]) -> None:
    heard = {"outcome": "reached", "feedback": "A", "method": "phone", "words": "", "score": "5", **said}
    name = one.opening.get("caller_name") or "来电人"
    case.do("call_back", case.clerk(), on, caller=RecordOf(one.number), interviewee=name, **heard)


def _calls_about_it(case: Case, minutes: int) -> Case:
    story = case.story
    neighbours = [home for home in story.homes[case.community] if home.building == case.home.building]
    other = story.case(case.community, case.at + timedelta(minutes=minutes), story.pick(neighbours))
    said = caller(other) | {"channel": "phone", "category": "other", "content": "来电询问停水"}
    answer = {
        "answered": "on",
        "result": "市政主管抢修，预计下午恢复，恢复后告知您",
        "joins": NumberOf(case.number, "log"),
    }
    open_case(other, other.clerk(), said | answer)
    return other


def lift_stop(case: Case, begins: datetime) -> None:
    """Announced on the day before; over when it was to be."""
    said = {"sort": "planned", "side": "own", "cause": "电梯年检", "responsible": "安捷电梯维保"}
    begin(case, "gong", begins, begins + timedelta(hours=3), supply="lift", **said)
    case.wait(10, 25)
    case.do("notify", "gong", "own", how=("notice",))
    case.until(begins + timedelta(minutes=2))
    case.do("begin", "system", "own")
    case.wait(140, 165)
    case.do("recover", "gong", "own", recovered_at=typed(case.at), explanation="年检合格，已恢复运行")


def tomorrow(case: Case, now: datetime) -> None:
    """Known for a week, and the desk will be asked about it today."""
    begins = moment(now.date() + timedelta(days=1), time(9))
    said = {"sort": "planned", "side": "municipal", "cause": "供电局线路检修", "responsible": "供电局"}
    begin(case, "li", begins, begins + timedelta(hours=8), supply="power", **said)
    case.wait(8, 20)
    case.do("notify", "li", "own", how=("chat", "notice"))
    case.wait(5, 15)
    told = {"whom": "供电局 95598", "called_at": typed(case.at), "said": "检修计划已批，时间不变"}
    case.do("utility", "li", "own", **told)
