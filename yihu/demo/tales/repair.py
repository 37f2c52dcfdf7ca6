"""The tale of a repair."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from yihu.demo.plan import Case, Its, Named, NumberOf, Photo, Row, Signed, moment, typed
from yihu.demo.stock import repairs
from yihu.demo.stock.lists import NOT_HIS
from yihu.demo.stock.repairs import Fault
from yihu.demo.tales.desk import asides, call_back, caller, on_patrol, open_case, strike_off

LAST_START = time(21, 20)
AT_THE_DOOR = (
    "楼道",
    "单元门口",
    "单元大堂",
    "消防通道",
    "电梯厅",
    "电梯",
    "楼前污水井",
    "楼层卫生间",
    "楼层弱电间",
    "疏散通道",
    "货梯",
)


def a_fault(case: Case) -> Fault:
    """Nothing breaks twice in one household within the month."""
    story = case.story
    if case.community == "QH":
        pool: tuple[Fault, ...] = repairs.OFFICE
    else:
        pool = repairs.COMMON if story.chance(0.28) else repairs.HOME
    had = story.had.setdefault(case.home.pk, set())
    fault = story.pick([one for one in pool if one.says not in had] or list(pool))
    had.add(fault.says)
    return fault


def repair(case: Case, fault: Fault | None = None) -> None:
    """From the call to the strike-off, by one of the roads that a repair may take."""
    fault = fault or a_fault(case)
    report(case, fault)
    waits = 0 if fault.level == "urgent" else 10
    road = case.story.pick_by({"done": 82, "hold": waits, "cancelled": 3, "false alarm": 2, "back": 3})
    worker = send(case, fault, sent_back=road == "back")
    if road == "cancelled":
        case.wait(10, 40)
        case.do("cancel", case.clerk(), "child", reason=case.story.pick(repairs.CANCELS))
        return strike_off(case)
    arrive(case, fault, worker)
    if road == "false alarm":
        case.wait(5, 15, desk=False)
        case.do("false_alarm", worker, "child", reason=case.story.pick(repairs.FALSE_ALARMS))
        return strike_off(case)
    if road == "hold":
        wait_for_parts(case, worker)
    finish(case, fault, worker)
    follow_up(case, fault, worker)
    return None


def report(case: Case, fault: Fault) -> None:
    """The call, or now and then a colleague who saw it on his round; then the desk routes it."""
    story = case.story
    said = caller(case) | {"category": "repair", "content": fault.says}
    handed_over: dict[str, Any] = {
        "symptom": fault.says, "level": fault.level, "trade": fault.trade, "unit": "" if fault.place else case.home.pk,
        "party": "" if fault.place else said["party"], "reporter": said.get("caller_name", ""), "common_area": common(case, fault),
    }  # fmt: skip
    if known := usual(fault):
        handed_over["fault"] = Row("repairs.StandardFault", "name", known)
    if not fault.place and fault.level == "minor" and story.chance(0.4):
        handed_over |= appointment(case)
    if story.chance(0.07):
        handed_over["photos"] = [Photo(story.random.randrange(8))]
    if fault.place and story.chance(0.3):
        open_case(case, story.pick(("chen", "he")) if case.community == "YQ" else "he", said | on_patrol())
        case.wait(4, 25)
        handed_over["reporter"] = "巡查人员"
        case.do(
            "route", case.clerk(), category="repair", **{f"to-{name}": value for name, value in handed_over.items()}
        )
    else:
        open_case(case, case.clerk(), said, handed_over)


def usual(fault: Fault) -> str:
    """What the list of usual faults calls it."""
    return next((name for words, name in repairs.USUAL.items() if words in fault.says), "")


def common(case: Case, fault: Fault) -> str:
    if fault.place in AT_THE_DOOR and case.home.building:
        return f"{case.home.building} {fault.place}"
    return fault.place


def appointment(case: Case) -> dict[str, str]:
    """Two hours, later on the day or on the next one."""
    begin = case.at.replace(minute=0) + timedelta(hours=case.story.random.randint(2, 6))
    if begin.time() > time(19, 0) or begin.date() != case.at.date():
        begin = moment(case.at.date() + timedelta(days=1), time(case.story.random.choice((9, 10, 14, 16))))
    case.appointment = begin
    return {"appointment_from": typed(begin), "appointment_to": typed(begin + timedelta(hours=2))}


def send(case: Case, fault: Fault, *, on: str = "child", sent_back: bool = False) -> str:
    """The head of engineering names a worker, and the worker takes the order. Gives who."""
    story = case.story
    slow = story.chance(0.1)
    case.wait(18, 45) if slow else case.wait(3, 13)
    if case.community == "QH":  # there the first who takes it has it
        case.do("grab", "he", on)
        asides(case, on, "he")
        return "he"
    worker = NOT_HIS.get(fault.trade) or story.pick_by({"chen": 60, "he": 40})
    case.do("assign", "gong", on, handler=Named(worker), level=fault.level, trade=fault.trade)
    if sent_back and fault.trade not in NOT_HIS:
        case.wait(3, 10)
        case.do("reject", worker, on, reason=story.pick(repairs.REJECTS))
        worker = "he" if worker == "chen" else "chen"
        case.wait(2, 12)
        case.do("assign", "gong", on, handler=Named(worker), level=fault.level, trade=fault.trade)
    case.wait(1, 9)
    case.do("accept", worker, on)
    asides(case, on, worker)
    return worker


def arrive(case: Case, fault: Fault, worker: str, *, on: str = "child") -> None:
    """One worker is in one place at a time; what is urgent goes first, and nobody is woken for a dripping tap."""
    story = case.story
    case.wait(6, 22, desk=False) if fault.level == "urgent" else case.wait(10, 50)
    if case.appointment and on == "child":
        case.until(case.appointment + story.minutes(-5, 40))
    busy_until = story.free.get(worker, case.at)
    if fault.level != "urgent" and case.at < busy_until < case.at + timedelta(hours=3):
        case.until(busy_until + story.minutes(5, 15))
    if fault.level != "urgent" and (case.at.time() > LAST_START or case.at.time() < time(8, 0)):
        case.next_day(8, 60) if case.at.time() > LAST_START else case.until(moment(case.at.date(), time(8, 40)))
    case.do("arrive", worker, on)
    if story.chance(0.7):
        case.wait(2, 6, desk=False)
        case.do("start", worker, on)


def wait_for_parts(case: Case, worker: str) -> None:
    """On hold for some days; the owner is told why and until when, and the desk moves its promise."""
    story = case.story
    wake_on = put_on_hold(
        case, worker, story.pick(repairs.HOLDS), case.at.date() + timedelta(days=story.random.randint(1, 5))
    )
    case.until(moment(wake_on, time(story.random.randint(9, 16))) + story.minutes(0, 59))
    case.do("resume", worker, "child")


def put_on_hold(case: Case, worker: str, why: tuple[str, str, str, bool], wake_on: date) -> date:
    reason, words, told, agreed = why
    case.wait(10, 25, desk=False)
    said = {"hold_reason": reason, "wake_on": f"{wake_on}", "told": told}
    case.do("hold", worker, "child", **said, **({"owner_agreed": "on"} if agreed else {}))
    case.wait(2, 10, desk=False)
    case.do("note", worker, "child", words=words)
    case.wait(4, 20)
    case.do("promise", case.clerk(), promised_at=typed(moment(wake_on, time(18))), reason=words)
    return wake_on


def finish(case: Case, fault: Fault, worker: str, *, on: str = "child", again: bool = False) -> None:
    """Parts and the report, then the signature."""
    story = case.story
    for item, quantity, price in fault.parts if not again else ():
        case.wait(4, 15, desk=False)
        case.do("part", worker, on, item=item, quantity=quantity, unit_price=price)
    case.wait(12, 45, desk=False)
    cause, done = (repairs.REWORK_CAUSE, repairs.REWORK_DONE) if again else (fault.cause, fault.done)
    paid = fault.paid and not again
    said: dict[str, Any] = {"cause": cause, "work_done": done, "site_clean": "on"}
    said |= {"labour": fault.labour if paid else "0", "chargeable": "paid" if paid else "free"}
    if story.chance(0.1):
        said["photos"] = [Photo(story.random.randrange(8))]
    case.do("finish", worker, on, **said)
    story.free[worker] = case.at
    sign(case, worker, on, refused=story.chance(0.01))


def sign(case: Case, worker: str, on: str, *, refused: bool) -> None:
    """The customer signs on the screen, or refuses before two witnesses."""
    story = case.story
    if story.chance(0.04):  # nobody at home any more; he signs on the next day
        case.next_day(18)
    else:
        case.wait(1, 6, desk=False)
    if refused:
        witnesses = {"witness_1": Named("gong"), "witness_2": Named("gao")}
        said = {"refused": "on", "sign_refused": "对收费有意见，不愿签字", "photos": [Photo(story.random.randrange(8))]}
        case.do("sign", worker, on, **said, **witnesses)
    else:
        hand = story.random.randrange(2, 18)
        paid = {"settle": "now"} if hand % 3 == 0 else {}  # where it costs something; else on the month's bill
        case.do("sign", worker, on, opinion=story.pick_by({"A": 88, "B": 12}), signature=Signed(hand), **paid)


def follow_up(case: Case, fault: Fault, worker: str) -> None:
    """The caller hears that it is done, and is asked on the next day; an unhappy answer brings the worker back once more."""
    if case.story.chance(0.92):
        case.wait(5, 45)
        case.do("reply", case.clerk(), result=f"已修好：{fault.done}")
    if not call_back(case, "child"):
        second(case, fault)
    strike_off(case)


def second(case: Case, fault: Fault) -> None:
    """The second round, ended with a happy customer."""
    worker = send(case, fault, on="again")
    arrive(case, fault, worker, on="again")
    finish(case, fault, worker, on="again", again=True)
    call_back(case, "again", sure=True)


def declined(case: Case) -> None:
    """Something that a property office does not do; said plainly and at once (REP-03)."""
    says, trade, reason, told = case.story.pick(repairs.DECLINES)
    report(case, Fault(trade, says, "", ""))
    case.wait(4, 20)
    case.do("decline", "gong", "child", reason=reason, told=told)
    strike_off(case)


def told_twice(case: Case) -> None:
    """A worker reports on his round what an owner has just called about: the second line is merged into the first."""
    fault = case.story.pick(repairs.COMMON)
    same = case.story.case(case.community, case.at, case.home)
    handed_over = {
        "symptom": fault.says,
        "level": fault.level,
        "trade": fault.trade,
        "common_area": common(case, fault),
    }
    open_case(case, case.clerk(), caller(case) | {"category": "repair", "content": fault.says}, handed_over)
    same.at = case.at
    same.wait(2, 6)
    seen = on_patrol() | {"category": "repair", "content": fault.says}
    open_case(same, "he", seen)
    same.wait(2, 8)
    same.do("merge", same.clerk(), into=NumberOf(case.number), reason="同一处，业主刚刚来电报过")
    case.until(same.at)
    worker = send(case, fault)
    arrive(case, fault, worker)
    finish(case, fault, worker)
    follow_up(case, fault, worker)


def refused_to_sign(case: Case) -> None:
    """The work is done, the bill is disliked: reason, two witnesses and a photograph take the signature's place."""
    fault = case.story.pick(repairs.HOME)
    report(case, fault)
    worker = send(case, fault)
    case.wait(20, 40)
    case.do("arrive", worker, "child")
    case.wait(20, 40, desk=False)
    said = {"cause": fault.cause, "work_done": fault.done, "site_clean": "on", "labour": "30", "chargeable": "paid"}
    case.do("finish", worker, "child", **said)
    sign(case, worker, "child", refused=True)
    follow_up(case, fault, worker)


