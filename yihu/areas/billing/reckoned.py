"""What a bill is made of before it is posted: lines that explain themselves, and what a person should look at first.

A source (prices, meters, shared costs …) reckons the lines of some units for a month and writes nothing. The run
asks every source, shows what comes out, and posts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, Protocol

from yihu.basics.months import Month
from yihu.basics.worktime import add_months
from yihu.ground.ledger.pay_days import PAY_BY


class Reckoned(NamedTuple):
    """One line of a bill to be. ``amount`` in 分, never 0; negative in the payer's favour. A run makes millions: a plain tuple.

    ``words`` is the sum as the payer may check it, e.g. "128.36㎡ × 2.80元 × 20/30天 = 239.61元" (FEE-19). ``basis`` holds the
    same as data, exact figures as text: quantity, measure, price, days, of_days, rule, rounding, and where they come from.
    ``part`` tells apart what may stand several times for one item and time (a second meter).
    """

    party: int
    unit: int | None
    item: int
    from_on: date
    to_on: date
    due_on: date
    amount: int
    words: str
    part: str = ""
    basis: Mapping[str, Any] = {}  # nobody writes into it


@dataclass(frozen=True)
class Oddity:
    """Something that a person should see before the bills go out. ``stops``: the unit is not billed until it is settled."""

    unit: int | None
    kind: str
    words: str
    stops: bool = False


CORRECTION: Final = "更正"  # so begins the ``part`` of a line that makes up for what earlier bills say of its time


def with_time_to_pay(one: Reckoned, day: date) -> Reckoned:
    """A bill that is made after its own day of payment (a household that was left out, a month made up for) costs nothing for
    being late before that day of a following month: nobody is late with what he was never asked for (domain §5.5)."""
    if one.due_on > day or one.amount < 0:
        return one
    months = (day.year - one.due_on.year) * 12 + day.month - one.due_on.month
    by = add_months(one.due_on, months)
    by = by if by > day else add_months(one.due_on, months + 1)
    return one._replace(basis={**one.basis, PAY_BY: by.isoformat()})


# an oddity's kind as a heading on the checker's page and sheet
ODD_WORDS: Final = {
    "no_owner": "没有登记业主", "no_developer": "没有交房，也没有登记开发商", "not_handed_over": "没有交房日期",
    "lessee_left": "约定由租户付，租户已不在", "no_payer": "没有付款人", "no_area": "没有登记面积", "no_item": "表类没有对应收费项目",
    "no_price": "没有收费标准", "two_prices": "两个价格都适用", "price_gap": "价格接不上", "surcharge": "代收费用加价",
    "readings_not_checked": "读数还没有核对", "reading_missing": "没有读数", "reading_unconfirmed": "读数还没有复核",
    "reading_estimated": "估抄", "reading_abnormal": "用量异常，已复核", "verification_over": "表过了检定有效期",
    "no_reading_at_the_move": "没有交接读数", "no_shares": "没有公摊账", "settled": "已由补收与更正出过", "share_not_published": "公摊还没有公示",
}  # fmt: skip


class Source(Protocol):
    """Something that lines come from. ``reckon`` costs the same number of queries for one unit and for five hundred."""

    slug: str
    label: str

    def reckon(self, community_id: int, month: Month, units: Sequence[int]) -> Iterable[Reckoned | Oddity]: ...


SOURCES: dict[str, Source] = {}


def source(one: Source) -> Source:
    """Let the run ask this one too; called from an app's ``ready()``."""
    if SOURCES.setdefault(one.slug, one) is not one:
        raise ValueError(f"two sources are called {one.slug}")
    return one
