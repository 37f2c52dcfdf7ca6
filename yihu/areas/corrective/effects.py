"""What the steps of a corrective action and of a case study do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.corrective.models import CorrectiveAction
from yihu.areas.corrective.times import check_day, end_of
from yihu.kernel.authority import authority, is_system
from yihu.kernel.bars import is_barred
from yihu.kernel.models import Link, Record
from yihu.kernel.procedure import Branch

S = CorrectiveAction.State
# who takes up what the program proposes: the first who is not kept from it
LADDER = ("cs_supervisor", "cs_manager", "project_manager")

OPENED_IN = Branch(lambda act: S.PROPOSED if is_system(act.by) else S.ANALYSIS, (S.PROPOSED, S.ANALYSIS))
AFTER_CHECK = Branch(
    lambda act: S.TO_CLOSE if act.data["effect"] == CorrectiveAction.Effect.EFFECTIVE else S.ANALYSIS,
    (S.TO_CLOSE, S.ANALYSIS),
)


def action_from(origin: Any) -> dict[str, Any]:
    """What an action takes over from the complaint of which it comes."""
    facts = origin.facts()
    team = facts.get("dept") or facts.get("about_dept") or origin.team
    return {"source": "complaint", "nonconformity": facts.get("content"), "cause": facts.get("cause"), "team": team}


def opened(act: Any) -> None:
    action = act.record
    if not is_system(act.by):
        act.tell(
            [action.handler], f"{action.number} 纠正预防措施由您负责：{action.summarise()[:80]}，请分析原因、定措施。"
        )
        return
    grounds = Record.objects.filter(number__in=act.data["grounds"].split(), community_id=action.community_id)
    for ground in grounds.order_by("pk"):
        act.command.link(ground, action, Link.Why.BASIS)
    people = (one for post in LADDER for one in authority().holders(action.community_id, post))
    action.handler = next((one for one in people if not is_barred(one, action.pk)), None)
    if action.handler:
        act.tell([action.handler], f"{action.number} {action.nonconformity[:80]}请立项查明原因。")


def taken_up(act: Any) -> None:
    action = act.record
    action.effect = ""
    act.tell([action.handler], f"{action.number} 纠正预防措施由您负责：{action.summarise()[:80]}，请分析原因、定措施。")


def planned(act: Any) -> None:
    act.record.planned_by = act.by


def done(act: Any) -> None:
    """From now on it has to show whether it helped."""
    action = act.record
    action.done_by, action.done_at = act.by, act.at
    action.check_on = check_day(action.community_id, act.at)
    action.check_at = end_of(action.check_on, action.community_id, act.at)
    for photo in act.data.get("photos") or ():
        act.attach(photo)


def checked(act: Any) -> None:
    action = act.record
    action.checked_by, action.checked_at = act.by, act.at
    if act.data["effect"] == CorrectiveAction.Effect.EFFECTIVE:
        act.tell_post("cs_manager", f"{action.number} 纠正预防措施验证有效，请关闭。")
        return
    action.round_no += 1
    act.start("D04")
    act.tell([action.handler], f"{action.number} 措施未见效，转入第 {action.round_no} 轮，请重新分析原因。")


def published(act: Any) -> None:
    act.record.published_by, act.record.published_at = act.by, act.at


def to_publish(act: Any) -> None:
    act.tell_post("cs_manager", f"{act.record.number} 投诉案例《{act.record.title}》待审核公布。")


def case_from(origin: Any) -> dict[str, Any]:
    facts = origin.facts()
    return {"happened": facts.get("content"), "lesson": facts.get("lesson")}
