"""Months as bills count them."""

from datetime import date

import pytest

from yihu.areas.billing.reckoned import SOURCES, Month, source


def test_a_month_knows_its_days_and_its_neighbours() -> None:
    february = Month.of(date(2028, 2, 11))
    assert (february.first, february.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert Month(2026, 1).before == Month(2025, 12)
    assert Month(2025, 12).after == Month(2026, 1)


def test_what_is_read_on_the_twentieth_belongs_to_that_month_and_the_day_after_to_the_next() -> None:
    assert Month(2026, 3).business == (date(2026, 2, 21), date(2026, 3, 20))
    assert Month(2026, 1).business == (date(2025, 12, 21), date(2026, 1, 20))


def test_two_sources_of_one_name_are_refused() -> None:
    class Twice:
        slug, label = "twice", "两次"

    try:
        source(Twice())
        with pytest.raises(ValueError, match="twice"):
            source(Twice())
    finally:
        SOURCES.pop("twice")
