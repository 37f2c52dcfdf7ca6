"""A receipt that is taken back takes its invoice along."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.invoicing import effects
from yihu.kernel.reactions import reacts_to


@reacts_to("applying.redletter.approve", when=lambda record: record.receipt_id is not None)
def receipt_taken_back(record: Any, commanding: Any) -> None:
    effects.receipt_taken_back(record.receipt, commanding)
