"""Months as bills count them."""

import re
from datetime import date
from pathlib import Path

import pytest

from yihu.areas import billing
from yihu.areas.billing.reckoned import ODD_WORDS, SOURCES, source
from yihu.basics.months import Month


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


def test_each_kind_of_oddity_has_words_for_the_checker() -> None:
    """No code of the program stands on the sheet that somebody signs."""
    told = re.compile(r"""(?:Oddity|odd)\([^)]*?"([a-z_]+)"|^NO_AREA, .*|^NO_OWNER, .*|^NO_PRICE = .*""", re.MULTILINE)
    found: set[str] = set()
    for path in Path(billing.__file__).parent.rglob("*.py"):
        for hit in told.finditer(path.read_text(encoding="utf-8")):
            found |= set(re.findall(r'"([a-z_]+)"', hit[0]))
    assert found >= {"no_owner", "no_area", "reading_missing", "no_shares"}
    assert found <= set(ODD_WORDS)
