"""The usual way in which the usual items are priced (F80); the amounts are each site's own."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.ground.ledger.models import FeeItem

C, P = Tariff.Cycle, Tariff.Pricing
METER = {"kind": Kind.METER, "pricing": P.COST}
# By the code of the item: how it is reckoned, in which measure and cycle.
USUAL: dict[str, dict[str, Any]] = {
    "WY": {"kind": Kind.GROSS},
    "SF": {**METER, "measure": "吨"},
    "DF": {**METER, "measure": "度"},
    "RQ": {**METER, "measure": "立方米"},
    "RF": {
        "kind": Kind.GROSS,
        "pricing": P.COST,
        "cycle": C.YEAR,
        "per": Tariff.Per.TERM,
        "starts": 11,
        "prepaid": True,
    },
    "KT": {"kind": Kind.METER, "measure": "度"},
    "CW": {"kind": Kind.QUANTITY, "measure": "个"},
    "CWG": {"kind": Kind.QUANTITY, "measure": "个"},
    "LT": {"kind": Kind.SERVICE, "measure": "小时"},
    "ZXG": {"kind": Kind.GROSS, "cycle": C.ONCE},
    "LJ": {"kind": Kind.GROSS, "cycle": C.ONCE},
    "YC": {"kind": Kind.SERVICE, "measure": "小时"},
    "HY": {"kind": Kind.SERVICE, "measure": "小时"},
    "HS": {"kind": Kind.SERVICE, "measure": "次"},
    "KP": {"kind": Kind.QUANTITY, "measure": "张", "cycle": C.ONCE},
    "CRZ": {"kind": Kind.QUANTITY, "measure": "张", "cycle": C.ONCE},
}


def unpriced(community: Any) -> list[tuple[FeeItem, Tariff]]:
    """Items in use without a price, each with the usual way to reckon it."""
    items = FeeItem.objects.filter(community=community, shown=True, code__in=USUAL)
    rows = items.exclude(tariffs__cancelled=False).order_by("pk")
    return [(item, Tariff(community=community, item=item, **USUAL[item.code])) for item in rows]
