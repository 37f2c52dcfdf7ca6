"""What comes round by itself: the morning's check, the count at each shift, looks at the forum and the boxes, the month's list."""

from __future__ import annotations

from datetime import date, time, timedelta

from yihu.basics.worktime import business_month
from yihu.demo.plan import Case, Lines, Named, Photo, Signed, Story, clerk_at, moment
from yihu.demo.stock import lists, relations
from yihu.demo.tales.desk import call_back

WEEK_SAID = "本周维修以水、电为主，超时的已逐件说明原因，下周继续盯缺料挂单。"
MONTH_SAID = "本月接待与维修平稳，回访满意率保持；下月重点是返修催办和节前巡检。"
HANDED_ON = ("两户约了明早上门，见派工台", "意见箱钥匙在左抽屉", "伞-02 约定今晚归还")
SHIFTS = ("08:30", "14:00")
LATE = 0.05


def rounds(story: Story, days: int) -> None:
    for number in range(days):
        day = story.day(number)
        for community in story.homes:
            morning_check(_at(story, community, day, time(8, 3)), day)
            if community == "YQ":
                for shift in SHIFTS:
                    count(_at(story, community, day, time.fromisoformat(shift)), f"{day}/{shift}")
            for kind, name, _place, hours in lists.CHANNELS[community]:
                for hour in hours.split():
                    look(_at(story, community, day, time.fromisoformat(hour)), kind, f"look {name} {day}/{hour}")
    for community in story.homes:
        month_lists(story, community, days)


def _at(story: Story, community: str, day: date, hour: time) -> Case:
    return story.case(community, moment(day, hour))


def _signed(case: Case) -> Signed:
    return Signed(0 if case.clerk() == "wang" else 1)


def periods(story: Story, days: int) -> None:
    """The morning's figures are read at noon; the week is summed up on Monday, the business month on the 21st; a diary now
    and then. A week or month before which nobody had written anything has no sheet."""
    for community in story.homes:
        lived = min(
            (one.at for one in story.events if one.community == community and one.by != "system"), default=story.now
        )
        for number in range(days):
            day = story.day(number)
            case = _at(story, community, day, time(12, 15))
            case.at += story.minutes(0, 90)
            case.do("read", "li", f"turn noon-sheet {day}")
            if number % 3 == 1:
                diary(_at(story, community, day, time(15, 20)))
            if lived >= moment(day, time(0)):
                continue
            if day.weekday() == 0:
                period(_at(story, community, day, time(10)), f"turn week-sheet {day - timedelta(days=7)}", WEEK_SAID)
            if day.day == 21:
                year, month = business_month(moment(day, time(0)) - timedelta(days=1))
                period(_at(story, community, day, time(14)), f"turn month-sheet {year}-{month:02d}", MONTH_SAID)


def period(case: Case, on: str, said: str) -> None:
    case.at += case.story.minutes(0, 240)
    case.do("sign", case.clerk(), on, remarks=said, signature=_signed(case))
    case.next_day(9)
    case.do("read", "gao", on)


def diary(case: Case) -> None:
    """What the morning's clerk leaves to the next one."""
    told = {"shift": "early", "tasks": "接待来访来电，回访昨日完工，登记外借", "handover": case.story.pick(HANDED_ON)}
    case.begin("duties.Diary", clerk_at(moment(case.at.date(), time(12))), day=f"{case.at.date()}", **told)
    case.next_day(9)
    case.do("read", "li", "own", reader_words="已阅")


def morning_check(case: Case, day: date) -> None:
    """Signed before the first half hour is over; what is wrong is put right the same morning, then the supervisor reads it."""
    story, on = case.story, f"turn desk-check {day}"
    case.at += story.minutes(70, 95) if story.chance(LATE) else story.minutes(4, 45)
    wrong = ((3, "有一张停水通知已过期"),) if story.chance(0.12) else ()
    whose = {"handler": Named("tian")} if wrong else {}
    case.do("sign", case.clerk(), on, lines=Lines("counter.CheckItem", wrong), signature=_signed(case), **whose)
    if wrong:
        case.at += story.minutes(20, 90)
        case.do("remedy", "tian", on, remedy="已撤下旧通知，换上现行的")
    case.until(moment(day, time(9, 30)) + story.minutes(0, 200))
    case.do("read", "li", on)


