"""Tables of shared costs: what the contract says, the pools, a month's sum and its parts."""

from yihu.areas.billing.sharing.models.months import PoolMonth, PoolShare
from yihu.areas.billing.sharing.models.pools import SharePool
from yihu.areas.billing.sharing.models.terms import Term

__all__ = ["PoolMonth", "PoolShare", "SharePool", "Term"]
