"""kill -9 between the hand-over and its note, with real processes: the customer gets it once."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from tests.kernel.test_workers import Office
from tests.sending.conftest import KEY, the_message
from tests.sending.test_sending import by_hand, owner_has
from yihu.ground.sending.stand_in import LATE, StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_killed_after_the_hand_over_sends_it_once(
    cast: Any, agreed: Any, office: Office, monkeypatch: Any
) -> None:
    provider = StandIn(KEY, slow=4.0).start()
    for name, value in (("URL", provider.url), ("KEY", KEY)):
        monkeypatch.setenv(f"YIHU_SMS_{name}", value)
    monkeypatch.setenv("YIHU_SEND_SECONDS", "5")
    agreed()
    owner_has(cast, LATE)
    by_hand(cast)
    first = office.start()
    office.until(lambda: provider.taken)  # it is with the provider, and the answer is still to come
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    assert the_message().state == "sending"
    office.start()
    office.until(lambda: the_message().state in ("handed", "delivered"))
    provider.stop()
    assert sum(provider.offered.values()) == len(provider.taken) == 1
    assert the_message().provider_id == "SI000001"
