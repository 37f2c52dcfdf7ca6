"""The pages of the fee reports: one address for each, its paper and its export; all read the books and write nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.fronts.reports.fees import (
    ages,
    books,
    counted,
    deposits,
    entries,
    ledger,
    lines,
    moves,
    quality,
    rates,
    surplus,
    years,
)
from yihu.fronts.reports.fees.printing import FEES
from yihu.fronts.reports.fees.sheets import Sheet
from yihu.ground.ledger.posting import SEE
from yihu.kernel import exports
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet

EXPORT, MOST_ON_PAPER = "ledger.export", 3000


@dataclass(frozen=True)
class Report:
    """``build(community, asked, whole)``, ``whole``: that many rows at most, 0 for a page; ``tab``: it stands beside the others."""

    title: str
    build: Callable[[Any, Mapping[str, str], int], Sheet]
    tab: bool = True


REPORTS = {
    "rates": Report("收费率", rates.build),
    "ages": Report("欠费账龄", ages.build),
    "ledger": Report("收费台账", ledger.build),
    "years": Report("年度明细", years.build),
    "quality": Report("收费质量", quality.build),
    "deposits": Report("押金台账", deposits.build),
    "trial": Report("科目余额表", books.trial),
    "surplus": Report("收支差额表", surplus.build),
    "general": Report("总账", books.general),
    "detail": Report("明细账", books.detail),
    "entries": Report("账簿分录", entries.build, tab=False),
    "counted": Report("笔数", counted.build, tab=False),
    "lines": Report("账单", lines.build, tab=False),
    "households": Report("各户", lines.households, tab=False),
    "moves": Report("分录", moves.build, tab=False),
    "deposit-lines": Report("押金分录", deposits.lines, tab=False),
}


def _report(name: str) -> Report:
    if name not in REPORTS:
        raise Http404
    return REPORTS[name]


@require_GET
@policy(may=SEE)
def page(request: HttpRequest, name: str = "rates") -> HttpResponse:
    sheet = _report(name).build(request.community, request.GET.dict(), 0)
    query = urlencode({key: value for key, value in request.GET.items() if value and key != "after"})
    tabs = [
        {"label": one.title, "url": reverse("reports:fees", args=[key]), "current": key == name}
        for key, one in REPORTS.items()
        if one.tab
    ]
    exporting = grants_of(request.user).may(EXPORT, request.community.pk)
    context = {
        "title": sheet.title,
        "sheet": sheet,
        "form": sheet.form,
        "tabs": tabs if _report(name).tab else [],
        "print_url": f"{reverse('reports:fees_print', args=[name])}?{query}",
        "export_url": f"{reverse('reports:fees_export', args=[name])}?{query}" if exporting else "",
    }
    return render(request, "reports/fees.html", context)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest, name: str) -> HttpResponse:
    sheet, now = _report(name).build(request.community, request.GET.dict(), MOST_ON_PAPER), timezone.now()
    with transaction.atomic():
        count_print(FEES.name, by=request.user, at=now, subject=f"{request.community.code} {name} {now:%Y%m%d%H%M%S%f}")
        pdf = set_sheet(FEES, (sheet, request.community), request.user, now=now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_GET
@policy(may=EXPORT)
def export(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """Through the one writer; the export itself is journaled (RPT-04)."""
    if not grants_of(request.user).may(SEE, request.community.pk):
        return render(request, "kernel/refused.html", {"sentence": "您不能查看账目。", "back_url": "/"}, status=403)
    sheet, now = _report(name).build(request.community, request.GET.dict(), exports.MAX_ROWS), timezone.now()
    if sheet.left_off:
        raise Refused(f"要导出的超过 {exports.MAX_ROWS} 行，请按楼栋或收费项目分几次导出。")
    title = f"{sheet.title} {sheet.period}"
    file = exports.write_xlsx(title, sheet.columns, sheet.lines(), by=request.user, now=now)
    with command(by=request.user, verb="export") as writing:
        note = {"filter": ["", request.GET.urlencode()[:200]]}
        writing.note(
            writing.book("kernel.export", f"reports.fees.{name}"),
            f"{request.user} 导出{sheet.title}",
            note,
            step="export",
        )
    return FileResponse(file, as_attachment=True, filename=f"{sheet.title}-{timezone.localdate(now):%Y%m%d}.xlsx")
