"""Which part of the estate a figure is of: in the address, as a condition, and in words beside the period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from yihu.areas.billing.notices.models import Round
from yihu.basics.identity import mask_free_text
from yihu.ground.estate.models import Building, Cluster, Party, Unit
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import is_row_number

NOWHERE = "none"
NOBODYS = "没有分工的"
PLACES = {"cluster": "unit__cluster", "building": "unit__building", "unit": "unit", "item": "item", "party": "party"}
NAMED: dict[str, tuple[Any, str]] = {
    "cluster": (Cluster, "组团"), "building": (Building, "楼栋"), "unit": (Unit, "房屋"), "item": (FeeItem, "收费项目"),
    "party": (Party, "付款人"),
}  # fmt: skip


def narrowed(told: Mapping[str, Any]) -> Q:
    """Chosen in a form: a building, an item."""
    found = Q()
    for name in ("building", "item"):
        if told.get(name):
            found &= Q(**{PLACES[name]: told[name]})
    return found


def placed(asked: Mapping[str, str]) -> Q:
    """Named in the address of a figure: a cluster, a building, a household, an item, a payer; or what has none."""
    found = Q()
    for name, column in PLACES.items():
        value = asked.get(name, "")
        if value == NOWHERE:
            found &= Q(**{f"{column}__isnull": True})
        elif is_row_number(value):
            found &= Q(**{column: int(value)})
    return found & _carried(asked.get("steward", ""))


def place_of(asked: Mapping[str, str]) -> dict[str, str]:
    """What narrows a sheet, as the addresses of its figures take it along."""
    told = {name: asked.get(name, "") for name in (*PLACES, "steward")}
    return {name: value for name, value in told.items() if value == NOWHERE or is_row_number(value)}


def placed_words(asked: Mapping[str, str], community: Any) -> str:
    """The same for people: a page, a paper and an export say beside their period what they are narrowed to."""
    found = []
    for name, (model, word) in NAMED.items():
        value = asked.get(name, "")
        if value == NOWHERE:
            found.append(f"没有{word}的")
        elif is_row_number(value):
            row = model.objects.filter(community=community, pk=int(value)).first()
            found.append(mask_free_text(str(row)) if row is not None else f"没有这个{word}")
    steward = asked.get("steward", "")
    if steward == NOWHERE:
        found.append(NOBODYS)
    elif is_row_number(steward):
        way = Round.objects.filter(community=community, shown=True, steward=int(steward)).select_related("steward")
        found.append(f"楼管 {way[0].steward}" if way else "没有这个楼管")
    return "".join(f"，{words}" for words in found)


def _carried(steward: str) -> Q:
    """The buildings of one who carries the papers there (送达分工); or of nobody."""
    rounds = Round.objects.filter(shown=True)
    if steward == NOWHERE:
        return Q(unit__isnull=True) | ~Q(unit__building__in=rounds.values("building"))
    return (
        Q(unit__building__in=rounds.filter(steward=int(steward)).values("building")) if is_row_number(steward) else Q()
    )
