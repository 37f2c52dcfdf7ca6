"""The share lines of a bill: only of what was published, and only where the contract lets shares be billed (FEE-13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from yihu.areas.billing.reckoned import Oddity, Reckoned
from yihu.areas.billing.sharing.correcting import differences, made_up_for
from yihu.areas.billing.sharing.models import PoolMonth, PoolShare
from yihu.areas.billing.sharing.models.pools import pools_in_force
from yihu.areas.billing.sharing.models.terms import why_no_shares
from yihu.areas.billing.tariffs import prices as pricing
from yihu.basics.months import Month
from yihu.basics.worktime import add_months, month_day

Found = Reckoned | Oddity
S = PoolMonth.State


class Sharing:
    """公摊 as a source of the billing run: some six questions, whether for one unit or for five hundred."""

    slug, label = "sharing", "公摊"

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterable[Found]:
        months = {one.pool_id: one for one in _months(community_id, month)}
        pools = list(pools_in_force(community_id, month.first))
        if sentence := why_no_shares(community_id, month.first):
            yield from [Oddity(None, "no_shares", sentence)] if pools or months else []
            return
        yield from differences(community_id, month, units)
        if not pools and not months:
            return
        for pool in pools:
            one = months.get(pool.pk)
            if one is None or one.state != S.PUBLISHED:
                state = f"还是“{one.state_word}”" if one else "还没有公摊账"
                yield Oddity(None, "share_not_published", f"{pool.name} {month}{state}，公示以后才出账。")
        ready = [one for one in months.values() if one.state == S.PUBLISHED]
        yield from _lines(community_id, month, ready, units)


def _months(community_id: int, month: Month) -> Iterable[PoolMonth]:
    rows = PoolMonth.objects.filter(community_id=community_id, month=month.first, live=True, closed_as="")
    return rows.select_related("pool__item").order_by("pk")


def _lines(community_id: int, month: Month, ready: Sequence[PoolMonth], units: Sequence[int]) -> Iterable[Found]:
    if not ready:
        return
    days = [day for one in ready for day in (one.from_on, one.to_on) if day is not None]
    people = pricing.households(community_id, units, min(days), max(days))
    of_pk = {one.pk: one for one in ready}
    rows = PoolShare.objects.filter(month__in=list(of_pk), unit__in=list(units)).exclude(amount=0)
    made_up = {one.pk: made_up_for(one, units) for one in ready if one.corrects_id is not None}
    for share in rows.order_by("unit_id", "month_id"):
        if share.unit_id in made_up.get(share.month_id, ()):
            words = f"{of_pk[share.month_id].pool.name} {month} 已由更正公示的差额出过，没有再出。"
            yield Oddity(share.unit_id, "settled", words)
            continue
        yield from _of(share, of_pk[share.month_id], month, people)


def _of(share: PoolShare, one: PoolMonth, month: Month, people: dict[int, Any]) -> Iterable[Found]:
    """Who had the unit in the period pays; where that changed within it, each by his days."""
    pool, unit = one.pool, share.unit_id
    first, last = one.from_on or month.first, one.to_on or month.last
    payers = people[unit].payers(pool.item_id, first, last) if unit in people else []
    if not payers or any(payer.party is None for payer in payers):
        words = f"{pool.name} {first:%m-%d} 至 {last:%m-%d} 没有付款人，请先登记业主；未交付的请登记由谁付。"
        yield Oddity(unit, "no_payer", words, stops=True)
        return
    later = add_months(month.first, pool.due_months)
    due = month_day(later.year, later.month, pool.due_day)
    days = (last - first).days + 1
    for payer, amount in pricing.split(share.amount, payers):
        if not amount:
            continue
        mine = (payer.last - payer.first).days + 1
        words = share.words if mine == days else f"{share.words}；其中 {mine}/{days} 天"
        basis = {
            "pool": pool.pk, "month": one.number, "method": one.method_words, "base": share.base, "factor": share.factor,
            "weight": share.weight, "base_total": one.base_total, "pool_amount": one.amount_fen, "share": share.amount,
            "days": mine, "of_days": days, "rounding": "largest_remainder",
        }  # fmt: skip
        yield Reckoned(
            payer.party, unit, pool.item_id, payer.first, payer.last, due, amount, f"{pool.name}：{words}"[:200], pool.name[:40], basis
        )  # fmt: skip


SHARING = Sharing()
