"""维修费冲正: what granting it does. The order keeps its amount; the books follow by what goes there (REP-05)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from yihu.areas.repairs.models import RepairReversal
from yihu.basics.money import yuan
from yihu.kernel.errors import Refused


def asked(act: Any) -> None:
    reversal = act.record
    act.command.link(reversal.order, reversal)
    act.tell_post(
        "cs_supervisor",
        f"{reversal.number} 申请冲正 {reversal.order.number} {yuan(reversal.amount_fen)} 元，请审批。",
    )


def granted(act: Any) -> None:
    """Once: the database itself refuses a second one of the same order."""
    reversal = act.record
    reversal.granted_at = act.at
    try:
        with transaction.atomic():
            RepairReversal.objects.filter(pk=reversal.pk).update(takes_back=reversal.order)
    except IntegrityError:
        raise Refused("这张维修单刚刚已经冲正过，不能再冲。") from None
    reversal.takes_back = reversal.order
    sentence = (
        f"{act.by} 批准冲正 {yuan(reversal.amount_fen)} 元，应收 {yuan(reversal.right_fen)} 元（{reversal.number}）"
    )
    act.command.note(reversal.order, sentence, step="reversed")
    act.tell([reversal.opened_by], f"{reversal.number} 已批准，{reversal.order.number} 已冲正。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 不予冲正：{act.data['answer']}")