def count(case: Case, turn: str) -> None:
    """Whoever begins his shift counts; a difference is the supervisor's until it is cleared up."""
    story, on = case.story, f"turn stock-check {turn}"
    case.at += story.minutes(32, 50) if story.chance(LATE) else story.minutes(2, 26)
    wrong = ((2, "秩序岗借去巡楼，晚上送回"),) if story.chance(0.05) else ()
    signer = case.clerk()
    case.do("sign", signer, on, lines=Lines("counter.StockItem", wrong), signature=_signed(case))
    if wrong:
        case.at += story.minutes(120, 300)
        case.do("follow", clerk_at(case.at), on, words="已与秩序岗联系，交班前送回")
        case.next_day(9)
        case.do("resolve", "li", on, how="found", remedy="对讲机已送回，数量相符")


def look(case: Case, kind: str, on: str) -> None:
    """Mostly nothing new; what there is gets its answer, or is passed up to the desk."""
    story = case.story
    forum = kind == "forum"
    usual = story.minutes(3, 35) if forum else story.minutes(5, 400)
    case.at += story.minutes(64, 100) if forum and story.chance(LATE) else usual
    by = "tian" if case.at.time() < time(17, 30) and story.chance(0.7) else case.clerk()
    if story.chance(0.01) and forum:
        case.next_day(9)
        case.do("missed", "li", on, why="当班忙于漏水抢修，没有看")
        return
    if not story.chance(0.12):
        case.do("looked", by, on, found="nothing")
        return
    said, answer, public = story.pick(relations.POSTS)
    written = {"content_1": said, **({"author_1": story.pick(relations.NICKS)} if forum else {})}
    case.do("looked", by, on, found="some", photos=[Photo(story.random.randrange(8))], **written)
    case.wait(15, 150)
    if story.chance(0.2):
        pass_up(case, f"{on}>child", said)
        return
    case.do("answer", case.clerk(), f"{on}>child", answer=answer, **({"public_answer": public} if public else {}))


def pass_up(case: Case, on: str, said: str) -> None:
    """What takes more than an answer is a contact like any other."""
    case.opening = {"category": "other"}
    case.do("pass_up", case.clerk(), on, **{"to-category": "other"})
    case.wait(5, 20)
    handed_over = {"category": "other", "content": said, "handler": Named("tian")}
    case.do("route", case.clerk(), f"{on}>child", category="other", **{f"to-{k}": v for k, v in handed_over.items()})
    case.wait(40, 100)
    case.do("done", "tian", f"{on}>child>child", result="现场看过并处理，已在原帖回复")
    call_back(case, f"{on}>child>child", anonymous=True)
    case.wait(4, 80)
    case.do("strike_off", case.clerk(), f"{on}>child")


def month_lists(story: Story, community: str, days: int) -> None:
    """On the 20th the month's services are put together, on the 22nd finance has them."""
    begun = story.first - timedelta(days=3)  # since when there are prices
    for number in range(days):
        day = story.day(number)
        first_seen = day.day == 20 or (number == 0 and day.day > 20)
        if not first_seen or day.replace(day=20) < begun:
            continue
        on = f"turn month-list {day:%Y-%m}"
        case = _at(story, community, day, time(15, 0))
        case.at += story.minutes(0, 90)
        case.do("sign", "li", on, signature=Signed(1))
        case.next_day(10)
        case.do("send", "li", on, receiver=Named("qian"))
        case.next_day(10)
        case.do("receive", "qian", on)
