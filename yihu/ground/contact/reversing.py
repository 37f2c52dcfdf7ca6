"""冲正: a signed amount that is taken back. One asks and another grants it, once; the order itself stays as it was signed, and
the books follow by what goes there (REP-05, REP-08). The record has ``order``, ``takes_back``, ``amount_fen``, ``granted_at``
and says in ``granted_words`` what is right from now on.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import IntegrityError, transaction

from yihu.basics.money import yuan
from yihu.kernel.errors import Refused


def find_order(form: Any, orders: Any, charged: str, lacking: str) -> Any:
    """The signed order whose number was typed, of which nothing is taken back yet. ``charged``: its column of what it costs;
    ``lacking``: what it must have been, in words."""
    word = word_of(form.record)
    rows = orders.seen_by(form.by).filter(number=form.cleaned_data["number_of"].strip(), signed_at__isnull=False)
    order = rows.filter(community_id=form.record.community_id).first()
    if order is None or not getattr(order, charged):
        raise forms.ValidationError(f"没有找到这个编号的、{lacking}的{word}，请核对编号。")
    if order.reversals.exclude(state=form.record.State.REFUSED).exclude(closed_as="withdrawn").exists():
        raise forms.ValidationError(f"这张{word}已经有冲正单，请看它的“相关单据”。")
    form.record.order, form.record.unit, form.record.party = order, order.unit, order.party
    return order


def word_of(reversal: Any) -> str:
    return str(reversal._meta.get_field("order").verbose_name)


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
            type(reversal).objects.filter(pk=reversal.pk).update(takes_back=reversal.order)
    except IntegrityError:
        raise Refused(f"这张{word_of(reversal)}刚刚已经冲正过，不能再冲。") from None
    reversal.takes_back = reversal.order
    sentence = f"{act.by} 批准冲正 {reversal.granted_words}（{reversal.number}）"
    act.command.note(reversal.order, sentence, step="reversed")
    act.tell([reversal.opened_by], f"{reversal.number} 已批准，{reversal.order.number} 已冲正。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 不予冲正：{act.data['answer']}")
