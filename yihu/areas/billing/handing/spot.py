"""即付: an order that is paid on the spot becomes money as soon as it is signed; taking it back goes through the books too.

Everything here holds the community's books first, so that a signature, a reversal and a month's list never pass each other.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.billing.handing import effects
from yihu.areas.billing.handing.effects import nobody_pays, payer_of
from yihu.areas.billing.handing.forms import decided
from yihu.areas.billing.handing.models import ServiceBill, ServiceBillLine
from yihu.basics.money import yuan
from yihu.ground.estate.models import Party
from yihu.ground.ledger import charging
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.posting import BILL, REVERSE, books
from yihu.kernel.authority import authority
from yihu.kernel.models import Link
from yihu.kernel.who import Who

S, Way = ServiceBill.State, ServiceBill.Way
NOW = "now"


single = Who(lambda person, record, grants: getattr(record, "way", "") != Way.MONTH, "单张单据")


def paid_now(order: Any) -> bool:
    return bool(order.settle == NOW)


def take(order: Any, commanding: Any) -> None:
    """The customer has signed what it costs: it stands in the books at once, if it is known where and for whom."""
    if not paid_now(order):
        return
    with books(commanding, order.community_id) as opened:
        if order.to_pay_fen <= 0 or ServiceBillLine.objects.filter(record_id=order.pk).exists():
            return
        bill = _open(order, Way.SPOT, commanding)
        closed = opened.row.closed_through
        item = decided(bill)
        if item is not None and not nobody_pays(bill, commanding.by) and (closed is None or closed < opened.today):
            data = {"item": item, "due_on": f"{opened.today}"}
            commanding.perform(bill, "post", data=data, files={})
            return
    sentence = (
        f"{bill.number}：{order.number} 客户已签字，即付 {yuan(bill.total_fen)} 元，请认收费项目出账，客户等着缴费。"
    )
    _tell(bill, BILL, sentence, commanding)


def take_back(reversal: Any, commanding: Any) -> None:
    """A granted 冲正: of what is not in the books yet only the rest goes in; what is there waits for the finance head."""
    order = reversal.order
    with books(commanding, order.community_id):
        line = ServiceBillLine.objects.filter(record_id=order.pk, bill__way=Way.SPOT).select_related("bill").first()
        if line is None or line.bill.state == S.REFUSED or ServiceBill.objects.filter(takes_back=line).exists():
            return
        if line.bill.state == S.PENDING:
            _lower(line, order.to_pay_fen, reversal, commanding)
            return
        bill = _open(reversal, Way.BACK, commanding, takes_back=line)
    sentence = f"{bill.number}：{order.number} 已批准冲正，请冲销 {yuan(line.amount_fen)} 元的账单。"
    _tell(bill, REVERSE, sentence, commanding)


def _open(source: Any, way: str, commanding: Any, **more: Any) -> Any:
    day = timezone.localdate(commanding.at)
    data = {"source": source.pk, "period": f"{day:%Y-%m}", "way": way}
    record = ServiceBill(community=source.community, unit=source.unit, party=source.party, **more)
    # worth a look from the order, but no part of it: what the customer owes holds nobody's call open (DESK-05)
    return commanding.open(record, data=data, files={}, origin=source, why=Link.Why.SEE)


def _tell(bill: Any, capability: str, sentence: str, commanding: Any) -> None:
    people = authority().people_with(bill.community_id, capability)
    commanding.tell(people, sentence, community_id=bill.community_id, record=bill)


def _lower(line: Any, right: int, reversal: Any, commanding: Any) -> None:
    """Nothing is in the books yet."""
    bill = line.bill
    if not right:
        commanding.perform(bill, "drop", data={"refusal": f"{reversal.number} 已冲正"}, files={})
        return
    ServiceBillLine.objects.filter(pk=line.pk).update(amount_fen=right)
    commanding.perform(bill, "lower", data={"right": right, "why": reversal.number}, files={})


def opened(act: Any) -> None:
    """The one line of a single order; of a reversal the amount that is right, if anything is left to pay."""
    bill = act.record
    if bill.way == Way.MONTH:
        effects.opened(act)
        return
    order = (bill.takes_back.record if bill.takes_back_id else bill.source).typed
    bill.total_fen = order.to_pay_fen
    if not bill.total_fen:
        return
    day = timezone.localdate(order.signed_at)
    known = bill.takes_back.party_id if bill.takes_back_id else payer_of(order, order.unit, day)
    ServiceBillLine.objects.create(
        bill=bill, record_id=bill.source_id, unit=order.unit, party_id=known or _walk_in(order), what=order.summary[:120],
        done_on=day, amount_fen=bill.total_fen,
    )  # fmt: skip


def opens_in(act: Any) -> str:
    return S.TO_REVERSE if act.record.way == Way.BACK else S.PENDING


def _walk_in(order: Any) -> int | None:
    """Who has no room with us and ordered a service pays under his name. Who only reported a fault is asked for nothing."""
    name = getattr(order, "customer", "").strip()
    if order.unit_id is not None or not name:
        return None
    made = Party.objects.create(community_id=order.community_id, name=name, remark=f"零星服务 {order.number}")
    return int(made.pk)


def lowered(act: Any) -> None:
    act.record.total_fen = act.data["right"]


def reversed_(act: Any) -> None:
    """What was paid on it stands at the payer's disposal; the amount that is right is charged by the accountant."""
    bill = act.record
    line = bill.takes_back
    with books(act.command, bill.community_id) as ledger:
        charge = Charge.objects.select_related("item").get(pk=line.charge_id)
        if charge.reversal_id is None:
            charging.reverse_charge(ledger, charge, f"{bill.source.number} 冲正 {line.record.number}")
    if bill.total_fen:
        people = authority().people_with(bill.community_id, BILL)
        act.tell(people, f"{bill.number} 已冲销，请按改正后的 {yuan(bill.total_fen)} 元重新出账。")


def after_reversal(act: Any) -> str:
    return S.PENDING if act.record.total_fen else S.REVERSED
