"""《有偿服务单》 (F09) in three copies, 《特约服务人工价目表》 (F10) for the wall, 《有偿服务月结清单》 for finance."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from yihu.areas.services.models import PriceRow, ServiceOrder, prices_in_force
from yihu.areas.services.monthly import replaces, shown
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import files, moments
from yihu.kernel.models import Attachment
from yihu.kernel.prints import Print, issue
from yihu.kernel.signatures import signature_of


def order_sheet(order: Any, by: Any) -> dict[str, Any]:
    """What the customer agrees to and what was done; what nobody has written down yet leaves room for handwriting."""
    done = order.finished_at is not None
    quoted = order.quoted_at is not None and not order.free
    lines = order.all_lines
    signed = order.signed_at is not None
    accepted = not order.free and order.accepted_no > 0
    return {
        "community": order.community.name,
        "number": order.number,
        "title": "有偿服务单" if order.round_no == 1 else f"有偿服务单（第 {order.round_no} 次）",
        "unit": str(order.unit or ""),
        "location": order.location,
        "customer": order.customer,
        "phone": str(order.phone),
        "content": order.content,
        "opened_by": str(order.opened_by),
        "opened_at": moments.stamp(order.opened_at),
        "appointment": moments.span(order.appointment_from, order.appointment_to),
        "free": order.free,
        "lines": [_line(line, done) for line in lines],
        "done": done,
        "discount": yuan(order.discount_fen) if order.discount_fen else "",
        "quote": yuan(order.quote_fen) if quoted else "",
        "quote_words": rmb_capitals(order.quote_fen) if quoted else "",
        "ways": ServiceOrder.Way.labels,
        "way": order.get_accept_way_display() if accepted else "",
        "accepted_by": order.accepted_by if accepted else "",
        "accepted_at": moments.stamp(order.accepted_at) if accepted else "",
        "accepted_on": moments.formal(order.accepted_at) if accepted else "",
        "accept_signature": _first_signature(order) if accepted and order.accept_way == ServiceOrder.Way.SIGNED else "",
        "worker": "、".join(part for part in (str(order.handler or ""), order.provider) if part),
        "started_at": moments.stamp(order.started_at),
        "finished_at": moments.stamp(order.finished_at),
        "result": order.result,
        "total": yuan(order.actual_fen) if done else "",
        "total_words": rmb_capitals(order.actual_fen) if done else "",
        "settles": ServiceOrder.Settle.labels,
        "settle": order.get_settle_display(),
        "invoices": ServiceOrder.Invoice.labels,
        "invoice": order.get_invoice_display(),
        "opinions": ServiceOrder.Opinion.labels,
        "opinion": order.get_opinion_display(),
        "refused": order.sign_refused,
        "signature": signature_of(order) if signed and not order.sign_refused else "",
        "signed_on": moments.formal(order.signed_at),
        "reversed": _reversed(order),
    }


def _line(line: Any, done: bool) -> dict[str, str]:
    quantity = line.actual if done and line.actual is not None else None
    return {
        "code": line.code,
        "item": line.item,
        "measure": line.measure,
        "price": yuan(line.unit_price_fen),
        "quantity": f"{line.quantity.normalize():f}",
        "quoted": yuan(line.quoted_fen),
        "actual": f"{quantity.normalize():f}" if quantity is not None else "",
        "amount": yuan(line.actual_fen) if done else "",
    }


def _first_signature(order: Any) -> bytes | str:
    """The one under the quote; there is another under the work."""
    drawn = order.attachments.filter(purpose=Attachment.Purpose.SIGNATURE).order_by("at", "pk")
    until = drawn.filter(at__lte=order.accepted_at).last()
    return signature_of(order) if until is None else _picture(until)


def _picture(attachment: Any) -> bytes | str:
    try:
        return files.read(attachment.path)
    except files.Unreadable:
        return ""


def _reversed(order: Any) -> str:
    reversal = getattr(order, "reversal", None)
    return (
        f"本单 {yuan(reversal.amount_fen)} 元已于 {moments.formal(reversal.granted_at)}冲正（{reversal.number}）"
        if reversal
        else ""
    )


# -- the list on the wall ----------------------------------------------------------------------------------------------


def price_sheet(community: Any, day: date) -> dict[str, Any]:
    """The prices of a day in their classes, for whoever stands before the desk."""
    groups: dict[str, list[Any]] = defaultdict(list)
    rows = list(prices_in_force(community.pk, day))
    for row in rows:
        groups[row.kind].append(row)
    return {
        "community": community.name,
        "number": "",
        "day": f"{day:%Y年%m月%d日}",
        "published": f"{max(row.published_on for row in rows):%Y年%m月%d日}" if rows else "",
        "groups": [
            {
                "title": label,
                "rows": [
                    {
                        "code": row.code, "name": row.name, "measure": row.measure, "price": yuan(row.price_fen),
                        "material": row.material_rule or "—",
                    }
                    for row in groups[kind]
                ],
            }
            for kind, label in PriceRow.Kind.choices
            if groups[kind]
        ],
    }  # fmt: skip


POSTER = Print("price_list", "特约服务人工价目表", data=price_sheet, issued=True)


def poster(community: Any, day: date, *, by: Any, now: datetime) -> bytes:
    """The PDF for the wall, counted by community and day."""
    sheet = price_sheet(community, day)
    return issue(POSTER, sheet, by=by, now=now, number=f"{community.code} {day}", community=community)


# -- the month ---------------------------------------------------------------------------------------------------------


def month_sheet(month_list: Any, by: Any) -> dict[str, Any]:
    found = shown(month_list, by)
    return {
        "community": month_list.community.name,
        "number": month_list.number,
        "period": str(month_list.month),
        **found,
        "remarks": month_list.remarks,
        "signed": month_list.signed_at is not None,
        "withdrawn": month_list.withdrawn,
        "edition": month_list.edition,
        "replaces": replaces(month_list) if month_list.edition > 1 else "",
        "signer": str(month_list.signed_by or ""),
        "signature": signature_of(month_list) if month_list.signed_at else "",
        "signed_on": moments.formal(month_list.signed_at),
        "receiver": str(month_list.receiver or ""),
        "sent_at": moments.stamp(month_list.sent_at),
        "received_on": moments.formal(month_list.received_at),
    }
