"""Cards: made where one is wanting, printed as often as needed, void when the household has changed or the desk says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from yihu.fronts.online import codes
from yihu.fronts.online.models import Card
from yihu.ground.estate.models import Community, Occupancy, Unit
from yihu.kernel.doors import command
from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.plain import require

PRINT = "online.cards"
BOOK = "online.cards"
MOST = 600  # homes of one building, printed at once
HOLDERS = (Occupancy.Role.OWNER, Occupancy.Role.LESSEE)
CHANGED = "住户已变"
MAY_NOT = "您不能打印、作废报修卡，请找前台。"


def card_of(code: str, now: datetime) -> Card | None:
    """The card whose code it is, as long as it stands."""
    if not codes.CODE.fullmatch(code):
        return None
    rows = Card.objects.filter(digest=codes.digest(code), revoked_at__isnull=True)
    card = rows.select_related("community", "unit__building", "building").first()
    return card if card is not None and stands(card, now) else None


def stands(card: Card, now: datetime) -> bool:
    """Not revoked, and whoever holds the home today held it when the card was printed."""
    if card.revoked_at is not None:
        return False
    return card.unit_id is None or holders_of([card.unit_id], now)[card.unit_id] == card.holders


def holders_of(units: Iterable[int], now: datetime) -> dict[int, list[int]]:
    """Of each home the occupancies of its owners and lessees today. A renewed lease is the same one, a new owner another."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Occupancy.objects.filter(unit__in=list(units), role__in=HOLDERS).on(timezone.localdate(now))
    for unit, pk in rows.order_by("pk").values_list("unit_id", "pk"):
        found[unit].append(pk)
    return found


def live(community: Any) -> Any:
    return Card.objects.filter(community=community, revoked_at__isnull=True)


def for_units(community: Any, units: Sequence[Unit], *, by: Any, key: str, now: datetime) -> list[Card]:
    """A standing card for each of these homes, in their order; what is void already gets another code."""
    require(by, PRINT, community.pk, MAY_NOT)
    if not units:
        raise Refused("这里没有房屋，没有可打印的卡。")
    if len(units) > MOST:
        raise Refused(f"一次最多打印 {MOST} 张，请分楼栋打印。")
    pks = [unit.pk for unit in units]
    with command(by=by, key=key, at=now, body=pks, verb="online.print") as printing:
        if not printing.replayed:
            Community.objects.select_for_update().get(pk=community.pk)  # two who print at once make one card
            standing, today = (
                {card.unit_id: card for card in live(community).filter(unit__in=pks)},
                holders_of(pks, now),
            )
            fresh = 0
            for unit in units:
                held = standing.get(unit.pk)
                if held is not None and held.holders == today[unit.pk] and _known(held):
                    continue
                if held is not None:
                    _end(held, CHANGED, by, now)
                _make(Card(community=community, unit=unit, holders=today[unit.pk]), by, now)
                fresh += 1
            what = units[0].label if len(units) == 1 else f"{units[0].building} {len(units)} 户"
            printing.note(printing.book(BOOK, community.pk), f"{by} 打印报修卡：{what}，新制 {fresh} 张", step="print")
    rows = live(community).filter(unit__in=pks).select_related("unit")
    found = {card.unit_id: card for card in rows}
    return [found[pk] for pk in pks if pk in found]


def for_place(community: Any, building: Any, place: str, *, by: Any, key: str, now: datetime) -> Card:
    """The card of a hall, a garage, a lift: everybody's."""
    require(by, PRINT, community.pk, MAY_NOT)
    with command(by=by, key=key, at=now, body=[building and building.pk, place], verb="online.print") as printing:
        Community.objects.select_for_update().get(pk=community.pk)
        rows = live(community).filter(unit__isnull=True, building=building, place=place)
        card: Card | None = rows.select_related("building").first()
        if card is not None and not _known(card):
            _end(card, "换码", by, now)
            card = None
        if card is None:
            card = _make(Card(community=community, building=building, place=place), by, now)
        if not printing.replayed:
            printing.note(printing.book(BOOK, community.pk), f"{by} 打印报修卡：{card}", step="print")
    return card


def revoke(community: Any, pk: int, why: str, *, by: Any, key: str, now: datetime) -> Card:
    """From now on its code opens nothing; what was reported with it goes on."""
    require(by, PRINT, community.pk, MAY_NOT)
    with command(by=by, key=key, at=now, body=[pk, why], verb="online.revoke") as revoking:
        card = Card.objects.select_for_update().filter(community=community, pk=pk).first()
        if card is None:
            raise NotFound
        if not revoking.replayed and card.revoked_at is None:
            _end(card, why, by, now)
            words = f"{by} 作废报修卡：{card}" + (f"，{why}" if why else "")
            revoking.note(revoking.book(BOOK, community.pk), words, step="revoke")
    return card


def _known(card: Card) -> bool:
    """Whether the code can still be made again: not if the installation's keys are others than they were."""
    return codes.digest_of(codes.CARD, card.salt) == card.digest


def _make(card: Card, by: Any, now: datetime) -> Card:
    card.salt = codes.new_salt()
    card.digest = codes.digest_of(codes.CARD, card.salt)
    card.made_by, card.made_at = by, now
    card.save(force_insert=True)
    return card


def _end(card: Card, why: str, by: Any, now: datetime) -> None:
    card.revoked_at, card.revoked_by, card.why = now, by, why
    card.save(update_fields=["revoked_at", "revoked_by", "why"])
