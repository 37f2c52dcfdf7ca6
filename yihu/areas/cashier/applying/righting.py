"""The right receipt in the place of one that was taken back in red, because it was wrong and the money was there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from yihu.areas.cashier.applying.models import RedLetter
from yihu.ground.ledger.models import Receipt

MOST = 50


def wanting(community: Any, through: date) -> QuerySet[RedLetter]:
    """Red letters up to the end of a day whose right receipt nobody has written, or said that there is none."""
    rows = RedLetter.objects.filter(
        community=community, state=RedLetter.State.TO_RIGHT, approved_at__date__lte=through, closed_at__isnull=True
    )
    return rows.select_related("receipt").order_by("approved_at", "pk")


def why_not_the_right_one(letter: RedLetter, receipt: Any) -> str:
    """The sentence, or nothing."""
    if receipt.pk == letter.receipt_id:
        return "这就是红冲掉的那一张，请选后来重开的收据。"
    if receipt.voided_by_id is not None:
        return "这张收据已经作废，请选重开的那一张。"
    if receipt.pk < letter.receipt_id:
        return "这张收据开在红冲的那一张以前，不会是它的重开。"
    taken = RedLetter.objects.filter(right=receipt).exclude(pk=letter.pk).first()
    return f"这张收据已经登记为 {taken.number} 的重开。" if taken is not None else ""


def likely(letter: RedLetter) -> Receipt | None:
    """The one that was probably written in its place: the same money, the same household or the same hand."""
    wrong: Any = letter.receipt
    rows = Receipt.objects.filter(
        Q(amount=wrong.amount) | Q(collector=wrong.collector, unit=wrong.unit) | Q(party=wrong.party, party__isnull=False),
        community_id=letter.community_id, pk__gt=wrong.pk, voided_by__isnull=True, right_of__isnull=True, method=wrong.method,
    )  # fmt: skip

    def alike(one: Receipt) -> int:
        same = one.reference == wrong.reference != ""
        return (
            8 * same
            + 4 * (one.amount == wrong.amount)
            + 2 * (one.party_id == wrong.party_id)
            + (one.collector_id == wrong.collector_id)
        )

    found = sorted(rows.order_by("pk")[:MOST], key=alike, reverse=True)
    return found[0] if found and alike(found[0]) > 1 else None
