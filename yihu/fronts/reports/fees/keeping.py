"""The files of a month's 收费档案 (ARC-12): the whole ledger, household by household, and every receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any

from django.db.models import QuerySet

from yihu.basics.months import Month
from yihu.basics.worktime import OFFICE_ZONE
from yihu.fronts.reports.fees import ledger
from yihu.fronts.reports.fees.asking import buildings
from yihu.fronts.reports.fees.sheets import Sheet
from yihu.ground.ledger.models import Receipt
from yihu.kernel import exports
from yihu.kernel.exports import Column

COLUMNS = (
    Column("收据号", "code"), Column("收款时间", "moment"), Column("交款人"), Column("房屋", "code"), Column("方式", "code"),
    Column("流水号", "code"), Column("金额（元）", "money"), Column("收款人", "code"), Column("状态", "code"),
)  # fmt: skip


def files(community: Any, first: date, by: Any, now: datetime) -> Iterator[tuple[str, IO[bytes]]]:
    """Whole, or building by building where one table would not hold it."""
    month = Month.of(first)
    asked = {"month": month.code}
    whole = ledger.build(community, asked, exports.MAX_ROWS - 1)
    if whole.left_off:
        for pk, name in [*buildings(community).items(), ("none", "未挂房屋")]:
            part = ledger.build(community, {**asked, "building": str(pk)}, exports.MAX_ROWS - 1)
            yield f"收费台账-{month.code}-{name}.xlsx", _written(part, by, now)
    else:
        yield f"收费台账-{month.code}.xlsx", _written(whole, by, now)
    for count, rows in enumerate(_slices(_receipts(community, month)), start=1):
        yield (
            f"收据清单-{month.code}-{count}.xlsx",
            exports.write_xlsx(f"收据清单 {month}", COLUMNS, rows, by=by, now=now),
        )


def _written(sheet: Sheet, by: Any, now: datetime) -> IO[bytes]:
    return exports.write_xlsx(
        f"收费台账 {sheet.period}", sheet.columns, sheet.lines(), by=by, now=now, limit=2 * exports.MAX_ROWS
    )


def _receipts(community: Any, month: Month) -> QuerySet[Receipt]:
    since, until = (datetime.combine(day, time(), OFFICE_ZONE) for day in (month.first, month.after.first))
    rows = Receipt.objects.filter(community=community, received_at__gte=since, received_at__lt=until)
    return rows.select_related("unit", "collector").order_by("pk")


def _slices(rows: QuerySet[Receipt]) -> Iterator[Iterator[list[Any]]]:
    for start in range(0, max(rows.count(), 1), exports.MAX_ROWS):
        yield (_line(row) for row in rows[start : start + exports.MAX_ROWS].iterator(2000))


def _line(row: Receipt) -> list[Any]:
    return [
        row.number, row.received_at, row.payer_name, str(row.unit or ""), row.get_method_display(), row.reference, row.amount,
        str(row.collector), "已作废" if row.voided_by_id else "",
    ]  # fmt: skip
