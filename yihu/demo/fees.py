"""What is charged for and at what price: the fee items and the invented prices of the demo."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from yihu.areas.billing.tariffs import setting
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.billing.tariffs.usual import unpriced
from yihu.areas.cashier.pages.items import FEE_ITEMS
from yihu.basics.months import Month
from yihu.ground.estate.models import Cluster
from yihu.ground.ledger.models import FeeItem
from yihu.ground.staff.models import Account

PROPERTY_FEE, PARKING = "WY", "CW"
DOCUMENT, SUPPLIER = "前期物业服务合同（虚构）", "供水、供电公司公布的价格（虚构）"
# 元, by the item's code; what is not here is not charged
PRICES = {
    "YQ": {
        "SF": "3.10", "DF": "0.56", "CW": "280", "CWG": "60", "LT": "3", "ZXG": "3", "LJ": "6", "YC": "60", "KP": "15",
        "CRZ": "5",
    },
    "QH": {"WY": "18", "DF": "0.86", "KT": "1.20", "CW": "450", "LT": "3", "HY": "150", "HS": "30", "KP": "15"},
}  # fmt: skip
BY_CLUSTER = {"A": "1.85", "B": "2.10", "C": "2.30", "D": "2.65", "F": "2.90"}
FROM_NOW = ("ZXG", "LJ")  # once, of those who move in from this month on


def make_fees(communities: Iterable[Any], today: date) -> None:
    """项经理 sets them, once: what stands there already stays. The parking spaces are our own to let."""
    xiang = Account.objects.get(username="xiang")
    for community in communities:
        with transaction.atomic():  # a list is begun whole or not at all
            FEE_ITEMS.start(community, by=xiang, key=f"demo:{community.code}:fee-items")
        spaces = FeeItem.objects.get(community=community, code=PARKING)
        if not spaces.lease:
            spaces.lease = True
            FEE_ITEMS.write(spaces, by=xiang, key=f"demo:{community.code}:spaces")
        tariffs = _tariffs(community, Month.of(today))
        if tariffs and not Tariff.objects.filter(community=community).exists():
            setting.set_prices(tariffs, by=xiang, key=f"demo:{community.code}:tariffs")


def _tariffs(community: Any, month: Month) -> list[Tariff]:
    found = []
    for item, usual in unpriced(community):
        usual.document = DOCUMENT
        usual.from_on = month.first if item.code in FROM_NOW else month.before.first
        if usual.kind == Kind.METER:  # a reading tells of days of the month before as well
            usual.from_on = month.before.before.first
        if usual.pricing == Tariff.Pricing.COST:
            usual.document = SUPPLIER
        if item.code in PRICES[community.code]:
            usual.price = Decimal(PRICES[community.code][item.code])
            found.append(usual)
        elif item.code == PROPERTY_FEE:
            found += _of_clusters(community, usual)
    return found


def _of_clusters(community: Any, usual: Tariff) -> list[Tariff]:
    columns = ("community", "item", "kind", "document", "from_on")
    rows = []
    for cluster in Cluster.objects.filter(community=community).order_by("pk"):
        row = Tariff(**{name: getattr(usual, name) for name in columns}, cluster=cluster)
        row.price = Decimal(BY_CLUSTER.get(cluster.code, BY_CLUSTER["A"]))
        rows.append(row)
    return rows
