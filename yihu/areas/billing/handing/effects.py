"""Takes what was signed over line by line, and enters it into the books."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.basics.money import yuan
from yihu.basics.months import Month
from yihu.ground.estate.models import Occupancy
from yihu.ground.ledger import charging
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.posting import BILL, books
from yihu.kernel.authority import authority

WHO_PAYS = (Occupancy.Role.LESSEE, Occupancy.Role.OWNER)
Way = ServiceBill.Way


def payer_of(record: Any, unit: Any, day: Any) -> int | None:
    """Whoever ordered it, if he is known; else the lessee of the day, else the first owner."""
    if record.party_id is not None:
        found: int = record.party_id
        return found
    if unit is None:
        return None
    stays = Occupancy.objects.on(day).filter(unit=unit, role__in=WHO_PAYS).order_by("place", "pk")
    by_role = {stay.role: stay.party_id for stay in reversed(stays)}
    return next((by_role[role] for role in WHO_PAYS if role in by_role), None)


def take_over(month_list: Any, commanding: Any) -> ServiceBill | None:
    """A received list goes on to be billed; an empty one asks nothing of anybody."""
    with books(commanding, month_list.community_id):
        if not to_bill(month_list):
            return None
        data = {"source": month_list.pk, "period": month_list.period, "way": Way.MONTH}
        bill: ServiceBill = commanding.open(
            ServiceBill(community=month_list.community), data=data, files={}, origin=month_list
        )
    return bill


def to_bill(month_list: Any) -> list[Any]:
    """What stands on the list and has not gone into the books by another way."""
    lines = list(month_list.lines.select_related("record", "unit").order_by("pk"))
    known = ServiceBillLine.objects.filter(record_id__in=[line.record_id for line in lines])
    taken = set(known.values_list("record_id", flat=True))
    return [line for line in lines if line.record_id not in taken]


def opened(act: Any) -> None:
    """Of a month's list line by line what stands on it, each with the one who pays. Single orders: ``spot``."""
    bill = act.record
    lines = to_bill(bill.source.typed)
    rows = [
        ServiceBillLine(
            bill=bill, record_id=line.record_id, unit=line.unit, party_id=payer_of(line.record, line.unit, line.done_on),
            what=line.what, done_on=line.done_on, amount_fen=line.amount_fen,
        )
        for line in lines
    ]  # fmt: skip
    ServiceBillLine.objects.bulk_create(rows)
    bill.total_fen = sum(line.amount_fen for line in lines)
    people = authority().people_with(bill.community_id, BILL)
    act.tell(
        people, f"{bill.number}：{bill.period} 有偿服务 {len(lines)} 笔，合计 {yuan(bill.total_fen)} 元，请审批出账。"
    )


def nobody_pays(record: Any, by: Any) -> str:
    without = list(record.lines.filter(party__isnull=True).select_related("unit"))
    named = "、".join(dict.fromkeys(str(line.unit) for line in without if line.unit_id))
    if named:
        return f"{named} 没有登记业主或租户，不知道账单开给谁。请先登记，再按“重新认付款人”。"
    return "不知道账单开给谁，请先按“指定付款人”。" if without else ""


def never(record: Any, by: Any) -> str:
    return "进账单不撤回；不该出账的，请按“不出账”写明原因。"


def payers_anew(act: Any) -> None:
    for line in act.record.lines.filter(party__isnull=True).select_related("record", "unit"):
        line.party_id = payer_of(line.record, line.unit, timezone.localdate(act.at))
        line.save(update_fields=["party"])


def payer_named(act: Any) -> None:
    act.record.lines.filter(charge__isnull=True).update(party=act.data["payer"])


def charged(act: Any) -> None:
    """One charge for each signed order; what was taken back of a month's stands in the payer's favour."""
    bill = act.record
    lines = list(bill.lines.select_related("record").order_by("unit__sort_key", "pk"))
    owed = [_owed(bill, line) for line in lines if line.amount_fen]
    with books(act.command, bill.community_id) as opened:
        rows = charging.charge_many(opened, owed, words=f"{bill.number} {bill.summarise()}"[:200]) if owed else []
    made = {row.part: row for row in rows}
    for line in lines:
        line.charge = made.get(line.record.number)
    ServiceBillLine.objects.bulk_update(lines, ["charge"])


def _owed(bill: Any, line: Any) -> Owed:
    first, last = _time_of(bill, line)
    return Owed(
        party=line.party_id, unit=line.unit_id, item=bill.item, from_on=first, to_on=last, due_on=bill.due_on,
        amount=line.amount_fen, part=line.record.number, words=f"{line.done_on:%m-%d} {line.what}"[:200],
        basis={"kind": "service", "order": line.record.number, "list": bill.source.number}, record=bill,
    )  # fmt: skip


def _time_of(bill: Any, line: Any) -> tuple[date, date]:
    """The business month of a list; of a single order its day."""
    if bill.way != Way.MONTH:
        return line.done_on, line.done_on
    return Month.known(bill.period).business
