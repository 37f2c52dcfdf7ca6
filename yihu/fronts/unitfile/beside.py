"""What stands beside a household's file: its money, its keys and cards, its papers.

It is fetched once the file is there, so that the file answers as fast however many areas have something to show here.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yihu.areas.cards.models import Issue
from yihu.areas.keys.models import KeySet
from yihu.basics.money import yuan
from yihu.ground.ledger.households import arrears_word, sees_money, standing_of
from yihu.ground.papers.models import Paper
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.models import record_seen_by

PAPERS = 20


def beside(unit: Any, person: Any) -> dict[str, Any]:
    """What ``unitfile/_beside.html`` needs: at most two questions an area, and none for what the person may not see."""
    grants, here = grants_of(person), reverse("unitfile:file", args=[unit.pk])
    reads, cards_new = grants.may("papers.see", unit.community_id), reverse("kernel:new", args=["cards"])
    return {
        "money": money(unit, person),
        "keys": keys(unit, person),
        "keys_url": f"{reverse('keys:desk')}?unit={unit.pk}" if grants.may("keys.see", unit.community_id) else "",
        "cards": cards(unit, person),
        "cards_url": f"{cards_new}?unit={unit.pk}&back={here}" if grants.may("cards.work", unit.community_id) else "",
        "papers": papers(unit, person) if reads else [],
        "papers_url": reverse("papers:unit", args=[unit.pk]) if reads else "",
    }


def money(unit: Any, person: Any) -> dict[str, Any]:
    """欠费, 预收, 押金: in figures for those who keep the books (two questions), in a word for those who answer the telephone."""
    if not sees_money(person, unit.community_id):
        word = arrears_word(unit, person)
        return {"word": word} if word else {}
    found, today = standing_of(unit), timezone.localdate()
    may_collect = grants_of(person).may("ledger.collect", unit.community_id)
    return {
        "owing": [
            {
                "name": one.name,
                "amount": yuan(one.amount),
                "since": f"{one.since:%Y-%m-%d}",
                "late": one.late(today),
                "url": f"{reverse('cashier:desk')}?unit={unit.pk}&party={one.party}"
                if may_collect
                else reverse("cashier:statement", args=[one.party]),
            }
            for one in found.owing
        ],
        "credit": yuan(found.credit) if found.credit else "",
        "deposits": yuan(found.deposits) if found.deposits else "",
        "till_url": f"{reverse('cashier:desk')}?unit={unit.pk}" if may_collect else "",
        "clear": not found.owing,
    }


def keys(unit: Any, person: Any) -> list[dict[str, Any]]:
    """Keys of the household that are in the office's trust; one question, asked only for those who may see them."""
    if not grants_of(person).may("keys.see", unit.community_id):
        return []
    rows = KeySet.objects.filter(community_id=unit.community_id, unit=unit).exclude(status__in=KeySet.GONE)
    return [
        {
            "title": f"{row.tag} {row.place}",
            "url": row.get_absolute_url(),
            "sub": " · ".join(
                part for part in (row.get_status_display(), row.get_kind_display(), str(row.hook or "")) if part
            ),
        }
        for row in rows.select_related("hook__cabinet").order_by("tag")
    ]


def cards(unit: Any, person: Any) -> list[dict[str, Any]]:
    """Cards and fobs that the household has in its hands; asked of those only who may see them."""
    if not grants_of(person).may("cards.see", unit.community_id):
        return []
    rows = (
        Issue.objects.seen_by(person).filter(unit=unit, is_out=True).select_related("party").order_by("card_kind", "pk")
    )
    return [
        {
            "title": row.what,
            "url": row.get_absolute_url(),
            "sub": " · ".join(
                part
                for part in (
                    str(row.party or ""),
                    row.state_word,
                    f"到 {row.valid_until:%Y-%m-%d}" if row.valid_until else "",
                )
                if part
            ),
        }
        for row in rows
    ]


def papers(unit: Any, person: Any) -> list[dict[str, Any]]:
    """Sheets of records that the person may not see are not there for him either."""
    seen = Q(record__isnull=True) | Q(record_seen_by(person))
    rows = Paper.objects.filter(seen, community_id=unit.community_id, unit=unit).select_related("record", "filed_by")
    return [
        {
            "title": row.title,
            "url": row.record.get_absolute_url() if row.record else "",
            "sub": " · ".join(part for part in (row.place, f"{moments.day(row.filed_at)} {row.filed_by} 归档") if part),
        }
        for row in rows.order_by("-filed_at", "-pk")[:PAPERS]
    ]
