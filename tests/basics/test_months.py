"""A month as people and columns write it."""

from datetime import date

import pytest

from yihu.basics.months import Month


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "1926-01", "２０２６-01", "2026-01-01", " 2026-01"]
)
def test_what_is_no_month_is_none(text):
    assert Month.read(text) is None
    with pytest.raises(ValueError, match=text or "^$"):
        Month.known(text)


def test_a_month_says_its_days_and_its_neighbours():
    january = Month.read("2028-01")
    assert january == Month.known("2028-01") == Month.of(date(2028, 1, 31))
    assert (str(january), january.code) == ("2028年1月", "2028-01")
    assert (january.before.code, january.after.code) == ("2027-12", "2028-02")
    assert (january.after.first, january.after.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert january.business == (date(2027, 12, 21), date(2028, 1, 20))
    assert [moment.isoformat() for moment in january.bounds] == [
        "2027-12-21T00:00:00+08:00",
        "2028-01-21T00:00:00+08:00",
    ]
    assert january.before < january
