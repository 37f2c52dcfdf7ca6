"""A list that finance has received goes on to be billed."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.handing import effects
from yihu.kernel.reactions import reacts_to


@reacts_to("services.monthlist.receive")
def list_received(record: Any, commanding: Any) -> None:
    effects.take_over(record, commanding)
