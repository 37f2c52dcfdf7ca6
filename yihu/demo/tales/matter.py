"""The tales of everything that is no repair: answered at once, or followed by somebody until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any, TypeVar

from yihu.demo.plan import Case, Named, moment, typed
from yihu.demo.stock import talk
from yihu.demo.stock.relations import Praised, Suggested
from yihu.demo.stock.talk import Topic
from yihu.demo.tales.desk import (
    asides,
    call_back,
    caller,
    correction,
    misheard,
    moved_promise,
    on_patrol,
    open_case,
    strike_off,
    visitor,
)

T = TypeVar("T", Topic, Praised, Suggested)
TOPICS = {
    "complaint": talk.COMPLAINTS,
    "service": talk.SERVICES,
    "after_sales": talk.AFTER_SALES,
    "other": talk.OTHERS,
}
AT_NIGHT = (time(20, 30), time(8, 30))


def enquiry(case: Case) -> None:
    """A question that the desk answers out of the list."""
    question, answer = case.story.pick(talk.ENQUIRIES)
    who = visitor(case) if case.story.chance(0.1) else caller(case)
    wrong = bool(who.get("caller_name")) and case.story.chance(0.05)
    said = (misheard(case, who) if wrong else who) | {"content": question, "answered": "on", "result": answer}
    open_case(case, case.clerk(), said | {"category": "other"})
    if wrong:
        correction(case)
    strike_off(case)


def a_topic(case: Case, category: str) -> Topic:
    """What fits the place and did not come from this household already."""
    return not_yet(case, TOPICS[category])


def not_yet(case: Case, topics: Sequence[T]) -> T:
    fitting = [topic for topic in topics if topic.only in ("", case.community)]
    had = case.story.had.setdefault(case.home.pk, set())
    topic = case.story.pick([one for one in fitting if one.says not in had] or fitting)
    had.add(topic.says)
    return topic


def matter(case: Case, category: str, *, anonymous: bool | None = None) -> None:
    """Somebody takes it on, says how it goes, does it; the desk tells the caller and asks whether he is satisfied."""
    story = case.story
    topic = a_topic(case, category)
    if anonymous is None:
        anonymous = category == "complaint" and story.chance(0.07)
    hours = story.random.randint(*topic.hours)
    take_on(case, category, topic, hours, anonymous=anonymous)
    if category == "complaint":
        see_to(case, topic.result, anonymous=anonymous)
        strike_off(case)
        return
    asides(case, "child", topic.handler)
    if topic.progress:
        case.wait(15, 75)
        case.do("progress", topic.handler, "child", words=topic.progress)
        if hours > 6 and story.chance(0.5):
            case.wait(2, 20)
            case.do("progress", case.clerk(), words=topic.progress)
    if story.chance(0.08):
        case.wait(5, 20)
        moved_promise(case, hours + 20)
    work(case, topic.handler, hours)
    case.do("done", topic.handler, "child", result=topic.result)
    if not anonymous and story.chance(0.93):
        case.wait(3, 40)
        case.do("reply", case.clerk(), result=topic.result)
    if not call_back(case, "child", anonymous=anonymous):
        case.wait(60, 400)
        case.do("progress", topic.handler, "again", words="已了解不满意的原因，重新处理")
        case.wait(200, 1300)
        case.do("done", topic.handler, "again", result=f"{topic.result}；已当面说明并补办")
        call_back(case, "again", sure=True)
    strike_off(case)


def take_on(
    case: Case,
    category: str,
    topic: Topic,
    hours: int,
    *,
    anonymous: bool = False,
    promise: Any = None,
    more: dict[str, str] | None = None,
) -> None:
    """The call, with the time that was promised and the colleague who takes it on."""
    promised = promise or promised_for(case, hours)
    said = caller(case, anonymous=anonymous) | {
        "category": category,
        "content": topic.says,
        "promised_at": typed(promised),
    }
    handed_over = {
        "category": category, "content": topic.says, "handler": Named(topic.handler), "promised_at": typed(promised),
        "unit": said["unit"], "party": said["party"], "caller_name": said.get("caller_name", ""),
    }  # fmt: skip
    if category == "complaint":
        handed_over = complained()
    open_case(case, case.clerk(), said, handed_over | (more or {}))


def complained(level: str = "minor") -> dict[str, Any]:
    """What the complaint's part of the page asks besides."""
    return {"category": "other", "level": level, "source": "direct", "team": "cs_dept", "apologised": "on"}


