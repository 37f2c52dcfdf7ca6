"""The tale of a defect that the developer repairs: handed over, agreed upon, done, re-checked, signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yihu.demo.plan import Case, Signed
from yihu.demo.tales.desk import asides, call_back, caller, open_case, strike_off
from yihu.demo.tales.matter import a_topic

RECEIVERS = ("周工", "何经理", "售后小蒋")
FIRMS = ("宏远防水", "佳筑装饰", "新安门窗")
WET = ("渗水", "漏水", "积水", "不到地漏")


def after_sales(case: Case) -> None:
    """From the call to the owner's signature; an unhappy owner has the developer come once more."""
    story = case.story
    topic = a_topic(case, "after_sales")
    said = caller(case) | {"category": "after_sales", "content": topic.says}
    # asked for only where the warranty is over: the older clusters were accepted years ago
    open_case(case, case.clerk(), said, {"item": item_of(topic.says), "out_reason": "开发商书面承诺免费处理"})
    hand_over(case, "child")
    asides(case, "child", case.clerk())
    case.next_day(10)
    ends = case.at + timedelta(hours=story.random.randint(*topic.hours))
    case.do(
        "plan", case.clerk(), "child", plan=topic.progress or "开发商安排施工单位上门", contractor=story.pick(FIRMS), promised_on=_day(ends)
    )  # fmt: skip
    case.do("reply", case.clerk(), result=topic.progress or "开发商已定施工日期")
    done(case, "child", ends, topic.result)
    if not call_back(case, "child"):
        case.wait(20, 60)
        hand_over(case, "again")
        done(case, "again", case.at + timedelta(days=2), f"{topic.result}；重新处理")
        call_back(case, "again", sure=True)
    strike_off(case)


def item_of(says: str) -> str:
    if any(word in says for word in WET):
        return "waterproofing"
    return "heating" if "地暖" in says else "fittings"


def hand_over(case: Case, on: str) -> None:
    case.wait(15, 60)
    hand = Signed(case.story.random.randrange(2, 18))
    case.do("hand", case.clerk(), on, receiver=case.story.pick(RECEIVERS), signature=hand)


def done(case: Case, on: str, ends: Any, result: str) -> None:
    case.until(ends)
    case.next_day(15)
    case.do("finish", case.clerk(), on, work_done=result, finished_on=_day(case.at))
    case.wait(30, 120)
    case.do("passed", "gong", on, checked="现场查看，符合要求")
    case.wait(10, 60)
    case.do("accept", case.clerk(), on, signature=Signed(case.story.random.randrange(2, 18)))


def _day(at: Any) -> str:
    return f"{at:%Y-%m-%d}"
