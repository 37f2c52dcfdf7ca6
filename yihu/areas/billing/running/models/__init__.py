"""The run, its leaf tables, and who agreed that his prepayments are used."""

from yihu.areas.billing.running.models.consents import OffsetConsent
from yihu.areas.billing.running.models.drafts import Draft, Finding, Slice
from yihu.areas.billing.running.models.runs import BillingRun
from yihu.areas.billing.running.models.turns import MonthTurn

__all__ = ["BillingRun", "Draft", "Finding", "MonthTurn", "OffsetConsent", "Slice"]
