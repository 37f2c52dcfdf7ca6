"""Tables of budgets and spending."""

from yihu.areas.spending.models.budgets import Budget, BudgetLine, BudgetRow
from yihu.areas.spending.models.claims import Claim, SpendRequest
from yihu.areas.spending.models.corrections import SpendCorrection
from yihu.areas.spending.models.funds import FundEntry, FundVoucher
from yihu.areas.spending.models.reviews import BudgetReview
from yihu.areas.spending.models.statements import Statement

__all__ = [
    "Budget",
    "BudgetLine",
    "BudgetReview",
    "BudgetRow",
    "Claim",
    "FundEntry",
    "FundVoucher",
    "SpendCorrection",
    "SpendRequest",
    "Statement",
]