def not_ours(case: Case) -> None:
    """What takes an outside firm: the head sends it and stays responsible."""
    broken = repairs.fault("卫生间一块墙砖空鼓")
    report(case, broken)
    case.wait(4, 12)
    begins = moment(case.at.date() + timedelta(days=1), time(10))
    firm = Row("repairs.Firm", "name", "宏远防水")
    agreed = {"appointment_from": typed(begins), "appointment_to": typed(begins + timedelta(hours=2))}
    case.do("send_out", "gong", "child", firm=firm, told="电话告知业主明天上午外委单位上门，业主同意", **agreed)
    case.until(begins + case.story.minutes(0, 50))
    case.do("firm_came", "gong", "child")
    case.wait(90, 150)
    said = {"cause": broken.cause, "work_done": broken.done, "site_clean": "on", "labour": "120", "chargeable": "paid"}
    case.do("firm_done", "gong", "child", **said)
    sign(case, "gong", "child", refused=False)
    follow_up(case, broken, "gong")


def passed_on(case: Case) -> None:
    """The worker can't come in time; his colleague takes the order over."""
    broken = repairs.fault("洗手盆下水很慢")
    report(case, broken)
    case.wait(4, 10)
    case.do("assign", "gong", "child", handler=Named("chen"), level=broken.level, trade=broken.trade)
    case.wait(2, 8)
    case.do("accept", "chen", "child")
    case.wait(5, 15)
    case.do("pass_on", "chen", "child", to=Named("he"), reason="急修那边漏水还没止住，赶不过来")
    case.wait(2, 8)
    case.do("take_over", "he", "child")
    arrive(case, broken, "he")
    finish(case, broken, "he")
    follow_up(case, broken, "he")


