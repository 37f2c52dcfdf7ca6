"""Tables of dunning."""

from yihu.areas.billing.dunning.models.cases import Call, Demand, DemandLine, Dispute, DunningCase, Instalment, Letter
from yihu.areas.billing.dunning.models.notices import DunningNotice, DunningRound, NoticeLine, Passed
from yihu.areas.billing.dunning.models.rules import Attempt, LateFeeRule, LendingRate
from yihu.areas.billing.dunning.models.suspensions import SuspendedService, Suspension
from yihu.areas.billing.dunning.models.turns import ToOwner, TurnedCharge

__all__ = [
    "Attempt",
    "Call",
    "Demand",
    "DemandLine",
    "Dispute",
    "DunningCase",
    "DunningNotice",
    "DunningRound",
    "Instalment",
    "LateFeeRule",
    "LendingRate",
    "Letter",
    "NoticeLine",
    "Passed",
    "SuspendedService",
    "Suspension",
    "ToOwner",
    "TurnedCharge",
]  # fmt: skip
