"""The month's list as a workbook for finance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.services.models import MonthList
from yihu.areas.services.monthly import shown
from yihu.kernel import exports
from yihu.kernel.doors import command
from yihu.kernel.exports import Column
from yihu.kernel.policy import policy

COLUMNS = (
    Column("房号", "code"), Column("单号", "code"), Column("来源", "code", 10), Column("日期", "date"), Column("内容", "text", 40),
    Column("金额（元）", "money"), Column("备注"),
)  # fmt: skip


@require_GET
@policy(signed_in=True)
def export(request: HttpRequest, number: str) -> FileResponse:
    """Whoever reads the list may take it to finance; that it was taken is written down (RPT-04)."""
    month = get_object_or_404(MonthList.objects.seen_by(request.user).select_related("community"), number=number)
    title = f"{month.community.name} {month.period} 有偿服务月结清单"
    content = exports.write_xlsx(title, COLUMNS, _rows(month, request.user), by=request.user, now=timezone.now())
    with command(by=request.user, verb="export") as writing:
        writing.note(
            writing.book("kernel.export", "service-months"),
            f"{request.user} 导出 {month.number} 月结清单",
            step="export",
        )
    return FileResponse(content, as_attachment=True, filename=f"{title}.xlsx")


def _rows(month: MonthList, person: Any) -> Iterator[list[Any]]:
    found = shown(month, person)
    total = 0
    for group in found["groups"]:
        for line in group["lines"]:
            yield [
                group["unit"], line["number"], line["kind"], line["day"], line["what"], line["amount_fen"], line["note"],
            ]  # fmt: skip
        yield [group["unit"], "", "小计", None, "", group["total_fen"], ""]
        total += group["total_fen"]
    yield ["合计", "", "", None, f"{found['units']} 户 {found['count']} 笔", total, ""]
