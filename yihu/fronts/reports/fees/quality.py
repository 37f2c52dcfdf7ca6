"""质量 (FEE-12): notices wrong, entries right, the month's collection: twelve months, each rate with its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from yihu.areas.billing.dunning.counting import errors_by_day
from yihu.areas.billing.notices.counting import Errors, errors_by_month
from yihu.basics.months import Month
from yihu.basics.shares import percent
from yihu.fronts.reports.fees import counted
from yihu.fronts.reports.fees.asking import MonthForm, address, query_of
from yihu.fronts.reports.fees.beginning import BEFORE
from yihu.fronts.reports.fees.measures import Choice, Measure, debts, in_month
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet

HEADS = (
    Head("录入", "count"), Head("更正", "count"), Head("准确率（≥ 99%）", "rate"),
    Head("缴费单", "count"), Head("催款单", "count"), Head("有误", "count"), Head("出错率（≤ 0.05%）", "rate"),
    Head("当月应收"), Head("月末前已收"), Head("当月收款率（≥ 95%）", "rate"),
)  # fmt: skip
NOTES = (
    "录入：当月开出的收据（线上付款自动开的不算）与手工账单；更正：当月批准的、原因为“录入错误”的作废与红冲。",
    "通知单：当月账期印出的缴费通知单和当月发出的催款通知单，补发的不重复算；有误：印出、发出以后发现有错而作废、收回的，两种一起算。",
    "当月收款率 = 当月账期的全部账单在当月最后一天前收到的金额 ÷ 它们的应收；月末以后才出的账也在应收里，已冲销的账单不算。没有账单时显示“—”。",
    "启用前的月份：账单不是本系统出的，当时收了多少无从知道，只有转入的旧欠费；旧欠费算往期欠费，不算当月账单，所以显示“—”。",
    "十二个月的应收、已收是上面各月之和（已收看的是各月自己的月末）；点收款率列出月末还没有收到的账单。",
)


class WholeForm(MonthForm):
    """A month of the whole office: what would narrow nothing is not offered."""

    building = None  # type: ignore[assignment]
    item = None  # type: ignore[assignment]


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    form = WholeForm(asked, community, timezone.localdate())
    last: Month = form.cleaned_data["month"]
    months = [last]
    while len(months) < 12:
        months.append(months[-1].before)
    sheet = Sheet("quality", "收费质量", f"{months[-1]}至{last}", HEADS, notes=NOTES, form=form)
    choice = Choice(community, months[-1], last, _day(last))
    counts, money = _counts(community, months), _collected(choice, months)
    rows = [_row(sheet, str(one), counts[index(one)], money[index(one)], choice.only(one)) for one in months]
    every = sum((counts[index(month)] for month in months), Counter[str]())
    total = _row(sheet, "十二个月", every, sum(money.values(), Measure()), choice)
    sheet.blocks = [Block("逐月", "月份", rows, total)]
    return sheet


def index(month: Month) -> int:
    return month.year * 12 + month.month - 1


def _counts(community: Any, months: list[Month]) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {index(month): Counter() for month in months}

    def count(name: str, moments: Iterable[datetime]) -> None:
        for moment in moments:
            found[index(Month.of(timezone.localdate(moment)))][name] += 1

    span = (community, months[-1], months[0])
    count("entries", counted.typed(*span).values_list("received_at", flat=True).iterator())
    count("entries", counted.billed(*span).values_list("opened_at", flat=True).iterator())
    count("corrected", counted.corrected(*span).values_list("approved_at", flat=True))
    for period, errors in errors_by_month(community.pk, months[-1].code, months[0].code).items():
        month = Month.read(period)
        if month is not None:
            found[index(month)].update(issued=errors.issued, wrong=errors.wrong)
    for day, dunned, wrong in errors_by_day(community.pk, months[-1].first, months[0].last):
        found[index(Month.of(day))].update(dunned=dunned, wrong=wrong)
    return found


def _collected(whole: Choice, months: list[Month]) -> dict[int, Measure]:
    """Of each month's bills, as they stand now, what had come in by its end."""
    asked: dict[str, Any] = {}
    for month in months:
        asked |= in_month(whole.only(month), prefix=f"m{index(month)}_")
    row = debts(whole.community, whole.day).filter(whole.service).aggregate(**asked)
    return {index(month): Measure.of(row, f"m{index(month)}_") for month in months}


def _day(last: Month) -> date:
    """The bills of a month are all that are known by now."""
    return max(last.last, timezone.localdate())


def _row(sheet: Sheet, label: str, counts: Counter[str], money: Measure, choice: Choice) -> Row:
    """The sums of several months are those of the rows above: what came in was looked at on each one's own last day."""
    names = ("entries", "corrected", "issued", "dunned", "wrong")
    entries, corrected, issued, dunned, wrong = (counts[name] for name in names)
    values = (
        entries, corrected, percent(entries - corrected, entries), issued, dunned, wrong, Errors(issued + dunned, wrong).share,
        money.base, money.paid, percent(money.paid, money.base),
    )  # fmt: skip
    money_urls = [address("lines", query_of(choice, part="month", show=show)) for show in ("base", "paid", "left")]
    sub = BEFORE if choice.last < choice.begun else ""
    return Row(label, sheet.cells(values, (*_counted(choice.first, choice.last), *money_urls)), sub=sub)


def _counted(first: Month, last: Month) -> tuple[str, ...]:
    """Where what was counted is listed, one by one; a rate opens what it is about."""
    entries, corrected, issued, dunned, wrong = (counted.url_of(what, first, last) for what in counted.WHAT)
    return entries, corrected, corrected, issued, dunned, wrong, wrong
