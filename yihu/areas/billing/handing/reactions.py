"""What a signed list, a signed order and a granted reversal do in the books."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.handing import effects, spot
from yihu.kernel.reactions import reacts_to


@reacts_to("services.monthlist.receive")
def list_received(record: Any, commanding: Any) -> None:
    effects.take_over(record, commanding)


@reacts_to("services.serviceorder.sign", when=spot.paid_now)
@reacts_to("repairs.workorder.sign", when=spot.paid_now)
def order_signed(record: Any, commanding: Any) -> None:
    spot.take(record, commanding)


@reacts_to("services.reversal.grant")
@reacts_to("repairs.repairreversal.grant")
def reversal_granted(record: Any, commanding: Any) -> None:
    spot.take_back(record, commanding)
