"""So many times in a span of time, for each that asks."""

from __future__ import annotations

import pytest

from tests.support.spans import within_one
from yihu.kernel import rates
from yihu.kernel.rates import Limit, TooOften

pytestmark = pytest.mark.django_db
TWICE = Limit("test", 2, 60)


def test_a_third_time_waits_for_the_next_minute_and_others_have_their_own() -> None:
    assert [rates.count(TWICE, "one", now=60.0 + second) for second in (0, 1, 59.9)] == [True, True, False]
    assert rates.count(TWICE, "other", now=119.0)
    assert rates.count(Limit("another", 2, 60), "one", now=119.0)
    assert [rates.count(TWICE, "one", now=120.0 + second) for second in (0, 1, 2)] == [True, True, False]


def test_looking_is_not_counted_and_what_is_held_says_so() -> None:
    within_one(TWICE, seconds=2)
    assert not rates.used_up(TWICE, "one")
    rates.hold(TWICE, "one")
    assert not any(rates.used_up(TWICE, "one") for _ in range(5))
    rates.hold(TWICE, "one")
    with pytest.raises(TooOften, match="过一会儿再试"):
        rates.hold(TWICE, "one")
    assert rates.used_up(TWICE, "one")
