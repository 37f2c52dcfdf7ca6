"""A provider on this machine, a customer who agreed, and the words for sending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.kernel.test_workers import office  # noqa: F401  (worker processes)
from yihu.ground.sending.models import ContactWay, Outgoing
from yihu.ground.sending.rules import NAME
from yihu.ground.sending.stand_in import StandIn
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Parameter

KEY = "k" * 40
NO_REST = {"quiet": ["00:00", "00:00"], "per_day": 5}


@pytest.fixture
def provider(settings: Any) -> Iterator[StandIn]:
    """What the way 短信 is connected to."""
    stand_in = StandIn(KEY, slow=2.5).start()
    settings.YIHU_CHANNELS = {**settings.YIHU_CHANNELS, "sms": (stand_in.url, KEY)}
    settings.YIHU_SEND_SECONDS = 1
    yield stand_in
    stand_in.stop()


@pytest.fixture
def rules(cast: Any) -> Callable[..., None]:
    """What 云栖苑 has set; at first no rest, or the tests would depend on the hour."""

    def set_(**value: Any) -> None:
        Parameter.objects.filter(name=NAME).delete()
        Parameter.objects.create(
            community=cast.yunqi, name=NAME, value={**NO_REST, **value}, by=cast.gao, why="试验",
            in_force_at=timezone.now() - timedelta(days=1),
        )  # fmt: skip

    set_()
    return set_


@pytest.fixture
def agreed(cast: Any, rules: Any) -> Callable[..., ContactWay]:
    """赵业主 agrees to a way; for 短信 by the telephone on the card."""

    def agree(way: str = "sms", **facts: Any) -> ContactWay:
        return ContactWay.objects.create(
            community=cast.yunqi, party=cast.owner, way=way, consent_how="desk", consent_at=timezone.now(),
            consent_by=cast.wang, **facts,
        )  # fmt: skip

    return agree


def run_later(seconds: float = 7200) -> int:
    """Run what waits, and what was put off until then."""
    return run_waiting(now=timezone.now() + timedelta(seconds=seconds))


def the_message() -> Outgoing:
    return Outgoing.objects.get()


def course(message: Outgoing) -> list[str]:
    return list(message.course.order_by("at", "pk").values_list("words", flat=True))
