"""Public holidays and make-up days of mainland China, as the State Council's yearly notices give them.

Only announced years stand here. A year that is missing is entered by the office when the notice comes out (normally in
November); the program never guesses one. Source: yearly notices 国务院办公厅关于部分节假日安排的通知.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Festival:
    """One holiday of a year: its days off from `first` to `last`, and the weekend days worked for it."""

    name: str
    first: date
    last: date
    make_up: tuple[date, ...] = ()

    def days_off(self) -> Iterator[date]:
        """Every day off, weekends among them."""
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)


# year: name, first and last day off, make-up days, as month and day (month * 100 + day)
_NOTICES: dict[int, tuple[tuple[str, int, int, tuple[int, ...]], ...]] = {
    2024: (
        ("元旦", 101, 101, ()),
        ("春节", 210, 217, (204, 218)),
        ("清明节", 404, 406, (407,)),
        ("劳动节", 501, 505, (428, 511)),
        ("端午节", 610, 610, ()),
        ("中秋节", 915, 917, (914,)),
        ("国庆节", 1001, 1007, (929, 1012)),
    ),
    2025: (
        ("元旦", 101, 101, ()),
        ("春节", 128, 204, (126, 208)),
        ("清明节", 404, 406, ()),
        ("劳动节", 501, 505, (427,)),
        ("端午节", 531, 602, ()),
        ("国庆节、中秋节", 1001, 1008, (928, 1011)),
    ),
    2026: (
        ("元旦", 101, 103, (104,)),
        ("春节", 215, 223, (214, 228)),
        ("清明节", 404, 406, ()),
        ("劳动节", 501, 505, (509,)),
        ("端午节", 619, 621, ()),
        ("中秋节", 925, 927, ()),
        ("国庆节", 1001, 1007, (920, 1010)),
    ),
}

YEARS: frozenset[int] = frozenset(_NOTICES)


def festivals(year: int) -> tuple[Festival, ...]:
    """The holidays of an announced year in order. Raises KeyError for a year that is not in the table."""

    def on(month_and_day: int) -> date:
        return date(year, *divmod(month_and_day, 100))

    return tuple(
        Festival(name, on(first), on(last), tuple(map(on, make_up))) for name, first, last, make_up in _NOTICES[year]
    )


def changed_days(years: frozenset[int] = YEARS) -> dict[date, bool]:
    """Days on which a plain week does not hold: False for a weekday off, True for a weekend day that is worked."""
    changed: dict[date, bool] = {}
    for festival in (festival for year in sorted(years) for festival in festivals(year)):
        changed.update({day: False for day in festival.days_off() if day.weekday() < 5})
        changed.update(dict.fromkeys(festival.make_up, True))
    return changed
