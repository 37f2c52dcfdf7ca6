"""A receipt or a bill that is taken back takes its invoice along; so does a billing run."""

from __future__ import annotations

from typing import Any

from yihu.areas.cashier.invoicing import effects
from yihu.kernel.reactions import reacts_to


@reacts_to("applying.redletter.approve", when=lambda record: record.receipt_id is not None)
def receipt_taken_back(record: Any, commanding: Any) -> None:
    effects.taken_back(commanding, request__receipt=record.receipt_id)


@reacts_to("applying.redletter.approve", when=lambda record: record.charge_id is not None)
def bill_taken_back(record: Any, commanding: Any) -> None:
    """Its late fees went with it."""
    effects.taken_back(commanding, line__charge=record.charge_id)
    effects.taken_back(commanding, line__charge__principal=record.charge_id)


@reacts_to("applying.refund.approve")
def money_went_back(record: Any, commanding: Any) -> None:
    """Rent that was paid in advance and invoiced as it came in goes back: its invoice with it."""
    effects.taken_back(commanding, request__receipt=record.receipt_id)


@reacts_to("running.billingrun.backed")
def run_taken_back(record: Any, commanding: Any) -> None:
    effects.taken_back(commanding, line__charge__record=record.pk)
