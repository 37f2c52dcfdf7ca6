"""What happens to a line beyond its state: the sign-off, the report back, the second round."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from yihu.areas.needs.models import Need
from yihu.basics.worktime import OFFICE_ZONE, CalendarYearMissing, office_time
from yihu.ground.contact.calling import after_call
from yihu.kernel.authority import authority
from yihu.kernel.calendars import office
from yihu.kernel.models import Link
from yihu.kernel.procedure import Branch
from yihu.kernel.settings_pages.times import Times, declare

S, SignOff = Need.State, Need.SignOff
SIGN_BY = declare(Times("needs.sign_by", "服务需求签批的时刻", "登记后的下一个工作日几点以前签批", ("10:00",), "10:00"))


def sign_by(community_id: int, at: datetime) -> datetime:
    """The next working day at ten, or at the hour that the company says."""
    calendar, day = office(community_id, at), office_time(at).date()
    try:
        due = calendar.working_days_after(day, 1)
    except CalendarYearMissing:
        due = calendar.as_tentative().working_days_after(day, 1)
    hour = time.fromisoformat((SIGN_BY.at(community_id, at) or SIGN_BY.default)[0])
    return datetime.combine(due, hour, OFFICE_ZONE)


def opened(act: Any) -> None:
    need = act.record
    people = [need.handler] if need.handler_id else authority().team_people(need.community_id, need.team)
    act.tell(people, f"{need.number} {need.summarise()[:60]}，请办理。")


def _end(need: Any) -> str:
    """Where a finished line stands: closed only with the approver's sign-off."""
    return S.CLOSED if need.sign_off == SignOff.SIGNED else S.SETTLED


AFTER_DONE = Branch(
    lambda act: S.CALL_BACK if act.record.has_customer else _end(act.record), (S.CALL_BACK, S.SETTLED, S.CLOSED)
)
AFTER_CALL = Branch(
    lambda act: _end(act.record) if after_call("over", "over").choose(act) else "", (S.SETTLED, S.CLOSED)
)
AFTER_SIGN = Branch(lambda act: S.CLOSED if act.record.state == S.SETTLED else "", (S.CLOSED,))


def done(act: Any) -> None:
    act.record.handled_by, act.record.handled_at = act.by, act.at


def signed(act: Any) -> None:
    act.record.sign_off, act.record.signed_by, act.record.signed_at = SignOff.SIGNED, act.by, act.at


def returned(act: Any) -> None:
    act.record.sign_off = SignOff.RETURNED
    act.tell([act.record.opened_by], f"{act.record.number} 被退回：{act.record.return_reason[:80]}，请补正。")


def wait_again(act: Any) -> None:
    """Whatever was signed before has changed: it waits for its sign-off anew."""
    need = act.record
    need.sign_off, need.signed_by, need.signed_at = SignOff.WAITING, None, None
    need.sign_by = sign_by(need.community_id, act.at)


def second_round(act: Any) -> None:
    """Not satisfied: a new line, tied to the first (DESK-14)."""
    first = act.record
    again = Need(
        community=first.community, unit=first.unit, party=first.party, phone=first.phone, round_no=first.round_no + 1
    )
    data = {
        "register": first.register,
        "unit": first.unit_id or "",
        "customer": first.customer,
        "place": first.place,
        "need_type": first.need_type,
        "content": f"{first.content}\n（客户不满意：{act.data['words']}）"[:1000],
        "expected_at": act.at + timedelta(days=1),
        "team": first.team,
    }
    opened_again = act.open(again, data, why=Link.Why.REWORK)
    act.tell_post("cs_supervisor", f"{first.number} 回访不满意，已开第二轮 {opened_again.number}。")
