"""What all tales share: who calls, who is called back, and when a line is struck off."""

from __future__ import annotations

from typing import Any

from yihu.demo.plan import Case, Story, typed
from yihu.demo.stock import repairs, talk

CHANNELS = {"phone": 64, "visit": 18, "chat": 13, "mail": 1.5, "letter": 0.8, "box": 0.8, "forum": 1, "passed_on": 0.9}
SURNAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕"


def caller(case: Case, *, anonymous: bool = False) -> dict[str, Any]:
    """Who calls, from where and how: mostly somebody of the household."""
    story, home = case.story, case.home
    said: dict[str, Any] = {"channel": story.pick_by(CHANNELS), "unit": home.pk}
    if anonymous:
        return {**said, "unit": "", "relation": "anonymous", "party": ""}
    lessee = home.lessee is not None and story.chance(0.65)
    party, name = home.lessee if lessee and home.lessee else home.owner
    said |= {"relation": "lessee" if lessee else "owner", "party": party, "caller_name": name}
    if len(name) > 4:  # a firm does not call, one of its people does
        said["caller_name"] = _somebody(story)
    elif not lessee and story.chance(0.12):
        said |= {"relation": "family", "caller_name": name[0] + story.pick(("女士", "先生", "阿姨"))}
    if story.chance(0.025):  # the clerk was in a hurry; the supervisor's list of gaps shows it
        said |= {"party": "", "caller_name": ""}
    return said


def visitor(case: Case) -> dict[str, Any]:
    """Somebody who belongs to no unit."""
    story = case.story
    phone = f"13900{story.random.randrange(10**6):06d}"
    return {
        "channel": "visit", "relation": "visitor", "unit": "", "party": "", "caller_name": _somebody(story), "phone": phone,
    }  # fmt: skip


def on_patrol() -> dict[str, Any]:
    """A colleague on his round, with the telephone that belongs to the round."""
    seen = {"channel": "patrol", "relation": "visitor", "unit": "", "party": ""}
    return {**seen, "caller_name": "巡查人员", "phone": "13900000110"}


def _somebody(story: Story) -> str:
    return story.pick(SURNAMES) + story.pick(("女士", "先生"))


def open_case(case: Case, by: str, said: dict[str, Any], handed_over: dict[str, Any] | None = None) -> None:
    """Log the contact; ``handed_over`` fills the form of what it hands over to."""
    case.opening = said
    typed_in = {name: value for name, value in said.items() if name != "meant"}
    case.do("open", by, **typed_in, **{f"to-{name}": value for name, value in (handed_over or {}).items()})


def asides(case: Case, on: str, by: str) -> None:
    """A note here, an impatient call there."""
    story = case.story
    if story.chance(0.12):
        case.do("note", by, on, words=story.pick(talk.NOTES))
    if story.chance(0.06):
        case.wait(20, 90)
        case.do("urge", case.clerk(), on, words=story.pick(talk.URGES))


def call_back(
    case: Case, on: str, *, anonymous: bool = False, by: str = "", sure: bool = False, misses: int = -1
) -> bool:
    """Ring the customer on the next day; gives whether he was satisfied (or never reached)."""
    story = case.story
    case.next_day(story.pick((9, 9, 10, 11, 14, 15)))
    if anonymous:
        words = "匿名来电，没有留下电话"
        case.do("call_back", by or case.clerk(), on, outcome="impossible", method="phone", words=words)
        return True
    if misses < 0:
        misses = 3 if story.chance(0.01) else 1 if story.chance(0.1) else 0
    for missed in range(misses):
        words = story.pick(talk.MISSED_WORDS)
        case.do("call_back", by or case.clerk(), on, outcome="missed", method="phone", words=words)
        if missed == 2:
            return True
        case.wait(150, 300)
    feedback = "A" if sure else story.pick_by({"A": 74, "B": 20, "C": 6})
    said = {"outcome": "reached", "feedback": feedback, "interviewee": case.opening.get("caller_name") or ""}
    said |= {"method": "visit" if story.chance(0.06) else "phone", "score": {"A": "5", "B": "4", "C": "2"}[feedback]}
    repaired = case.opening["category"] == "repair"
    if feedback == "C":
        said["words"] = story.pick(repairs.UNHAPPY if repaired else talk.UNHAPPY)
    else:
        said["words"] = story.pick((*talk.CALL_WORDS, *repairs.HAPPY) if repaired else talk.CALL_WORDS)
    if story.chance(0.3):
        low, high = {"A": (4, 5), "B": (3, 5), "C": (1, 3)}[feedback]
        for aspect in ("quality", "attitude", "timeliness", "cleanliness"):
            said[aspect] = str(story.random.randint(low, high))
    case.do("call_back", by or case.clerk(), on, **said)
    return feedback != "C"


def strike_off(case: Case, by: str = "") -> None:
    """The desk strikes lines off when it finds the time, at the latest on the next morning."""
    if case.story.chance(0.2):
        case.next_day(8, 100)
        case.wait(30, 40)
    else:
        case.wait(4, 80)
    case.do("strike_off", by or case.clerk())


def correction(case: Case) -> None:
    """The surname was misheard; the line keeps what stood there before, and why it was changed."""
    said = case.opening
    case.wait(3, 25)
    kept = {name: said.get(name, "") for name in ("unit", "relation", "channel", "content", "result")}
    case.do(
        "correct",
        case.clerk(),
        **kept,
        caller_name=said["meant"],
        phone="",
        reason=case.story.pick(talk.CORRECT_REASONS),
    )


def misheard(case: Case, said: dict[str, Any]) -> dict[str, Any]:
    """The same caller under another surname; "meant" is no field of the form."""
    name = said["caller_name"]
    other = case.story.pick(SURNAMES.replace(name[0], ""))
    return said | {"caller_name": other + name[1:], "meant": name}


def moved_promise(case: Case, hours: int) -> None:
    """Another time, agreed with the caller before the first one has passed."""
    promised = case.at + case.story.minutes(hours * 60, hours * 75)
    case.do("promise", case.clerk(), promised_at=typed(promised), reason=case.story.pick(talk.PROMISE_REASONS))
