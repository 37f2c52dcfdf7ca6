"""What the worker named on an order needs before him: where, what, how far, and every form of the job on one page.

Without a network no other page opens, so the forms of the steps that lie ahead are here too; each shows once the one
before it waits in the telephone's outbox.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.repairs.models import WorkOrder
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel import moments
from yihu.kernel.procedure import Branch, Step
from yihu.kernel.screens.cells import when
from yihu.kernel.who import handler

S = WorkOrder.State
ON_THE_JOB = ("part", "hold", "finish")
DRAWN = (*ON_THE_JOB, "drop_part")  # steps whose forms stand on the page; the others are links
TRACK = (
    ("接单", (S.ASSIGNED,)),
    ("到场", (S.ACCEPTED,)),
    ("维修", (S.ON_SITE, S.WORKING, S.ON_HOLD)),
    ("签字", (S.TO_SIGN,)),
)


def in_his_hands(order: Any, person: Any) -> bool:
    """Whether this is the worker named on an open order, or who stands in for him."""
    return order.closed_at is None and order.firm_id is None and handler.allows(person, order)


def work_of(order: Any, person: Any, now: datetime) -> dict[str, Any]:
    """The worker's page of an order that is in his hands."""
    taps, state = course(order, person)
    last = _url(order, taps[-1].name) if taps else ""
    return {
        "track": track(order),
        "urgent": order.level == WorkOrder.Level.URGENT,
        "appointment": appointment(order, now),
        "phone_url": reverse("kernel:reveal", args=["repairs", order.number, "phone"]) if order.phone else "",
        "taps": _chain(order, taps),
        "job": _job(order, person, now, last) if state in (S.ON_SITE, S.WORKING) else None,
        "sign_url": _url(order, "sign") if state == S.TO_SIGN else "",
        "others": [*_others(order, person, taps), {**_form_head(order, "note"), "label": "备注", "tap": False}],
        "photo": _form_head(order, "attach"),
        "waits": f"{'客户拒签' if order.sign_refused else '已签字'}，等前台回访。"
        if order.state == S.CALL_BACK
        else "",
        "bill": _droppable(bill_of(order)),
        "drop_url": _url(order, "drop_part"),
        "url": order.get_absolute_url(),
    }


def track(order: Any) -> list[dict[str, str]]:
    """接单 → 到场 → 维修 → 签字, with where the order now is; on hold it stands where it will go on."""
    state = S.ACCEPTED if order.state == S.ON_HOLD and order.arrived_at is None else order.state
    now = next((place for place, (_, states) in enumerate(TRACK) if state in states), len(TRACK))
    return [
        {"label": label, "css": "track-done" if place < now else "track-now" if place == now else ""}
        for place, (label, _) in enumerate(TRACK)
    ]


def course(order: Any, person: Any) -> tuple[list[Step], str]:
    """The steps of one tap that come next, and the state in which they end."""
    taps: list[Step] = []
    state = order.state
    while step := _next(order, state, person):
        taps.append(step)
        state = (
            step.target.choose(SimpleNamespace(record=order)) if isinstance(step.target, Branch) else str(step.target)
        )
    return taps, state


def _next(order: Any, state: str, person: Any) -> Step | None:
    found = (step for step in order.procedure.open_steps(state) if step.primary and step.form is None)
    return next((step for step in found if step.who.allows(person, order)), None)


def _chain(order: Any, taps: list[Step]) -> list[dict[str, Any]]:
    """One button at a time: the first at once, each other after the one before it."""
    urls = [_url(order, step.name) for step in taps]
    return [
        {**_form_head(order, step.name), "label": step.label, "after": urls[place - 1] if place else ""}
        for place, step in enumerate(taps)
    ]


def _job(order: Any, person: Any, now: datetime, after: str) -> dict[str, Any]:
    """The forms of the work itself, each under its own address."""
    forms = {
        name: {
            **_form_head(order, name),
            "form": order.procedure.step(name).form(
                instance=order, by=person, at=now, auto_id=f"{name}_%s", use_required_attribute=True
            ),
        }
        for name in ON_THE_JOB
    }
    return {**forms, "after": after}


def _others(order: Any, person: Any, taps: list[Step]) -> list[dict[str, Any]]:
    found = [step for step in order.procedure.open_steps(order.state) if step.who.allows(person, order)]
    return [
        {**_form_head(order, step.name), "label": step.label, "tap": step.form is None}
        for step in found
        if step not in taps and step.name not in DRAWN and not step.primary
    ]


def _form_head(order: Any, step: str) -> dict[str, str]:
    """Where a form goes and the key under which it is done once."""
    return {"name": step, "url": _url(order, step), "key": uuid.uuid4().hex}


def _droppable(bill: dict[str, Any]) -> dict[str, Any]:
    """Each line with a key of its own, to be taken out once."""
    return {**bill, "lines": [{**line, "key": uuid.uuid4().hex} for line in bill["lines"]]}


def _url(order: Any, step: str) -> str:
    return reverse("kernel:step", args=["repairs", order.number, step])


def appointment(order: Any, now: datetime) -> str:
    """今天 14:00 至 16:00"""
    first, last = order.appointment_from, order.appointment_to
    if first is None or last is None:
        return ""
    if first == last:
        return when(first, now)
    same_day = timezone.localtime(first).date() == timezone.localtime(last).date()
    return f"{when(first, now)} 至 {moments.clock(last)}" if same_day else f"{when(first, now)} 至 {when(last, now)}"


def bill_of(order: Any) -> dict[str, Any]:
    """Material and labour in 元, with the total in words as it stands on the sheet."""
    lines = list(order.parts.order_by("pk"))
    material = sum(line.amount_fen for line in lines)
    total = material + order.labour_fen
    return {
        "lines": [
            {
                "pk": line.pk,
                "item": line.item,
                "quantity": f"{line.quantity.normalize():f}",
                "price": yuan(line.unit_price_fen),
                "amount": yuan(line.amount_fen),
            }
            for line in lines
        ],
        "material": yuan(material),
        "labour": yuan(order.labour_fen),
        "total": yuan(total),
        "words": rmb_capitals(total),
        "free_but_priced": order.chargeable == WorkOrder.Chargeable.FREE and total > 0,
    }
