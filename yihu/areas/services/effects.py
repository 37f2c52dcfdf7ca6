"""What the steps of a service order do beyond changing state."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from yihu.areas.services.forms import SignForm
from yihu.areas.services.models import ServiceLine, ServiceOrder, prices_in_force
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.contact.signing import keep_signature
from yihu.kernel.authority import authority, is_system
from yihu.kernel.models import Attachment, Link

S = ServiceOrder.State


def order_from(origin: Any) -> dict[str, Any]:
    """What a service order takes over from the contact."""
    facts = origin.facts()
    return {
        "content": (facts.get("content") or "")[:1000], "unit": facts.get("unit"), "party": facts.get("party"),
        "customer": facts.get("caller_name"), "phone": facts.get("phone"), "promised_at": facts.get("promised_at"),
    }  # fmt: skip


def where_it_starts(act: Any) -> str:
    """What costs nothing needs no quote."""
    return S.TO_ASSIGN if act.data.get("free") else S.QUOTING


def opened(act: Any) -> None:
    if act.data.get("service"):
        add_line(act)


# -- the quote ---------------------------------------------------------------------------------------------------------


def add_line(act: Any) -> None:
    price = act.data["service"]
    ServiceLine.objects.create(
        order=act.record, price=price, code=price.code, item=price.name, measure=price.measure,
        unit_price_fen=price.price_fen, quantity=act.data["quantity"], quote_no=act.record.quote_no,
    )  # fmt: skip


def add_material(act: Any) -> None:
    ServiceLine.objects.create(
        order=act.record, item=act.data["item"], measure=act.data["measure"], unit_price_fen=act.data["unit_price"],
        quantity=act.data["quantity"], quote_no=act.record.quote_no,
    )  # fmt: skip


def drop_line(act: Any) -> None:
    act.data["line"].delete()


def not_ready(order: Any, by: Any) -> str:
    """A quote names something that is on the list today."""
    lines = [line for line in order.lines.all() if line.quote_no > order.accepted_no]
    if not lines:
        return "还没有要报价的项目，请先“加项目”。"
    offered = set(prices_in_force(order.community_id, timezone.localdate()).values_list("code", flat=True))
    gone = [line.item for line in lines if line.price_id and line.code not in offered]
    return f"{'、'.join(gone)} 已不在价目表内，请删去后另选。" if gone else ""


def quoted(act: Any) -> None:
    """The price of the day of the quote holds from now on, whatever becomes of the list."""
    order = act.record
    today = {row.code: row for row in prices_in_force(order.community_id, timezone.localdate(act.at))}
    for line in order.lines.filter(quote_no__gt=order.accepted_no, price__isnull=False):
        row = today.get(line.code)
        if row is not None and row.pk != line.price_id:
            line.price, line.item, line.measure, line.unit_price_fen = row, row.name, row.measure, row.price_fen
            line.save(update_fields=["price", "item", "measure", "unit_price_fen"])
    order.discount_fen = act.data["discount"]
    order.quoted_at = act.at
    if order.discount_fen != order.accepted_discount_fen:
        act.tell_post("cs_supervisor", f"{order.number} 优惠 {yuan(order.discount_fen)} 元，请审批。")


def quote_leads_to(act: Any) -> str:
    return S.DISCOUNT if act.data["discount"] != act.record.accepted_discount_fen else S.QUOTED


def discount_refused(act: Any) -> None:
    act.record.discount_fen = act.record.accepted_discount_fen
    act.tell([act.record.opened_by], f"{act.record.number} 的优惠没有批准：{act.data['reason']}")


def accepted(act: Any) -> None:
    order = act.record
    order.accepted_no, order.accepted_fen = order.quote_no, order.quote_fen
    order.accepted_discount_fen = order.discount_fen
    if act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    if order.handler_id:
        act.tell([order.handler], f"{order.number} 客户已确认报价 {yuan(order.accepted_fen)} 元，可以继续。")


def after_acceptance(act: Any) -> str:
    """Where an order goes on: to be given to somebody, with whom it was before, or in the middle of the work."""
    order = act.record
    if order.started_at:
        return S.WORKING
    return S.ASSIGNED if order.handler_id or order.team or order.provider else S.TO_ASSIGN


def nothing_to_change(order: Any, by: Any) -> str:
    return "这张单不收费，没有报价可以变更；客户另要收费的服务，请另开一张。" if order.free else ""


def changing(act: Any) -> None:
    act.record.quote_no += 1


def declining_leads_to(act: Any) -> str:
    """A first quote that is declined ends the order; a later one leaves what was accepted before."""
    return after_acceptance(act) if act.record.accepted_no else S.REFUSED


def declined(act: Any) -> None:
    order = act.record
    if order.accepted_no:
        order.lines.filter(quote_no__gt=order.accepted_no).delete()
        order.quote_no, order.discount_fen = order.accepted_no, order.accepted_discount_fen
        if order.handler_id:
            act.tell([order.handler], f"{order.number} 客户不接受变更，按原报价 {yuan(order.accepted_fen)} 元继续。")


# -- the work ----------------------------------------------------------------------------------------------------------


def assigned(act: Any) -> None:
    order = act.record
    order.assigned_at = order.assigned_at or act.at
    people = (
        [order.handler]
        if order.handler_id
        else authority().team_people(order.community_id, order.team)
        if order.team
        else []
    )
    act.tell(people, f"服务单 {order.number}：{order.place} {mask_free_text(order.content)[:40]}")


def begun(order: Any, by: Any) -> str:
    return "已经开始服务，不能取消；请“完工”并按实际数量结算。" if order.started_at else ""


def started(act: Any) -> None:
    order = act.record
    order.started_at = order.started_at or act.at
    if order.handler_id is None and not order.provider and not is_system(act.by):
        order.handler = act.by  # whoever of the department begins has it in hand


def finished(act: Any) -> None:
    act.record.finished_at = act.at
    for line in act.data["done"]:
        line.save(update_fields=["actual"])
    for photo in act.data.get("photos") or []:
        act.attach(photo, Attachment.Purpose.AFTER)


def signed(act: Any) -> None:
    """From here on the amount and the way of paying stand; only a reversal takes them back."""
    order = act.record
    order.signed_at, order.total_fen = act.at, order.actual_fen
    if keep_signature(act, SignForm) is None:
        order.opinion = ServiceOrder.Opinion.UNSATISFIED


def owes_money(order: Any, by: Any) -> str:
    """What was signed and costs something does not vanish: its amount is taken back first."""
    if order.to_pay_fen:
        return f"客户已经签字，应收 {yuan(order.to_pay_fen)} 元，不能撤回或合并；金额有误的，请先申请冲正。"
    return ""


def reworked(act: Any) -> None:
    """Not satisfied: done once more, free of charge, tied to the first (DESK-14), in the same transaction as the call."""
    first = act.record
    again = ServiceOrder(
        community=first.community,
        unit=first.unit,
        party=first.party,
        round_no=first.round_no + 1,
        provider=first.provider,
    )
    data = {
        "content": f"{first.content[:700]}\n（回访不满意：{act.data['words']}）"[:1000], "free": "on", "location": first.location,
        "customer": first.customer, "unit": first.unit_id or "", "party": first.party_id or "",
    }  # fmt: skip
    opened_again = act.command.open(
        again, data=data, files={}, origin=first, why=Link.Why.REWORK, initial={"phone": first.phone}
    )
    ServiceLine.objects.bulk_create(
        ServiceLine(
            order=opened_again, code=line.code, item=line.item, measure=line.measure, unit_price_fen=0,
            quantity=max(line.quantity, Decimal("0.01")), quote_no=1,
        )
        for line in first.all_lines
    )  # fmt: skip
    act.tell_post("cs_supervisor", f"{first.number} 回访不满意，已开免费返工 {opened_again.number}。")
