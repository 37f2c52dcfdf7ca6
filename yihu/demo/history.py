"""What the fee office brought along and did before today: bills of the old system, mornings at the till, the statement of the bank."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from yihu.areas.billing.running.models import Draft
from yihu.areas.cashier import household
from yihu.areas.cashier.applying.counting import till_of
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.till import Taking, take_money
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.demo.fees import PROPERTY_FEE
from yihu.demo.owing import developer_of
from yihu.ground.ledger import charging
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.ground.ledger.posting import books
from yihu.kernel.calendars import office
from yihu.kernel.doors import command, open_record, perform

CARRIED = 80  # households whose bill of the month before last came over unpaid
MORNINGS, OF_TEN = 6, 7  # on so many days seven of ten of them came to the till
METHODS = ("cash", "card", "bank", "cash", "card")


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), OFFICE_ZONE)


def days_before(community: Any, today: date, count: int = MORNINGS) -> list[date]:
    """The last working days, the oldest first; by weekends alone in a year whose holidays nobody has entered."""
    calendar, day, found = office(community.pk, moment(today, 12)).as_tentative(), today, []
    while len(found) < count:
        day -= timedelta(days=1)
        if calendar.is_working_day(day):
            found.append(day)
    return found[::-1]


def carry_over(run: Any, accountant: Any) -> list[Charge]:
    """沈会计 entered on the 1st what the old system still had open of the month before last: as much as last month's bill,
    which is drawn up and not posted yet."""
    month = Month.of(run.month_on).before
    item = FeeItem.objects.get(community_id=run.community_id, code=PROPERTY_FEE)
    builder = developer_of(run.community)
    rows = Draft.objects.filter(run=run, item=item.pk, unit__isnull=False, amount__gt=0).exclude(
        party=builder.pk if builder else 0
    )
    owed = [
        Owed(
            party=row.party_id, unit=row.unit_id, item=item, from_on=month.first, to_on=month.last,
            due_on=run.month_on.replace(day=10), amount=row.amount, words="旧系统转入的未缴费用",
        )
        for row in rows.order_by("unit", "pk")[:CARRIED]
    ]  # fmt: skip
    key, at = f"demo:carried:{run.community_id}", moment(run.month_on, 10)
    with command(by=accountant, key=key, at=at, verb="demo.carried") as commanding:
        if not commanding.replayed and owed:
            with books(commanding, run.community_id) as opened:
                charging.charge_many(opened, owed, words=f"{month} 旧系统转入")
    found = Charge.objects.filter(community_id=run.community_id, item=item, from_on=month.first)
    return list(found.select_related("party", "unit").order_by("unit", "pk"))


def mornings(community: Any, carried: Iterable[Charge], today: date, people: dict[str, Any]) -> None:
    """Each day its receipts, and in the evening the till is handed over; the next morning 蔡财务 reads the sheet."""
    days = days_before(community, today)
    came = [(place, one) for place, one in enumerate(carried) if place % 10 < OF_TEN]
    for number, day in enumerate(days):
        of_day = [(place, one) for place, one in came if place % len(days) == number]
        for minute, (place, charge) in enumerate(of_day):
            if charge.open > 0:
                _take(
                    charge,
                    METHODS[place % len(METHODS)],
                    people["tang"],
                    moment(day, 9) + timedelta(minutes=11 * minute),
                )
        last = number + 1 == len(days)
        _close(community, day, today if last else days[number + 1], people)


def _take(charge: Charge, method: str, collector: Any, at: datetime) -> None:
    taking_ = Taking(
        party=charge.party_id, unit=charge.unit_id, amount=charge.open, method=method, payer_name=charge.party.name,
        seen=household.seen_of(charge.party), reference="" if method == "cash" else f"{at:%Y%m%d}{charge.pk:08d}",
        charges=(charge.pk,),
    )  # fmt: skip
    take_money(taking_, charge.party, by=collector, key=f"demo:morning:{charge.pk}", at=at)


def _close(community: Any, day: date, read_on: date, people: dict[str, Any]) -> None:
    close: Any = TillClose.objects.filter(community=community, collector=people["tang"], day=day).first()
    if close is None:
        till = till_of(community.pk, people["tang"])
        if till.day != day:
            return
        counted = {f"counted_{method}": yuan(system).replace(",", "") for method, _, _, system in till.methods()}
        close = open_record(
            TillClose(community=community), by=people["tang"], key=f"demo:till:{day}", at=moment(day, 18),
            data={**counted, "shown": till.token},
        )  # fmt: skip
    if close.state == TillClose.State.HANDED:
        slip = {"bank_slip": f"HC{close.pk:08d}"}
        close = perform(
            close, "receive", by=people["qian"], key=f"demo:till:{day}:receive", at=moment(day, 18, 20), data=slip
        )
    if close.state == TillClose.State.RECEIVED:
        perform(
            close,
            "read",
            by=people["cai"],
            key=f"demo:till:{day}:read",
            at=moment(read_on, 8, 40),
            data={"read_note": "相符"},
        )
