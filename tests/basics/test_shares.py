"""Rates on sheets and pages: the figures of the handbook, and none where there is nothing to divide by."""

import pytest

from yihu.basics.shares import percent


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (983, 1865, "52.71%"), (1273, 1865, "68.26%"), (177, 233, "75.97%"), (124, 219, "56.62%"),
        (0, 7, "0.00%"), (7, 7, "100.00%"), (1, 800, "0.13%"), (-1, 800, "-0.13%"), (9, 8, "112.50%"),
        (-1, 200, "-0.50%"), (0, 0, "—"), (5, 0, "—"),
    ],
)  # fmt: skip
def test_a_share_in_hundredths_of_a_percent(part: int, whole: int, told: str) -> None:
    assert percent(part, whole) == told


def test_as_many_places_as_the_rate_needs() -> None:
    assert [percent(1, 412, places) for places in (0, 1, 2, 3)] == ["0%", "0.2%", "0.24%", "0.243%"]
