"""What was earned and what was spent: the office's own and the owners', month by month, never carried to a profit (decision 0011)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q, Sum

from yihu.ground.ledger.models import Account, FeeItem, Line


class Whose(models.TextChoices):
    """Whose income it is: the common income is the owners' (Civil Code 282), and stands in no sum with the office's."""

    OFFICE = "office", "物业收支"
    OWNERS = "owners", "公共收益收支"


ACCOUNTS: Mapping[Whose, tuple[Account, ...]] = {
    Whose.OFFICE: (Account.INCOME, Account.WAIVED, Account.OVER_SHORT, Account.FEE, Account.EXPENSE),
    Whose.OWNERS: (Account.COMMON, Account.WAIVED, Account.COMMON_COST),
}
EVERY = {account for accounts in ACCOUNTS.values() for account in accounts}
Place = tuple[int, int]  # a year and a month


def whose(account: str, nature: str | None) -> Whose:
    """What was let off of the common income is the owners' loss, anything else the office's."""
    if account in (Account.COMMON, Account.COMMON_COST):
        return Whose.OWNERS
    return Whose.OWNERS if account == Account.WAIVED and nature == FeeItem.Nature.COMMON else Whose.OFFICE


def lines_of(side: Whose) -> Q:
    """The lines of one side, as ``whose`` divides them."""
    common = Q(item__nature=FeeItem.Nature.COMMON)
    plain = [account for account in ACCOUNTS[side] if account != Account.WAIVED]
    return Q(account__in=plain) | Q(account=Account.WAIVED) & (common if side == Whose.OWNERS else ~common)


def by_month(community: Any, last: date, first: date | None = None) -> dict[tuple[Place, Whose, str], int]:
    """In 分, an income positive and a cost negative, of each month, side and account up to a day."""
    rows = Line.objects.filter(community=community, account__in=EVERY, day__lte=last)
    if first is not None:
        rows = rows.filter(day__gte=first)
    keys = ("day__year", "day__month", "account", "item__nature")
    found: dict[tuple[Place, Whose, str], int] = {}
    for year, month, account, nature, total in rows.order_by().values_list(*keys).annotate(total=Sum("amount")):
        key = ((year, month), whose(account, nature), account)
        found[key] = found.get(key, 0) - int(total)
    return found


def differences(community: Any, last: date, first: date | None = None) -> dict[Whose, int]:
    """What is left of each side's income after its costs."""
    sums = dict.fromkeys(Whose, 0)
    for (_, side, _), amount in by_month(community, last, first).items():
        sums[side] += amount
    return sums
