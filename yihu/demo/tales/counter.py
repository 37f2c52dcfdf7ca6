"""What goes on at the desk beside the telephone: messages for colleagues, things lent, needs that somebody signs off."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from yihu.demo.plan import Case, Named, Row, Story, moment, typed
from yihu.demo.stock import counter, lists

DAILY = {"YQ": {"note": 0.6, "loan": 0.8, "need": 1.2}, "QH": {"note": 0.3, "loan": 0.0, "need": 0.5}}
DEPARTMENTS_DO = {"cs_dept": "tian", "engineering": "gong", "cleaning": "tian", "security": "tian"}


def desk_life(story: Story, days: int) -> None:
    lent: dict[str, datetime] = {}
    for number in range(days):
        for community in story.homes:
            often = DAILY[community]
            for at in story.moments(
                story.day(number), sum(story.chance(share / 2) for share in often.values() for _ in "12")
            ):
                what = story.pick_by(often)
                case = story.case(community, at)
                if what == "note":
                    note(case)
                elif what == "loan":
                    loan(case, lent)
                else:
                    need(case)


def note(case: Case) -> None:
    """The colleague hears of it within the hour and confirms that he has it."""
    story = case.story
    whom, words = story.pick(counter.NOTES)
    urgent = {"urgent": "on"} if story.chance(0.15) else {}
    caller = story.pick(counter.BORROWERS) + story.pick(("先生", "女士"))
    case.begin("counter.AbsentNote", case.clerk(), handler=Named(whom), caller_name=caller, words=words, **urgent)
    late = story.chance(0.05)
    case.wait(65, 90) if late else case.wait(6, 50)
    if story.chance(0.4):
        case.do("pass_on", case.clerk(), "own", how=story.pick(("phone", "chat", "face")))
        case.wait(20, 240)
    case.do("confirm", whom, "own")


def loan(case: Case, lent: dict[str, datetime]) -> None:
    """A thing is with one person at a time; mostly it comes back when it should."""
    story = case.story
    codes = [code for code, name, _ in lists.LENT if name != "轮椅" and lent.get(code, case.at) <= case.at]
    code = story.pick(codes)
    due = case.at + timedelta(hours=story.random.choice((3, 6, 24, 48)))
    deposit = story.pick(counter.DEPOSITS)
    out(case, code, due, deposit)
    back = due + (story.minutes(60, 600) if story.chance(0.12) else -story.minutes(20, 150))
    case.until(back)
    case.wait(0, 1)
    lent[code] = case.at
    if story.chance(0.06):
        case.do("give_back", case.clerk(), "own", condition="damaged", loss_note=story.pick(counter.DAMAGED))
        case.next_day(10)
        case.do("settle", "li", "own", settlement=story.pick(counter.SETTLED), keep="on")
        lent[code] = case.at
        return
    returned = {"deposit_back": "on"} if deposit else {}
    case.do("give_back", case.clerk(), "own", condition="good", **returned)


def out(case: Case, code: str, due: datetime, deposit: str = "") -> None:
    name = case.home.owner[1]
    borrower = name if len(name) <= 4 else case.story.pick(counter.BORROWERS) + "女士"
    case.begin(
        "counter.Loan", case.clerk(), item=Row("counter.LendItem", "code", code), unit=case.home.pk, borrower=borrower,
        due_at=typed(due), deposit_note=deposit,
    )  # fmt: skip


def need(case: Case) -> None:
    """One line: done by a department, called back, and signed off on the next morning by somebody else."""
    story = case.story
    register, kind, content, team, result, hours = story.pick(counter.NEEDS)
    does = DEPARTMENTS_DO[team]
    line = need_line(case, register, kind, content, team, case.at + timedelta(hours=hours[1] + 6))
    clerk = case.clerk()
    case.begin("needs.Need", clerk, **line)
    finished = story.minutes(hours[0] * 60, hours[1] * 60)
    morning = _morning(case, late=story.chance(0.06))
    done = _by_day(case.at + finished)
    steps: list[tuple[datetime, str, str, dict[str, Any]]] = [(done, "done", does, {"result": result})]
    if register != "public":
        asked = moment(done.date() + timedelta(days=1), time(10)) + story.minutes(0, 300)
        heard = {"outcome": "reached", "feedback": "A", "method": "phone", "words": "", "score": "5"}
        steps.append((asked, "call_back", "", heard | {"interviewee": line["customer"]}))
    if story.chance(0.08):
        steps.append((morning, "return", "li", {"return_reason": story.pick(counter.RETURNS)}))
        again = morning + story.minutes(20, 90)
        steps.append((again, "resubmit", "", line | {"content": f"{content}（已补全）"}))
        morning = moment(again.date() + timedelta(days=1), time(8, 40)) + story.minutes(0, 70)
    steps.append((morning, "sign", "li", {}))
    for at, step, by, data in sorted(steps, key=lambda one: one[0]):
        case.at = at
        case.do(step, by or case.clerk(), "own", **data)


def need_line(case: Case, register: str, kind: str, content: str, team: str, expected: datetime) -> dict[str, Any]:
    name = case.home.owner[1]
    customer = name if len(name) <= 4 else case.story.pick(counter.BORROWERS) + "女士"
    public = register == "public"
    return {
        "register": register, "need_type": kind, "content": content, "team": team, "expected_at": typed(_by_day(expected)),
        "unit": "" if public else case.home.pk, "customer": "" if public else customer,
        "place": case.story.pick(counter.PLACES) if public else "",
    }  # fmt: skip


def _morning(case: Case, *, late: bool) -> datetime:
    begins = moment(case.at.date() + timedelta(days=1), time(8, 40))
    return begins + (case.story.minutes(95, 150) if late else case.story.minutes(0, 70))


def _by_day(at: datetime) -> datetime:
    """Nothing of this is done at night."""
    if at.time() > time(20, 30):
        return moment(at.date() + timedelta(days=1), time(9, 30))
    return moment(at.date(), time(9, 10)) if at.time() < time(8, 40) else at
