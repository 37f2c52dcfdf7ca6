"""暂停可选服务: what each step does; in force only when all of it still holds, lifted when paid (domain.md §6.2.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.billing.delivering import send, write_down
from yihu.areas.billing.dunning.dates import seven_days
from yihu.areas.billing.dunning.effects import keep
from yihu.areas.billing.dunning.forms.suspensions import may_be_suspended, owed_for
from yihu.areas.billing.dunning.models import DunningCase, SuspendedService, Suspension
from yihu.areas.billing.dunning.reckon import evening
from yihu.basics.money import yuan
from yihu.basics.worktime import CalendarYearMissing
from yihu.ground.ledger.in_check import in_check
from yihu.kernel.calendars import office
from yihu.kernel.errors import Refused

V, S = Suspension.State, DunningCase.State


def drafted(act: Any) -> None:
    act.record.named = "、".join(item.name for item in act.data["services"])[:200]
    owed = owed_for(act.record.case, timezone.localdate(act.at))
    SuspendedService.objects.bulk_create(
        [SuspendedService(suspension=act.record, item=item, arrears=owed[item.pk]) for item in act.data["services"]]
    )


def reviewed(act: Any) -> None:
    keep(act, "review")
    act.tell_post("finance_supervisor", f"{act.record.number} {act.record.summarise()}，法务已审，请批。")


def finance_agreed(act: Any) -> None:
    act.record.finance_by = act.by
    act.tell_post("project_manager", f"{act.record.number} {act.record.summarise()}，财务主管已同意，请批。")


def manager_agreed(act: Any) -> None:
    act.record.manager_by = act.by


def client_agreed(act: Any) -> None:
    keep(act, "approval")


def delivered(act: Any) -> None:
    """Seven days from the proven delivery, the day itself not counted; a posted letter proves it only when it has arrived."""
    paper = act.record
    write_down(act, paper)
    if paper.way == paper.Way.ELECTRONIC:
        about = f"可选服务“{paper.named}”费用 {yuan(paper.arrears)} 元（通知书 {paper.number}）"
        send(act, paper, paper.party, code="please_pay", about=about, unit=paper.unit)
    arrived(act)


def last_of_seven(paper: Suspension, at: Any) -> tuple[date | None, str]:
    """The last of the seven days, as far as the delivery is certain. Where nobody has entered that year's holidays there
    is no guess but a sentence (scenario 23); the look every ten minutes goes on once they are entered."""
    on = paper.served_on(timezone.localdate(at), paper.community_id)
    if on is None:
        return None, ""
    try:
        return seven_days(on, office(paper.community_id, at)), ""
    except CalendarYearMissing as missing:
        return None, f"七日期限无法推算：{missing}"


def arrived(act: Any) -> None:
    paper = act.record
    paper.pay_by, why = last_of_seven(paper, act.at)
    paper.pay_by_at = evening(paper.pay_by) if paper.pay_by else None
    for post in ("sysadmin", "finance_supervisor") if why else ():
        act.tell_post(post, f"{paper.number} 已经送达，{why}"[:200])


def why_not_now(paper: Suspension, at: Any) -> str:
    """Everything is looked at once more on the day on which it would come into force."""
    day = timezone.localdate(at)
    if paper.pay_by is None and (missing := last_of_seven(paper, at)[1]):
        return missing
    if paper.pay_by is None or day <= paper.pay_by:
        return "七天还没有过：从证明送达的次日起算满七天，第八天起才能暂停。"
    if day >= paper.ends_on:
        return "已经过了最迟恢复日期，不能再暂停。"
    case = paper.case
    if case.closed_at is not None or case.state in (S.PAUSED, S.PLAN):
        return f"这户现在是“{case.state_word}”，不能暂停。"
    if case.party_id in in_check(case.community_id):
        return "有一笔未认领的转账可能是这户的，查清以前不能暂停。"
    owed = owed_for(case, day)
    for service in paper.services.select_related("item"):
        if not may_be_suspended(service.item):
            return f"“{service.item}”不是可选有偿服务，不能暂停（民法典第944条）。"
        if not owed.get(service.item_id):
            return f"“{service.item}”已经缴清或有争议，不能暂停。"
    return ""


def begun(act: Any) -> None:
    if why := why_not_now(act.record, act.at):
        raise Refused(why)
    act.record.begun_at = act.at
    named = act.record.named
    act.tell_post(
        "engineering_head",
        f"{act.record.number} {act.record.unit or act.record.party.journal_name}：即日起暂停可选服务“{named}”，其它一律照常。",
    )


def lifted(act: Any) -> None:
    act.record.lifted_at = act.at
    act.record.lift_why = act.record.lift_why or "到期、已缴或有争议，自动恢复"
    named = act.record.named
    for post in ("engineering_head", "finance_supervisor"):
        act.tell_post(
            post, f"{act.record.number} {act.record.unit or act.record.party.journal_name}：请在两小时内恢复“{named}”。"
        )


def paid_first(act: Any) -> None:
    act.record.lifted_at, act.record.lift_why = act.at, "期限内缴清，没有暂停"


def not_posted(paper: Any, by: Any) -> str:
    return "" if paper.posted and paper.pay_by is None else "这张不是邮寄的，或已知何时送达。"
