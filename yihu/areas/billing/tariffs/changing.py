"""What the steps of a late entry do: until another hand has agreed nothing changes; then it holds, and the next run corrects."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from yihu.areas.billing.tariffs import late_entry
from yihu.areas.billing.tariffs.late_entry import Touch
from yihu.areas.billing.tariffs.models import Developer, PayerChange, TouchedBill
from yihu.basics.money import yuan
from yihu.basics.periods import ONE_DAY
from yihu.kernel.authority import authority
from yihu.kernel.errors import Refused

APPROVE = "tariffs.correct"


def drafted(act: Any) -> None:
    """The bills are kept as they were shown to who drafted it."""
    change: PayerChange = act.record
    for bills in late_entry.each_batch(late_entry.entry_of(change), Touch()):
        TouchedBill.objects.bulk_create([TouchedBill(change=change, charge=one) for one in bills], batch_size=1000)
    people = authority().people_with(change.community_id, APPROVE)
    words = f"{change.number} 开发商付费补登记，{change.touched}，请审批。"
    act.tell([one for one in people if one != act.by], words)


def approved(act: Any) -> None:
    """Once more from the beginning: what has changed meanwhile is drafted anew."""
    change: PayerChange = act.record
    entry = late_entry.entry_of(change)
    found, shown = Touch(), 0
    for bills in late_entry.each_batch(entry, found):
        shown += change.lines.filter(charge__in=[one.pk for one in bills]).count()
        for one in bills:
            found.add(one)
    if not found.bills == shown == change.lines.count() or len(found.unbilled) != change.unbilled:
        now = found.words if found else "不再影响已经出的账单"
        raise Refused(f"起草以后账单有变动：现在{now}。请不同意这一张，重新登记。")
    change.periods = late_entry.as_json(found.periods)
    change.approved_by, change.approved_at = act.by, act.at
    for row in late_entry.succeeded(entry).order_by("pk"):
        row.to_on = entry.from_on - ONE_DAY
        row.save(update_fields=["to_on"])
        _note(act, row, f"{act.by} 批准 {change.number}，到 {row.to_on:%Y-%m-%d} 为止")
    row = Developer(
        community_id=change.community_id, cluster=change.cluster, party_id=change.party_id, from_on=change.from_on,
        to_on=change.to_on,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("这段时间刚刚登记了别的开发商，请不同意这一张，重新登记。") from None
    _note(act, row, f"{act.by} 批准 {change.number}，{change.period}")
    act.tell_post("accountant", f"{change.number} 已批准：{change.touched}，差额进下一次出账的“补收与更正”。")
    act.tell([one for one in [change.opened_by] if one != act.by], f"{change.number} 已批准，{change.period}。")


def _note(act: Any, row: Developer, words: str) -> None:
    act.command.note(act.command.book(Developer._meta.label_lower, row.pk), words, step="change")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 没有通过：{act.record.rejection[:80]}")


def rows_of(change: PayerChange, most: int = 0) -> list[dict[str, str]]:
    """The bills that it concerns, unit by unit."""
    lines = change.lines.select_related("charge__item", "charge__unit", "charge__party")
    found = lines.order_by("charge__unit__sort_key", "charge__from_on", "pk")
    return [row_of(one.charge) for one in (found[:most] if most else found)]


def row_of(charge: Any) -> dict[str, str]:
    return {
        "unit": str(charge.unit or ""),
        "what": f"{charge.item}{f'（{charge.part}）' if charge.part else ''}",
        "period": f"{charge.from_on:%Y-%m-%d} 至 {charge.to_on:%Y-%m-%d}",
        "payer": str(charge.party),
        "amount": yuan(charge.amount),
        "paid": yuan(charge.amount - charge.open),
    }
