"""通知单出错率 (FEE-12): wrong notices over notices issued, with the count beside the rate."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from yihu.areas.billing.notices.models import Notice
from yihu.basics.months import Month
from yihu.basics.shares import DASH, percent
from yihu.basics.worktime import add_months

MOST_WRONG = Fraction(5, 10_000)  # 0.05 %


ISSUED = Q(batch__printed_at__isnull=False, replaces__isnull=True)
WRONG = Q(batch__printed_at__isnull=False) & ~Q(wrong="")


@dataclass(frozen=True)
class Errors:
    """``issued``: printed notices, without those that only took the place of a wrong one."""

    issued: int
    wrong: int

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.wrong, self.issued) if self.issued else None

    @property
    def too_many(self) -> bool:
        return self.rate is not None and self.rate > MOST_WRONG

    @property
    def words(self) -> str:
        """ "1 张，0.243%"; a month without notices has no rate."""
        return DASH if self.rate is None else f"{self.wrong} 张，{self.share}"

    @property
    def share(self) -> str:
        """ "0.243%"; a dash where nothing was issued."""
        return percent(self.wrong, self.issued, 3)


def errors_of(notices: Any) -> Errors:
    """Of a set of notices: a batch's, or those of twelve months."""
    found = notices.aggregate(issued=Count("pk", filter=ISSUED), wrong=Count("pk", filter=WRONG))
    return Errors(found["issued"], found["wrong"])


def errors_of_batch(batch: Any) -> Errors:
    return errors_of(Notice.objects.filter(batch=batch))


def errors_of_year(community_id: int, period: str) -> Errors:
    """The twelve months up to and with ``period`` (YYYY-MM)."""
    first = Month.of(add_months(Month.known(period).first, -11)).code
    rows = Notice.objects.filter(batch__community_id=community_id, batch__period__gte=first, batch__period__lte=period)
    return errors_of(rows)


def errors_by_month(community_id: int, first: str, last: str) -> dict[str, Errors]:
    """Each month's, from ``first`` to ``last`` (YYYY-MM), in one question; months without a batch are not in it."""
    rows = Notice.objects.filter(batch__community_id=community_id, batch__period__gte=first, batch__period__lte=last)
    counted = rows.values_list("batch__period").annotate(
        issued=Count("pk", filter=ISSUED), faulty=Count("pk", filter=WRONG)
    )
    return {period: Errors(issued, wrong) for period, issued, wrong in counted.order_by("batch__period")}
