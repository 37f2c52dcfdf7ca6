"""业户资料: title passes, leases are filed, what is known is verified and tidied, the whole list is asked for."""

from yihu.areas.households.models.filings import LeaseFiling
from yihu.areas.households.models.rosters import Roster
from yihu.areas.households.models.rounds import VerifyRound
from yihu.areas.households.models.tidyings import Finding, Tidying
from yihu.areas.households.models.transfers import Transfer

__all__ = ["Finding", "LeaseFiling", "Roster", "Tidying", "Transfer", "VerifyRound"]
