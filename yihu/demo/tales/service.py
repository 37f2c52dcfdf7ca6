"""The tale of a service that somebody asked for: by the price list, or a small thing without charge."""

from __future__ import annotations

from yihu.demo.plan import Case, Named, Signed
from yihu.demo.stock.talk import Topic
from yihu.demo.tales.desk import call_back, strike_off
from yihu.demo.tales.matter import a_topic, promised_for, take_on, work

# what is on the list, by words of the call; everything else is done for nothing
LISTED = (
    ("保洁", "BJ-01", "4"),
    ("会议室", "HY-01", "3"),
    ("窗帘杆", "WX-02", "2"),
    ("搬到", "BY-01", "2"),
    ("浇花", "QT-01", "7"),
)
OURS = ("wang", "sun", "tian", "chen", "he")


def service(case: Case) -> None:
    """Quoted and accepted by telephone, done, signed, called back; the second time nobody pays."""
    topic = a_topic(case, "service")
    hours = case.story.random.randint(*topic.hours)
    priced = next(((code, quantity) for words, code, quantity in LISTED if words in topic.says), None)
    worker = topic.handler if topic.handler in OURS else "tian"
    more = {"service": priced[0], "quantity": priced[1]} if priced else {"free": "on"}
    take_on(case, "service", topic, hours, promise=promised_for(case, hours), more=more)
    name = case.opening.get("caller_name") or "来电客户"
    if priced:
        case.wait(3, 15)
        case.do("quote", case.clerk(), "child")
        case.wait(1, 20)
        case.do("accept", case.clerk(), "child", accept_way="phone", accepted_by=name)
    case.wait(2, 10)
    case.do("reply", case.clerk(), result="已约好时间，按约上门")
    settle = "month" if priced and case.opening.get("unit") else "now" if priced else ""
    _carry_out(case, topic, worker, hours, "child", settle)
    asks = "li" if worker in ("wang", "sun") else ""  # whoever did it does not ask whether it was done well
    if not call_back(case, "child", by=asks):
        _carry_out(case, topic, worker, 3, "again", "")
        call_back(case, "again", by=asks, sure=True)
    strike_off(case)


def _carry_out(case: Case, topic: Topic, worker: str, hours: int, on: str, settle: str) -> None:
    case.wait(5, 40)
    case.do("assign", case.clerk(), on, handler=Named(worker))
    work(case, worker, hours)
    case.do("start", worker, on)
    case.wait(20, 90)
    case.do("finish", worker, on, result=topic.result)
    case.wait(3, 10)
    paid = {"settle": settle, "invoice": "none"} if settle else {}
    case.do("sign", worker, on, opinion="A", signature=Signed(case.story.random.randrange(2, 18)), **paid)