def see_to(
    case: Case, result: str, *, by: str = "li", anonymous: bool = False, caller: str = "", level: str = "minor"
) -> None:
    """The sheet is confirmed, the department answers, the owner says what he thinks, the project manager confirms."""
    team = "engineering" if by == "gong" else "cs_dept"
    case.wait(3, 15)
    case.do("confirm", "gao", "child", team=team, level=level, validity="valid")
    case.wait(15, 90)
    due = (case.at + timedelta(days=2)).date().isoformat()
    said = {
        "cause": "现场核实属实",
        "cause_class": "procedure",
        "remedy": result,
        "prevention": "班前会重申，纳入每周检查",
    }
    case.do("reply", by, "child", decided="yes", due_on=due, **said)
    case.wait(3, 20)
    clerk = caller or case.clerk()
    if anonymous:
        case.do("settle", by, "child", words="措施已落实，在公告栏公布")
        case.wait(30, 120)
        case.do("approve", "xiang", "child")
        return
    case.do("hand_receipt", clerk, "child", receipt_way="door")
    case.do("tell", clerk, "child", told=f"处理措施：{result}")
    case.do("reply", clerk, result=result)
    case.wait(60, 240)
    words = f"电话里说可以接受，{case.at:%H:%M} 通话"
    case.do("opinion", clerk, "child", way="phone", opinion="satisfied", opinion_words=words)
    case.wait(10, 60)
    case.do("approve", "xiang", "child", caller=Named(clerk))
    call_back(case, "child", by=clerk, sure=True)


def promised_for(case: Case, hours: int) -> Any:
    """A full half hour a little after the work should be done, never in the night; now and then too tight."""
    share = 0.8 if case.story.chance(0.12) else 1.25
    at = case.at + timedelta(minutes=max(90, int(hours * 60 * share)))
    at = at.replace(minute=0 if at.minute < 30 else 30) + timedelta(minutes=30)
    if at.time() > AT_NIGHT[0]:
        return moment(at.date() + timedelta(days=1), time(10))
    return moment(at.date(), time(10)) if at.time() < time(9) else at


def work(case: Case, handler: str, hours: int) -> None:
    """Hours of work, which are not done at night."""
    case.at += timedelta(hours=hours)
    if case.at.time() > AT_NIGHT[0] or case.at.time() < AT_NIGHT[1]:
        case.next_day(9) if case.at.time() > AT_NIGHT[0] else case.until(moment(case.at.date(), time(9, 20)))


def about_the_desk(case: Case, about: str, received_by: str, said: tuple[str, str]) -> None:
    """A complaint about a clerk, even when he took it down himself: the supervisor sees to it, he sees nothing (DESK-06)."""
    words, result = said
    promised = promised_for(case, 20)
    who = caller(case) | {"channel": "visit", "category": "complaint", "content": words, "about_staff": Named(about)}
    told = complained("important") | {"category": "attitude"}
    open_case(case, received_by, who | {"promised_at": typed(promised)}, told)
    case.wait(5, 20)
    said = {"done": "yes", "apology_way": "phone", "apologised_at": typed(case.at), "words": "已电话向业主致歉"}
    case.do("apologise", "li", "child", **said)
    see_to(case, result, caller="gao", level="important")
    strike_off(case, by="li")


def handed_on(case: Case) -> None:
    """The steward finds that it is for the supervisor to decide."""
    topic = a_topic(case, "other")
    take_on(case, "other", Topic(topic.says, "tian", topic.result, topic.hours), 20)
    case.wait(20, 60)
    case.do("transfer", "tian", "child", to=Named("li"), reason="涉及两户协商，请主管出面")
    work(case, "li", 8)
    case.do("done", "li", "child", result=topic.result)
    case.wait(3, 30)
    case.do("reply", case.clerk(), result=topic.result)
    call_back(case, "child", sure=True)
    strike_off(case)


def reported_back(case: Case) -> None:
    """Routed to a department: its head says on the entry how it was handled (DESK-19)."""
    topic = next(one for one in talk.COMPLAINTS if one.handler == "gong" and one.only in ("", case.community))
    take_on(case, "complaint", topic, 6, more={"team": "engineering"})
    case.wait(2, 10)
    case.do("report_back", "gong", report=f"{topic.result}，班组会上已重申")
    see_to(case, topic.result, by="gong")
    strike_off(case)


def voided(case: Case) -> None:
    """A wrong number: the supervisor declares the line void, with a reason."""
    said = visitor(case) | {"channel": "phone", "category": "other", "answered": "on"}
    open_case(case, case.clerk(), said | {"content": "打错电话，问隔壁小区的事", "result": "已说明不是本项目"})
    case.wait(20, 200)
    case.do("void", "li", reason=case.story.pick(talk.VOID_REASONS))


def withdrawn(case: Case) -> None:
    """A worker logged something that turned out to be nothing, and takes it back himself."""
    open_case(case, "he", on_patrol() | {"category": "other", "content": "车库 B2 有一辆车灯没关"})
    case.wait(3, 6)
    case.do("withdraw", "he", reason="车主已自行关灯")
