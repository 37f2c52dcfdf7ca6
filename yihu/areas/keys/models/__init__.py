"""钥匙: cabinets and hooks, each key, the mandate under which it is kept, each time it went out, each loss."""

from yihu.areas.keys.models.custody import Custody
from yihu.areas.keys.models.ledger import Cabinet, Hook, KeySet, folded_tag, misplaced, names_room
from yihu.areas.keys.models.loan import KeyLoan
from yihu.areas.keys.models.loss import LossReport
from yihu.areas.keys.models.vacant import VacantCheck

__all__ = [
    "Cabinet",
    "Custody",
    "Hook",
    "KeyLoan",
    "KeySet",
    "LossReport",
    "VacantCheck",
    "folded_tag",
    "misplaced",
    "names_room",
]
