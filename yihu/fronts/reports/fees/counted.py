"""What was counted on the sheet of quality, one by one (FEE-12): entries, corrections, notices, wrong ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any

from django.urls import reverse
from django.utils import timezone

from yihu.areas.billing.dunning import counting as dunned
from yihu.areas.billing.notices import counting as noticed
from yihu.areas.billing.notices.models import Notice
from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.models import HandCharge
from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.fronts.reports.fees.asking import SpanForm, address
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.models import Receipt

PAGE = 200
HEADS = (Head("日期", "text"), Head("内容", "text"), Head("情况", "text"))
WHAT = {
    "entries": "录入：收据与手工账单", "corrected": "录入更正", "issued": "缴费通知单", "dunned": "催款通知单",
    "wrong": "有误的通知单",
}  # fmt: skip


def midnight(month: Month) -> datetime:
    return datetime.combine(month.first, time(), OFFICE_ZONE)


def within(community: Any, field: str, first: Month, last: Month) -> dict[str, Any]:
    return {"community": community, f"{field}__gte": midnight(first), f"{field}__lt": midnight(last.after)}


def typed(community: Any, first: Month, last: Month) -> Any:
    """Receipts that somebody typed: not those of an online channel."""
    rows = Receipt.objects.filter(**within(community, "received_at", first, last))
    return rows.exclude(method=Receipt.Method.ONLINE).order_by("pk")


def billed(community: Any, first: Month, last: Month) -> Any:
    return HandCharge.objects.filter(**within(community, "opened_at", first, last)).order_by("pk")


def corrected(community: Any, first: Month, last: Month) -> Any:
    done = RedLetter.objects.filter(**within(community, "approved_at", first, last), state__in=RedLetter.STANDS)
    return done.filter(why=RedLetter.Why.ENTRY).order_by("pk")


def noted(community: Any, first: Month, last: Month, which: Any) -> Any:
    rows = Notice.objects.filter(which, batch__community=community)
    rows = rows.filter(batch__period__gte=first.code, batch__period__lte=last.code)
    return rows.select_related("batch", "unit").order_by("batch__period", "seq")


def url_of(what: str, first: Month, last: Month) -> str:
    return address("counted", {"what": what, "first": first.code, "last": last.code})


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    """As many lines as the figure says, two hundred on a page."""
    what = asked.get("what", "") if asked.get("what") in WHAT else "entries"
    form = SpanForm(asked, community, timezone.localdate())
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    span = str(first) if first == last else f"{first}至{last}"
    sheet = Sheet("counted", WHAT[what], span, HEADS, back=(address("quality", {"month": last.code}), "收费质量"))
    parts = _parts(what, community, first, last)
    count = sum(len(part) if isinstance(part, list) else part.count() for part in parts)
    start = int(asked["after"]) if asked.get("after", "").isascii() and asked.get("after", "").isdigit() else 0
    start, most = (0, whole) if whole else (min(start, count), PAGE)
    found = islice(chain.from_iterable(_each(parts)), start, start + most)
    block = Block(WHAT[what], "编号", [_row(sheet, one) for one in found], counted=f"共 {count} 笔", empty="没有。")
    if start + most < count:
        if whole:
            sheet.left_off = count - most
        else:
            block.next_url = address("counted", {**asked, "after": start + most})
    sheet.blocks = [block]
    return sheet


def _parts(what: str, community: Any, first: Month, last: Month) -> Sequence[Any]:
    if what == "entries":
        return typed(community, first, last), billed(community, first, last)
    if what == "corrected":
        return (corrected(community, first, last),)
    if what == "issued":
        return (noted(community, first, last, noticed.ISSUED),)
    papers = list(dunned.papers(community.pk, first.first, last.last))
    if what == "dunned":
        return ([one for one in papers if one.fresh],)
    return noted(community, first, last, noticed.WRONG), [one for one in papers if one.wrong]


def _each(parts: Iterable[Any]) -> Iterable[Iterable[Any]]:
    return (part if isinstance(part, list) else part.iterator(chunk_size=PAGE) for part in parts)


def _row(sheet: Sheet, one: Any) -> Row:
    day, said, how, url = _told(one)
    return Row(one.number, sheet.cells((f"{day:%Y-%m-%d}", said, how)), url=url)


def _told(one: Any) -> tuple[date, str, str, str]:
    if isinstance(one, Receipt):
        return (
            timezone.localdate(one.received_at),
            "收据",
            one.get_method_display(),
            reverse("cashier:receipt", args=[one.number]),
        )
    if isinstance(one, Notice):
        drawn = timezone.localdate(one.batch.drawn_at) if one.batch.drawn_at else one.pay_by
        return (
            drawn,
            f"缴费通知单 {one.unit or ''}",
            one.get_wrong_display() if one.wrong else "",
            one.get_absolute_url(),
        )
    if isinstance(one, dunned.Paper):
        return (
            one.day,
            f"催款通知单 第 {one.level} 次",
            one.wrong,
            reverse("kernel:record", args=["dunning-notices", one.number]),
        )
    at = one.approved_at if isinstance(one, RedLetter) else one.opened_at
    return timezone.localdate(at), str(one._meta.verbose_name), str(one.state_word), one.get_absolute_url()
