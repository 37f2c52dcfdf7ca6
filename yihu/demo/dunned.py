"""The last 11th working day: who had not paid by then is written to; some were met, called, agreed with (FEE-08, FEE-21)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from yihu.areas.billing.dunning.dates import dunning_day
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, DunningRound
from yihu.areas.billing.dunning.reckon import undisputed
from yihu.areas.billing.dunning.schedules import draw
from yihu.basics.money import share, yuan
from yihu.basics.months import Month
from yihu.basics.worktime import CalendarYearMissing, add_months
from yihu.demo import pictures
from yihu.demo.history import moment
from yihu.kernel.calendars import office
from yihu.kernel.doors import perform
from yihu.kernel.rhythms import come_round

R, N = DunningRound.State, DunningNotice.State
CALLS = (
    ("service", "电梯五月停了三天，觉得服务不到位", "已说明停梯是年检，报修记录可以查"),
    ("forgot", "出差忘了，回来就交", "告知可以扫通知单上的码在线缴"),
    ("hardship", "店里生意不好，想缓一缓", "告知可以签分期，不另收费用"),
)


def last_dunning_day(community: Any, today: date) -> date | None:
    """This month's if it has come, else the one of the month before; None where the holidays of neither are entered."""
    for month in (Month.of(today), Month.of(today).before):
        try:
            day = dunning_day(month.year, month.month, office(community.pk, moment(today, 12)))
        except CalendarYearMissing:
            continue  # in January it may be known when last year's was
        if day < today:
            return day
    return None


def dun(community: Any, today: date, people: dict[str, Any]) -> None:
    """The calendar opens the round; 沈会计 hands it out, 苏楼管 brings it, 唐收费 rings up."""
    day = last_dunning_day(community, today)
    if day is None:
        return
    when = moment(day, 9, 10)
    come_round(when, only="dunning-round")
    batch: Any = DunningRound.objects.filter(community=community, day=day).first()
    if batch is None:
        return
    while batch.state == R.DRAWING and not draw(batch, when):
        pass
    batch.refresh_from_db()
    if batch.state == R.READY and not batch.notices.filter(state=N.TO_APPROVE).exists() and batch.drawn:
        perform(batch, "hand_out", by=people["shen"], key=f"demo:dun:{batch.pk}", at=when + timedelta(hours=2))
    _bring(batch, when + timedelta(hours=6), people["su"])
    _talk(batch, when + timedelta(hours=7), people)


def _bring(batch: Any, when: datetime, steward: Any) -> None:
    """Two of three were signed for the same afternoon."""
    notices: Any = batch.notices.select_related("party").order_by("pk")
    for place, notice in enumerate(notices):
        if place % 3 == 2 or notice.state != N.ISSUED:
            continue
        said = {"way": "hand", "signer": notice.party.name, "capacity": "self", "signature": pictures.signature(place)}
        perform(
            notice,
            "deliver",
            by=steward,
            key=f"demo:dun:{notice.pk}",
            data=said,
            at=when + timedelta(minutes=4 * place),
        )


def _talk(batch: Any, when: datetime, people: dict[str, Any]) -> None:
    cases = list(DunningCase.objects.filter(notices__round=batch).order_by("pk")[:4])
    for place, (case, (reason, said, explained)) in enumerate(zip(cases, CALLS, strict=False)):
        told = {"way": "phone", "reached": "yes", "reason": reason, "said": said, "explained": explained}
        perform(
            case,
            "call",
            by=people["tang"],
            key=f"demo:call:{case.pk}",
            data=told,
            at=when + timedelta(minutes=9 * place),
        )
    if len(cases) > 2:
        _agree(cases[2], when + timedelta(hours=1), people["li"])
    if len(cases) > 3:
        _contest(cases[3], when + timedelta(hours=1), people["shen"])


def _agree(case: Any, when: datetime, by: Any) -> None:
    """In three parts, signed."""
    case.refresh_from_db()
    owed = sum(one.open for one in undisputed(case, when.date()))
    if not owed or case.state == DunningCase.State.PLAN:
        return
    parts = [
        f"{add_months(when.date(), place + 1):%Y-%m-%d} {yuan(part)}"
        for place, part in enumerate(share(owed, [1, 1, 1]))
    ]
    said = {"parts": "\n".join(parts), "signature": pictures.signature(3)}
    perform(case, "plan", by=by, key=f"demo:plan:{case.pk}", data=said, at=when)


def _contest(case: Any, when: datetime, by: Any) -> None:
    case.refresh_from_db()
    rows = [str(one.pk) for one in undisputed(case, when.date())][:1]
    if rows and not case.disputes.exists():
        said = {"charges": rows, "words": "客户说房屋面积和房产证不一致，已请他带证来核对"}
        perform(case, "dispute", by=by, key=f"demo:dispute:{case.pk}", data=said, at=when)
