"""Whose a card may be, until when, and what nobody may stop it for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from yihu.areas.cards.models import Card, Issue
from yihu.ground.estate.models import Occupancy

SOON = timedelta(days=30)
# nobody is kept out of his home for money: 民法典第944条, domain.md §6.2
MONEY = ("欠费", "欠缴", "欠款", "欠物业", "拖欠", "催费", "催缴", "催收", "未交费", "未缴费", "不交费", "不缴费", "没交费", "没缴费",
         "交清", "缴清", "物业费", "滞纳金")  # fmt: skip


def about_money(words: str) -> str:
    """A sentence to the clerk where somebody is to be kept out, or let in again, for what he owes."""
    found = next((word for word in MONEY if word in words.replace(" ", "")), "")
    return f"不能写“{found}”：不得用停卡、恢复用卡来催交费用（民法典第944条）。请写真实的原因。" if found else ""


def stays(unit_id: int | None, party_id: int | None, day: date) -> list[Any]:
    return list(Occupancy.objects.on(day).filter(unit_id=unit_id, party_id=party_id))


def latest_day(unit_id: int | None, party_id: int | None, day: date) -> date | None:
    """The last day on which the holder still belongs to the household, where an end is known."""
    ends = [stay.to_on for stay in stays(unit_id, party_id, day)]
    return max(ends) if ends and all(ends) else None


def to_be_stopped(community: Any, day: date) -> Any:
    """Cards in use whose holder has gone, whose time is over, or will be within a month."""
    stay = Occupancy.objects.on(day).filter(unit_id=OuterRef("unit_id"), party_id=OuterRef("party_id"))
    return (
        Issue.objects.filter(community=community, state=Issue.State.IN_USE, closed_at__isnull=True)
        .annotate(lives_here=Exists(stay))
        .filter(Q(lives_here=False) | Q(valid_until__lt=day + SOON))
    )


def why(issue: Any, day: date) -> tuple[str, str, bool]:
    """Why a row of ``to_be_stopped`` is there, the reason that its stop would give, and whether that is due today."""
    if not issue.lives_here:
        return "持卡人已不在这一户", Issue.Reason.MOVED, True
    if issue.valid_until < day:
        return f"{issue.valid_until:%Y-%m-%d} 已到期", Issue.Reason.LEASE_END, True
    return f"{issue.valid_until:%Y-%m-%d} 到期", Issue.Reason.LEASE_END, False


def free(community_id: int, kind: str, number: str) -> str:
    """Why this card can't be given out, or ""."""
    card = Card.objects.filter(community_id=community_id, kind=kind, number=number).first()
    if card is None or card.status == Card.Status.BLANK:
        return ""
    if card.status == Card.Status.VOID:
        return f"{card} 已经作废，不能再发，请换一张。"
    held = Issue.objects.filter(card=card, is_out=True).select_related("unit").first()
    return f"{card} 已经发给 {held.unit}（{held.number}），请核对卡号。" if held else f"{card} 已经发出，请核对卡号。"
