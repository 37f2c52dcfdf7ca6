"""Tables of the ledger: what is charged for, the papers, and the postings that are the truth."""

from yihu.ground.ledger.models.items import FeeItem
from yihu.ground.ledger.models.papers import Charge, Deposit, Receipt
from yihu.ground.ledger.models.postings import Account, Books, Line, Voucher

__all__ = ["Account", "Books", "Charge", "Deposit", "FeeItem", "Line", "Receipt", "Voucher"]
