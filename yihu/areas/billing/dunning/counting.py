"""催款通知单出错率 (FEE-12): wrong ones over those that went out; one in the place of a wrong one is not counted again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from yihu.areas.billing.dunning.models import DunningNotice

N = DunningNotice.State
OUT = Q(state__in=(N.ISSUED, N.DELIVERED, N.DONE)) | (Q(state=N.VOID) & ~Q(wrong=""))


@dataclass(frozen=True)
class Paper:
    """A notice that went out; ``fresh``: not in the place of a wrong one. ``wrong``: what was, or ""."""

    number: str
    day: date
    level: int
    fresh: bool
    wrong: str


def papers(community_id: int, first: date, last: date) -> Iterable[Paper]:
    """Those that were drawn up from ``first`` to ``last``, in one question."""
    rows = DunningNotice.objects.filter(OUT, community=community_id, drawn_on__gte=first, drawn_on__lte=last)
    before = Q(drawn_on__lt=OuterRef("drawn_on")) | Q(drawn_on=OuterRef("drawn_on"), pk__lt=OuterRef("pk"))
    same = DunningNotice.objects.filter(OUT, before, case=OuterRef("case"), level=OuterRef("level"))
    rows = rows.annotate(instead=Exists(same.order_by())).order_by("drawn_on", "pk")
    words = dict(DunningNotice.Wrong.choices)
    for number, day, level, wrong, instead in rows.values_list("number", "drawn_on", "level", "wrong", "instead"):
        yield Paper(number, day, level, not instead, str(words[wrong]) if wrong else "")


def errors_by_day(community_id: int, first: date, last: date) -> Iterable[tuple[date, int, int]]:
    """Day of drawing up, notices that went out, wrong ones among them."""
    for one in papers(community_id, first, last):
        yield one.day, int(one.fresh), int(bool(one.wrong))
