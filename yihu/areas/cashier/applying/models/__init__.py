"""Tables of the applications (F91–F94) and of the daily close (F87)."""

from yihu.areas.cashier.applying.models.applications import RedLetter, Waiver
from yihu.areas.cashier.applying.models.archive import FeeArchive
from yihu.areas.cashier.applying.models.carrying import CarriedTill, CarryOver
from yihu.areas.cashier.applying.models.payouts import BouncedPayment, Deduction, DepositReturn, Refund
from yihu.areas.cashier.applying.models.till import TillClose, TillLine

__all__ = [
    "BouncedPayment",
    "CarriedTill",
    "CarryOver",
    "Deduction",
    "DepositReturn",
    "FeeArchive",
    "RedLetter",
    "Refund",
    "TillClose",
    "TillLine",
    "Waiver",
]
