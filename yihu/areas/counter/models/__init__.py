"""What the counter itself keeps: messages, sheets of checks, things lent, and the lists behind them."""

from yihu.areas.counter.models.lending import LendItem, Loan
from yihu.areas.counter.models.lists import CheckItem, ServiceNumber, StockItem
from yihu.areas.counter.models.notes import AbsentNote
from yihu.areas.counter.models.sheets import DeskCheck, StockCheck

__all__ = ["AbsentNote", "CheckItem", "DeskCheck", "LendItem", "Loan", "ServiceNumber", "StockCheck", "StockItem"]
