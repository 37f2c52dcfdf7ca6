"""Tables of the ledger: what is charged for and spent on, the papers, and the postings that are the truth."""

from yihu.ground.ledger.models.costs import CostItem, Payable
from yihu.ground.ledger.models.items import FeeItem
from yihu.ground.ledger.models.papers import Charge, Deposit, Receipt
from yihu.ground.ledger.models.postings import Account, Books, Line, Voucher

__all__ = [
    "Account",
    "Books",
    "Charge",
    "CostItem",
    "Deposit",
    "FeeItem",
    "Line",
    "Payable",
    "Receipt",
    "Voucher",
]
