"""The tales of praise and suggestions: verified and thanked for; decided, answered, carried out."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from yihu.demo.plan import Case, Named, Story, moment, typed
from yihu.demo.stock import relations
from yihu.demo.stock.relations import Praised
from yihu.demo.tales.desk import call_back, caller, open_case, strike_off
from yihu.demo.tales.matter import not_yet, promised_for


def praise(case: Case, about: Praised | None = None) -> None:
    """Somebody who was not praised himself looks whether it is true; then it counts, and the customer is thanked."""
    story = case.story
    one = about or (relations.NOT_FOUND if story.chance(0.1) else not_yet(case, relations.PRAISES))
    said = caller(case) | {"category": "praise", "content": one.says, "promised_at": typed(promised_for(case, 30))}
    meant = whom(one)
    open_case(case, case.clerk(), said, meant)
    case.next_day(9, 120)
    if one is relations.NOT_FOUND:
        case.do("verify", "li", "child", outcome="unconfirmed", finding=one.found)
        return strike_off(case)
    case.do("verify", "li", "child", outcome="confirmed", finding=one.found, **meant)
    if story.chance(0.5):
        case.wait(20, 200)
        case.do("post", case.clerk(), "child", posted_at=story.pick(relations.POSTED), posted_on=f"{case.at.date()}")
    case.wait(10, 120)
    asked = story.chance(0.2)
    case.do(
        "thank", case.clerk(), "child", thanks=story.pick(relations.THANKS), **({"call_back": "on"} if asked else {})
    )
    if asked:
        call_back(case, "child", sure=True)
    return strike_off(case)


def whom(one: Praised) -> dict[str, Any]:
    """Who is meant, as the forms take it."""
    return {"people": Named(one.who)} if one.who else {"team": one.team} if one.team else {}


def suggestion(case: Case) -> None:
    """The project manager decides on the next day, the desk answers; what was taken up is done by the day that was named."""
    story = case.story
    one = not_yet(case, relations.SUGGESTIONS)
    promised = typed(promised_for(case, 32))
    said = caller(case, anonymous=story.chance(0.07)) | {"category": "suggestion", "content": one.says}
    open_case(case, case.clerk(), said | {"promised_at": promised})
    case.next_day(9, 100)
    planned = case.at.date() + timedelta(days=one.days)
    decided = {"decision": one.decision, "reason": one.reason}
    if one.team:
        decided |= {"team": one.team, "planned_on": f"{planned}"}
    case.do("decide", "xiang", "child", **decided)
    case.wait(30, 240)
    public = {"public_answer": one.public} if one.public else {}
    case.do("answer", case.clerk(), "child", answer=one.answer, **public)
    if one.team:  # the entry stays open until it is carried out, the caller has his answer
        case.do("reply", case.clerk(), result=one.answer)
    if one.team:
        late = story.chance(0.1)
        case.until(moment(planned + timedelta(days=late), time(10)) + story.minutes(0, 300))
        case.do("carry_out", "xiang", "child", result=one.result)
    strike_off(case)


def visits(story: Story, days: int) -> None:
    """The steward goes round; what he promises is followed up until the household says that it was kept."""
    for number in range(days):
        if number % 2 == 0:
            community = "QH" if number % 8 == 6 else "YQ"
            visit(story.case(community, moment(story.day(number), time(14, 40)) + story.minutes(0, 130)))


def visit(case: Case) -> None:
    story = case.story
    fitting = [one for one in relations.VISITS if (one[0] == "meeting") == (case.community == "QH")]
    method, topics, needs, promise, days = story.pick(fitting)
    party, name = case.home.owner
    said: dict[str, Any] = {
        "unit": case.home.pk, "party": party, "interviewee": name, "talked_on": f"{case.at.date()}", "method": method, "topics": topics,
        "needs": needs,
    }  # fmt: skip
    if promise:
        said |= {"what_1": promise, "due_1": f"{case.at.date() + timedelta(days=days)}", "handler_1": Named("tian")}
    case.begin("relations.Talk", "tian", **said)
    if promise:
        case.opening = {"category": "other", "caller_name": name}
        case.until(moment(case.at.date() + timedelta(days=days - 1), time(15)) + story.minutes(0, 100))
        case.do("done", "tian", "own>child", result=relations.PROMISE_KEPT)
        call_back(case, "own>child", sure=True, misses=0)
