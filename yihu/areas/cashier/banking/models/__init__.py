"""银行与线上收款: accounts, statements and their lines, orders at a channel, what channels say and settle."""

from yihu.areas.cashier.banking.models.lines import BankAccount, BankLine, LineReceipt
from yihu.areas.cashier.banking.models.online import Notice, PayOrder, Settlement
from yihu.areas.cashier.banking.models.outgoing import LinePayment
from yihu.areas.cashier.banking.models.statements import (
    StatementFile,
    StatementImport,
    StatementProblem,
    StatementRow,
)

__all__ = [
    "BankAccount", "BankLine", "LinePayment", "LineReceipt", "Notice", "PayOrder", "Settlement", "StatementFile", "StatementImport",
    "StatementProblem", "StatementRow",
]  # fmt: skip
