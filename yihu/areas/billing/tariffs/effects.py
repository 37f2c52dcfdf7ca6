"""What approving and ending an agreement does: the term that bills are made from."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from yihu.areas.billing.tariffs.models import Agreement, Term
from yihu.areas.billing.tariffs.models.agreements import What
from yihu.kernel.authority import authority
from yihu.kernel.errors import Refused
from yihu.kernel.models import Attachment

SLOTS = {What.PAYER: Term.Slot.PAYER, What.RENT: Term.Slot.RENT}
COPIED = ("unit", "item", "party", "what", "price", "free_days", "grows_on", "grows_by", "grows_every", "from_on", "to_on", "number")  # fmt: skip


def opened(act: Any) -> None:
    for upload in act.data.get("evidence") or ():
        act.attach(upload, Attachment.Purpose.PAPER)
    people = authority().people_with(act.record.community_id, "ledger.tariff")
    act.tell(
        [one for one in people if one != act.by], f"{act.record.number} {act.record.summarise()[:60]}，请审批收费约定。"
    )


def agreed(act: Any) -> None:
    """From now on it holds. Two of the same kind on the same days are refused by the table."""
    one: Agreement = act.record
    percent = {What.FREE: 100, What.DISCOUNT: one.percent}.get(What(one.what))
    term = Term(
        agreement=one, slot=SLOTS.get(What(one.what), Term.Slot.LESS), percent=percent, **{name: getattr(one, name) for name in COPIED}
    )  # fmt: skip
    try:
        with transaction.atomic():
            term.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            f"{one.unit} 的{one.item or '全部项目'}在这段时间已经有约定，不能同时有两个；请先终止原来的。"
        ) from None
    act.tell([one.opened_by], f"{one.number} 已批准，{one.period}。")


def ended(act: Any) -> None:
    Term.objects.filter(agreement=act.record).update(to_on=act.record.ends_on)
    act.tell([act.record.opened_by], f"{act.record.number} 到 {act.record.ends_on:%Y-%m-%d} 终止。")


def sent_back(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 没有通过：{act.record.decision[:80]}")
