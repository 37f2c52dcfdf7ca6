"""收费月历: the page and its sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.basics.months import Month
from yihu.fronts.feemonth import asking, making
from yihu.fronts.feemonth.printing import MONTH
from yihu.fronts.feemonth.rows import Look, Row
from yihu.kernel import moments
from yihu.kernel.policy import policy
from yihu.kernel.prints import render as set_sheet
from yihu.kernel.screens.places import place

SEE = "feemonth.see"
place(75, "收费月历", "feemonth:month", SEE)


def _month(request: HttpRequest) -> Month:
    """The one that was asked for, else this one."""
    return Month.read(request.GET.get("month", "")) or Month.of(timezone.localdate())


def _look(request: HttpRequest) -> Look:
    community: Any = request.community  # type: ignore[attr-defined]
    return Look(community, _month(request), request.user, timezone.now())


def groups(look: Look) -> list[dict[str, Any]]:
    return [
        {"title": f"月初、月中：{look.month.before}的账", "rows": asking.early(look)},
        {"title": f"20 日以后：{look.month}出账、送单", "rows": making.rows(look)},
        {"title": "月末：还没缴的", "rows": asking.late(look)},
    ]


@require_GET
@policy(may=SEE)
def month(request: HttpRequest) -> HttpResponse:
    """How far each step of the manual has come, and where it is done."""
    look = _look(request)
    found = groups(look)
    rows: list[Row] = [row for group in found for row in group["rows"]]
    here = reverse("feemonth:month")
    context = {
        "title": "收费月历",
        "month": str(look.month),
        "groups": found,
        "tally": [
            {"word": word, "css": css, "count": sum(1 for row in rows if row.state == state)}
            for state, word, css in (("late", "超期", "tally-late"), ("busy", "在办", "tally-due"), ("done", "已办", "tally-done"))
        ],
        "before_url": f"{here}?month={look.month.before.code}",
        "after_url": f"{here}?month={look.month.after.code}",
        "this_url": "" if look.month == Month.of(timezone.localdate()) else here,
        "paper_url": f"{reverse('feemonth:paper')}?month={look.month.code}",
    }  # fmt: skip
    return render(request, "feemonth/month.html", context)


@require_GET
@policy(may=SEE)
def paper(request: HttpRequest) -> HttpResponse:
    """The month as a sheet for the wall."""
    look = _look(request)
    rows = [row for group in groups(look) for row in group["rows"]]
    pdf = set_sheet(MONTH, told_of(look, rows), request.user, now=look.now)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{look.month.code}.pdf"'
    return response


def told_of(look: Look, rows: list[Row]) -> dict[str, Any]:
    return {
        "community": look.community.name,
        "number": f"{look.community.code}-{look.month.first:%Y%m}",
        "period": str(look.month),
        "day": moments.stamp(look.now),
        "lines": [[row.span, row.title, row.who, row.word, row.told] for row in rows],
    }
