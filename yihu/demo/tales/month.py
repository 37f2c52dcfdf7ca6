"""The whole month: so many calls a day, the odd ones in their places, a sheet each evening, and what is under way today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from yihu.demo.plan import Case, Signed, Story, clerk_at, moment
from yihu.demo.stock import talk
from yihu.demo.tales import counter, keys, matter, outage, parcels, relations, repair, rounds, service, today, warranty

# per hundred calls
USUAL = {
    "repair": 41,
    "enquiry": 20,
    "complaint": 11,
    "service": 9,
    "after_sales": 5,
    "praise": 5,
    "suggestion": 5,
    "other": 4,
}
TOWER_SHARE = 0.22
SHEETS = 0  # the number of the case that holds what is done every day

Tale = Callable[[Case], None]
ODD: tuple[tuple[int, int, Tale], ...] = (  # on which day, at which hour
    (1, 10, repair.declined),
    (1, 14, lambda case: matter.matter(case, "complaint", anonymous=True)),
    (1, 16, repair.never_reached),
    (2, 9, repair.refused_to_sign),
    (2, 11, repair.told_twice),
    (2, 15, repair.not_ours),
    (3, 11, repair.passed_on),
    (3, 15, matter.handed_on),
    (5, 10, repair.by_the_store),
    (7, 15, matter.reported_back),
    (10, 14, repair.by_the_store),
    (11, 9, repair.not_ours),
    (14, 10, matter.reported_back),
    (4, 9, lambda case: matter.about_the_desk(case, "wang", "wang", talk.ABOUT_DESK[0])),
    (6, 16, matter.voided),
    (8, 14, repair.declined),
    (9, 20, matter.withdrawn),
    (12, 10, repair.told_twice),
    (15, 11, lambda case: matter.about_the_desk(case, "sun", "li", talk.ABOUT_DESK[1])),
    (17, 17, matter.handed_on),
    (18, 14, repair.passed_on),
    (18, 15, repair.by_the_store),
    (19, 9, repair.declined),
    (20, 10, repair.refused_to_sign),
    (21, 15, repair.never_reached),
    (22, 18, matter.voided),
)


def month(story: Story, days: int, per_day: int) -> None:
    """Fill the story; what lies after its end is cut off later."""
    for number in range(days):
        day = story.day(number)
        _calls(story, day, per_day)
        for on_day, hour, tale in ODD:
            if on_day == number:
                tale(story.case("YQ", moment(day, time(hour)) + story.minutes(0, 50)))
    _every_day(story, days)
    rounds.rounds(story, days)
    counter.desk_life(story, days)
    keys.in_trust(story, days)
    relations.visits(story, days)
    outage.outages(story, days)
    today.under_way(story)
    rounds.periods(story, days)
    parcels.on_the_shelf(story, days)


def _calls(story: Story, day: date, per_day: int) -> None:
    count = round(per_day * (0.75 if day.weekday() >= 5 else 1) * story.random.uniform(0.85, 1.15))
    for at in story.moments(day, count):
        community = "QH" if story.chance(TOWER_SHARE) and at.time() < time(19) else "YQ"
        case = story.case(community, at)
        subject = story.pick_by(USUAL)
        if subject == "repair":
            repair.repair(case)
        elif subject == "enquiry":
            matter.enquiry(case)
        elif subject == "after_sales":
            warranty.after_sales(case)
        elif subject == "service":
            service.service(case)
        elif subject == "praise":
            relations.praise(case)
        elif subject == "suggestion":
            relations.suggestion(case)
        else:
            matter.matter(case, subject)


ROUND = (
    time(0, 5),
    time(8, 1),
    time(9, 0),
    time(12, 0),
    time(13, 0),
    time(13, 31),
    time(18, 0),
)  # what comes round is opened then


def _every_day(story: Story, days: int) -> None:
    """What comes round is opened at its hours; the day's sheet is signed in the evening and read on the next morning."""
    for community in story.homes:
        case = Case(story, SHEETS, community, moment(story.first, time(0)), story.homes[community][0])
        case.turn = 1000 * list(story.homes).index(community)
        for number in range(days):
            day = story.day(number)
            if community == next(iter(story.homes)):
                for hour in ROUND:
                    case.at = moment(day, hour)
                    case.do("come_round", "system")
            case.at = moment(day, time(21, 40)) + story.minutes(0, 17)
            hand = Signed(0 if clerk_at(case.at) == "wang" else 1)
            case.do(
                "sign",
                clerk_at(case.at),
                f"turn day-sheet {day}",
                remarks=story.pick(talk.SHEET_REMARKS),
                signature=hand,
            )
            case.at = moment(day + timedelta(days=1), time(8, 40)) + story.minutes(0, 50)
            words = story.pick(talk.MANAGER_WORDS)
            case.do("read", "gao", f"turn day-sheet {day}", manager_words=words)
            case.at = moment(day, time(22, 30))
            if community == next(iter(story.homes)):
                case.do("read_messages", "system")
