"""Short words for what somebody does who scans the card in his home."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from yihu.areas.repairs.models import StandardFault
from yihu.fronts.online import cards, codes
from yihu.fronts.online.models import Card, Report

TYPED = {
    "words": "厨房水龙头一直滴",
    "place": "home",
    "where": "厨房",
    "name": "钱女士",
    "phone": "13912345678",
    "relation": "lessee",
}


def card_of(cast: Any, unit: Any = None) -> str:
    """The code of the card that the desk has printed for the home."""
    found = cards.for_units(cast.yunqi, [unit or cast.home], by=cast.wang, key="", now=timezone.now())
    return code(found[0])


def code(card: Card) -> str:
    return codes.code_of(codes.CARD, card.salt)


def hall(cast: Any, place: str = "1 单元大堂", building: Any = None) -> str:
    return code(
        cards.for_place(cast.yunqi, building or cast.home.building, place, by=cast.wang, key="", now=timezone.now())
    )


def fault(name: str = "水龙头漏水") -> StandardFault:
    return StandardFault.objects.get(name=name, community__isnull=True)


def send(code: str, key: str = "k", client: Client | None = None, *, to: str = "", **typed: Any) -> Any:
    return (client or Client()).post(f"/fix/{code}/{to}", {**TYPED, "key": key, **typed})


def reported(code: str, key: str = "k", *, to: str = "", **typed: Any) -> tuple[Report, str]:
    """What came of it, and the private address that he was led to."""
    answer = send(code, key, to=to, **typed)
    assert answer.status_code == 302, answer.content.decode()
    token = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
    return Report.objects.get(digest=codes.digest(token)), answer["Location"]


def words(address: str, client: Client | None = None) -> str:
    page: str = (client or Client()).get(address).content.decode()
    return page