def by_the_store(case: Case) -> None:
    """The part is not in the store: the order waits for the day that the store named, and the owner knows it."""
    broken = repairs.fault("可视对讲有画面没声音")
    report(case, broken)
    worker = send(case, broken)
    arrive(case, broken, worker)
    case.wait(10, 20, desk=False)
    case.do("ask_store", worker, "child", item="对讲听筒", quantity="1")
    wait_for_the_store(case, worker, case.at.date() + timedelta(days=2))
    case.until(moment(case.at.date() + timedelta(days=2), time(9, 30)) + case.story.minutes(0, 60))
    case.do("goods_came", "fang", "child", request=Its("requests"))
    case.wait(20, 60)
    case.do("resume", worker, "child")
    finish(case, broken, worker)
    follow_up(case, broken, worker)


def wait_for_the_store(case: Case, worker: str, arrives_on: date) -> None:
    case.wait(5, 20)
    answer = {"request": Its("requests"), "answer": "coming", "arrives_on": f"{arrives_on}"}
    case.do("answer_store", "fang", "child", **answer)
    case.wait(4, 20)
    promised = typed(moment(arrives_on, time(18)))
    case.do("promise", case.clerk(), promised_at=promised, reason="仓库缺件，到货就来，已电话告知业主")


def never_reached(case: Case) -> None:
    """Three calls that nobody answers: 已尝试."""
    fault = case.story.pick(repairs.HOME)
    report(case, fault)
    worker = send(case, fault)
    arrive(case, fault, worker)
    finish(case, fault, worker)
    call_back(case, "child", misses=3)
    strike_off(case)
