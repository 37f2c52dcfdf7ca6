"""质量 (FEE-12): notices wrong, entries right, the month's collection: twelve months, each rate with its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yihu.areas.billing.dunning.counting import errors_by_day
from yihu.areas.billing.notices.counting import Errors, errors_by_month
from yihu.areas.cashier.applying.models import RedLetter
from yihu.areas.cashier.models import HandCharge
from yihu.basics.months import Month
from yihu.basics.shares import percent
from yihu.basics.worktime import OFFICE_ZONE
from yihu.fronts.reports.fees.asking import MonthForm, address, read, written
from yihu.fronts.reports.fees.measures import Measure, debts, of, since, sums
from yihu.fronts.reports.fees.sheets import Block, Head, Row, Sheet
from yihu.ground.ledger.models import Receipt

HEADS = (
    Head("录入笔数", "count"), Head("录入更正", "count"), Head("准确率（≥ 99%）", "rate"),
    Head("缴费单张数", "count"), Head("催款单张数", "count"), Head("有误张数", "count"), Head("出错率（≤ 0.05%）", "rate"),
    Head("当月应收"), Head("月末前已收"), Head("当月收款率（≥ 95%）", "rate"),
)  # fmt: skip
NOTES = (
    "录入：当月开出的收据（线上付款自动开的不算）与手工账单；录入更正：当月批准的、原因为“录入错误”的作废与红冲。",
    "通知单：当月账期印出的缴费通知单和当月发出的催款通知单，补发的不重复算；有误：印出、发出以后发现有错而作废、收回的，两种一起算。",
    "当月收款率 = 当月账期的账单在当月最后一天前收到的金额 ÷ 当月账期应收。没有底数时显示“—”。",
)


def build(community: Any, asked: Mapping[str, str], whole: int) -> Sheet:
    form = MonthForm(asked, community, timezone.localdate())
    last: Month = form.cleaned_data["month"]
    months = [last]
    while len(months) < 12:
        months.append(months[-1].before)
    sheet = Sheet("quality", "收费质量", f"{months[-1]}至{last}", HEADS, notes=NOTES, form=form)
    counts, money = _counts(community, months), _collected(community, months)
    rows = [_row(sheet, str(month), counts[index(month)], money[index(month)], month) for month in months]
    every = sum((counts[index(month)] for month in months), Counter[str]())
    total = _row(sheet, "十二个月", every, sum((money[index(month)] for month in months), Measure()), None)
    sheet.blocks = [Block("逐月", "月份", rows, total)]
    return sheet


def index(month: Month) -> int:
    return month.year * 12 + month.month - 1


def _counts(community: Any, months: list[Month]) -> dict[int, Counter[str]]:
    since, until = _midnight(months[-1]), _midnight(months[0].after)
    found: dict[int, Counter[str]] = {index(month): Counter() for month in months}

    def count(name: str, moments: Iterable[datetime]) -> None:
        for moment in moments:
            found[index(Month.of(timezone.localdate(moment)))][name] += 1

    def within(field: str) -> dict[str, Any]:
        return {"community": community, f"{field}__gte": since, f"{field}__lt": until}

    typed = Receipt.objects.filter(**within("received_at")).exclude(method=Receipt.Method.ONLINE)  # nobody typed those
    count("entries", typed.values_list("received_at", flat=True).iterator())
    count("entries", HandCharge.objects.filter(**within("opened_at")).values_list("opened_at", flat=True).iterator())
    done = RedLetter.objects.filter(**within("approved_at"), state=RedLetter.State.DONE)
    of_entry = Q(why=RedLetter.Why.ENTRY)
    count("corrected", done.filter(of_entry).values_list("approved_at", flat=True))
    for period, errors in errors_by_month(community.pk, written(months[-1]), written(months[0])).items():
        month = read(period)
        if month is not None:
            found[index(month)].update(issued=errors.issued, wrong=errors.wrong)
    for day, dunned, wrong in errors_by_day(community.pk, months[-1].first, months[0].last):
        found[index(Month.of(day))].update(dunned=dunned, wrong=wrong)
    return found


def _midnight(month: Month) -> datetime:
    return datetime.combine(month.first, time(), OFFICE_ZONE)


def _collected(community: Any, months: list[Month]) -> dict[int, Measure]:
    """Of each month's bills what had come in by its end."""
    asked: dict[str, Any] = {}
    for month in months:
        asked |= sums(of(month) & Q(day__lte=month.last), prefix=f"m{index(month)}_")
    rows = debts(community, months[0].last).filter(since(months[-1]))
    row = rows.aggregate(**asked)
    return {index(month): Measure.of(row, f"m{index(month)}_") for month in months}


def _row(sheet: Sheet, label: str, counts: Counter[str], money: Measure, month: Month | None) -> Row:
    names = ("entries", "corrected", "issued", "dunned", "wrong")
    entries, corrected, issued, dunned, wrong = (counts[name] for name in names)
    values = (
        entries, corrected, percent(entries - corrected, entries), issued, dunned, wrong, Errors(issued + dunned, wrong).share,
        money.base, money.paid, percent(money.paid, money.base),
    )  # fmt: skip
    if month is None:
        return Row(label, sheet.cells(values))
    span = {"first": written(month), "last": written(month), "day": month.last.isoformat(), "part": "current"}
    letters = f"{reverse('kernel:list', args=['red-letters'])}?tab=all"
    batches = f"{reverse('kernel:list', args=['notice-batches'])}?tab=all"
    demands = f"{reverse('kernel:list', args=['dunning-notices'])}?tab=all"
    slips = f"{reverse('cashier:receipts')}?since={month.first}&until={month.last}"
    base, paid = (address("lines", {**span, "show": show}) for show in ("base", "paid"))
    return Row(label, sheet.cells(values, (slips, letters, "", batches, demands, batches, "", base, paid)))
