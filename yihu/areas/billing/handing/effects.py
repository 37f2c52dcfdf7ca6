"""Takes a received list over line by line, and enters it into the books."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.areas.billing.reckoned import Month
from yihu.basics.money import yuan
from yihu.ground.estate.models import Occupancy
from yihu.ground.ledger import charging
from yihu.ground.ledger.charging import Owed
from yihu.ground.ledger.posting import BILL, books
from yihu.kernel.authority import authority
from yihu.kernel.errors import Refused

WHO_PAYS = (Occupancy.Role.LESSEE, Occupancy.Role.OWNER)


def payer_of(record: Any, unit: Any, day: Any) -> int | None:
    """Whoever ordered it, if he is known; else the lessee of the day, else the first owner."""
    if record.party_id is not None:
        found: int = record.party_id
        return found
    stays = Occupancy.objects.on(day).filter(unit=unit, role__in=WHO_PAYS).order_by("place", "pk")
    by_role = {stay.role: stay.party_id for stay in reversed(stays)}
    return next((by_role[role] for role in WHO_PAYS if role in by_role), None)


def take_over(month_list: Any, commanding: Any) -> ServiceBill | None:
    """A received list goes on to be billed; an empty one asks nothing of anybody."""
    if not month_list.lines.exists():
        return None
    data = {"source": month_list.pk, "period": month_list.period}
    bill: ServiceBill = commanding.open(
        ServiceBill(community=month_list.community), data=data, files={}, origin=month_list
    )
    return bill


def opened(act: Any) -> None:
    """Line by line what stands on the list, each with the one who pays."""
    bill = act.record
    lines = list(bill.source.typed.lines.select_related("record", "unit").order_by("pk"))
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
    without = record.lines.filter(party__isnull=True).select_related("unit")
    named = "、".join(dict.fromkeys(str(line.unit) for line in without))
    return f"{named} 没有登记业主或租户，不知道账单开给谁。请先登记，再按“重新认付款人”。" if named else ""


def never(record: Any, by: Any) -> str:
    return "进账单不撤回；不该出账的，请按“不出账”写明原因。"


def payers_anew(act: Any) -> None:
    for line in act.record.lines.filter(party__isnull=True).select_related("record", "unit"):
        line.party_id = payer_of(line.record, line.unit, timezone.localdate(act.at))
        line.save(update_fields=["party"])


def charged(act: Any) -> None:
    """One charge for each signed order, dated by the business month; what was taken back stands in the payer's favour."""
    bill = act.record
    if bill.item.nature != "income":
        raise Refused("有偿服务是物业收入，请选物业收入类的收费项目。")
    year, month = map(int, bill.period.split("-"))
    first, last = Month(year, month).business
    lines = list(bill.lines.select_related("record").order_by("unit__sort_key", "pk"))
    owed = [
        Owed(
            party=line.party_id, unit=line.unit_id, item=bill.item, from_on=first, to_on=last, due_on=bill.due_on,
            amount=line.amount_fen, part=line.record.number, words=f"{line.done_on:%m-%d} {line.what}"[:200],
            basis={"kind": "service", "order": line.record.number, "list": bill.source.number}, record=bill,
        )
        for line in lines if line.amount_fen
    ]  # fmt: skip
    with books(act.command, bill.community_id) as opened:
        rows = charging.charge_many(opened, owed, words=f"{bill.number} {bill.period} 有偿服务") if owed else []
    made = {row.part: row for row in rows}
    for line in lines:
        line.charge = made.get(line.record.number)
    ServiceBillLine.objects.bulk_update(lines, ["charge"])
