"""The calendar month: of a bill, a list, a book; and as it is written in a column or an address, 2026-11."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from yihu.basics.periods import ONE_DAY, last_of
from yihu.basics.worktime import business_month, business_month_bounds, business_month_days

_CODE = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. Service is billed by it; meters and paid services by the business month that ends on its 20th."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def running(cls, moment: datetime) -> Month:
        """The business month in which a moment lies."""
        return cls(*business_month(moment))

    @classmethod
    def read(cls, text: str) -> Month | None:
        """The month that somebody wrote as 2026-11; None if it is none of this century."""
        found = _CODE.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    @classmethod
    def known(cls, code: str) -> Month:
        """The month that a column holds. Raises ValueError where it holds none."""
        if (month := cls.read(code)) is None:
            raise ValueError(code)
        return month

    @property
    def code(self) -> str:
        """As a column and an address hold it: 2026-11."""
        return f"{self.year}-{self.month:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return last_of(self.first)

    @property
    def before(self) -> Month:
        return Month.of(self.first - ONE_DAY)

    @property
    def after(self) -> Month:
        return Month.of(self.last + ONE_DAY)

    @property
    def business(self) -> tuple[date, date]:
        """The first and last day of the business month: the 21st of the month before to the 20th."""
        return business_month_days(self.year, self.month)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The business month as moments of office time, [21st, next 21st)."""
        return business_month_bounds(self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月"
