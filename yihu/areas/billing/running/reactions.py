"""A run that is posted ends the month's turn."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.running import turns
from yihu.kernel.reactions import reacts_to


@reacts_to("running.billingrun.finish")
def run_posted(record: Any, commanding: Any) -> None:
    turns.posted(record, commanding)
