"""Repairs of November for the tests of the reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.doing import at, log_contact, the_order
from yihu.kernel.doors import perform

NOW = at("2026-11-15 12:00")


def order_of(cast: Any, reported: str, *, level: str = "minor", trade: str = "water", worker: Any = None) -> Any:
    order = the_order(log_contact(cast, when=at(reported)))
    given = {"handler": (worker or cast.chen).pk, "level": level, "trade": trade}
    return perform(order, "assign", by=cast.gong, at=at(reported) + timedelta(minutes=5), data=given)


def done(cast: Any, order: Any, arrived: str, finished: str) -> Any:
    worker = order.handler
    order = perform(order, "accept", by=worker, at=at(arrived))
    order = perform(order, "arrive", by=worker, at=at(arrived))
    data = {"labour": "0", "cause": "老化", "work_done": "已更换", "chargeable": "free", "site_clean": "on"}
    return perform(order, "finish", by=worker, at=at(finished), data=data)
