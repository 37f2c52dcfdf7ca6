"""The one-year loan prime rate (LPR) by day of publication, where it changed, in per cent a year.

Source: the monthly announcements of 全国银行间同业拆借中心. What comes later is entered by the office.
"""

from datetime import date
from fractions import Fraction

PUBLISHED: tuple[tuple[date, str], ...] = (
    (date(2019, 8, 20), "4.25"),
    (date(2019, 9, 20), "4.20"),
    (date(2019, 11, 20), "4.15"),
    (date(2020, 2, 20), "4.05"),
    (date(2020, 4, 20), "3.85"),
    (date(2021, 12, 20), "3.80"),
    (date(2022, 1, 20), "3.70"),
    (date(2022, 8, 22), "3.65"),
    (date(2023, 6, 20), "3.55"),
    (date(2023, 8, 21), "3.45"),
    (date(2024, 7, 22), "3.35"),
    (date(2024, 10, 21), "3.10"),
    (date(2025, 5, 20), "3.00"),
)


def rates() -> list[tuple[date, Fraction]]:
    """The table as parts of one."""
    return [(since, Fraction(percent) / 100) for since, percent in PUBLISHED]
