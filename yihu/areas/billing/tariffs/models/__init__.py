"""Prices with their dates, what was agreed with one household, what a unit has, and who pays for what nobody has taken over."""

from yihu.areas.billing.tariffs.models.agreements import Agreement, Term
from yihu.areas.billing.tariffs.models.changes import PayerChange, TouchedBill
from yihu.areas.billing.tariffs.models.holdings import Board, Developer, Holding
from yihu.areas.billing.tariffs.models.prices import Tariff

__all__ = ["Agreement", "Board", "Developer", "Holding", "PayerChange", "Tariff", "Term", "TouchedBill"]
