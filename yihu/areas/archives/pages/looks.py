"""谁看过个人信息: every look, by whom, of what, when and why; for the manager, by person, house and days, with export (ARC-05)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from urllib.parse import urlencode

from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from yihu.areas.archives.looking import KINDS, Asked, lines, people_of
from yihu.areas.archives.looking import looks as found_looks
from yihu.ground.estate.finding import find_units
from yihu.kernel import exports
from yihu.kernel.doors import command
from yihu.kernel.policy import policy
from yihu.kernel.screens.listing import position
from yihu.kernel.screens.page import number_or_none

PAGE, USUAL_DAYS, CHUNK = 60, 30, 500
COLUMNS = (
    exports.Column("时间", "code"),
    exports.Column("谁", "code"),
    exports.Column("看了谁的、哪一份", width=30),
    exports.Column("内容与原因", width=70),
)


def _day(text: str) -> date | None:
    try:
        day = parse_date(text[:10])
    except ValueError:
        return None
    return day if day is not None and 1900 <= day.year <= 2200 else None


def _asked(request: HttpRequest) -> tuple[Asked, str]:
    """The filters; the second part says that no such house is known."""
    typed, today = request.GET.get("unit", "").strip()[:60], timezone.localdate()
    units = find_units(typed, [request.community.pk], 1) if typed else []
    first = _day(request.GET.get("from", "")) or today - timedelta(days=USUAL_DAYS)
    asked = Asked(
        first=first,
        last=max(_day(request.GET.get("to", "")) or today, first),
        who=number_or_none(request.GET.get("who")),
        unit=units[0] if units else None,
        kind=request.GET.get("kind", ""),
    )
    return asked, f"没有找到房号“{typed}”，请核对。" if typed and not units else ""


@require_GET
@policy(may="archives.looks")
def looks(request: HttpRequest) -> HttpResponse:
    asked, unknown = _asked(request)
    every = found_looks(request.community, request.user, asked)
    rows, after = every, position(request.GET.get("after", ""))
    if unknown:
        rows = rows.none()
    if after:
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    page = list(rows[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    kept = {name: value for name, value in request.GET.items() if name != "after" and value}
    last = f"{page[-1].at.isoformat()}_{page[-1].pk}" if more else ""
    context = {
        "title": "谁看过个人信息",
        "rows": lines(page, request.user),
        "asked": asked,
        "unit": request.GET.get("unit", "")[:60],
        "unknown": unknown,
        "kinds": [{"code": code, "label": label} for code, (label, _) in KINDS.items()],
        "people": [
            {"pk": pk, "name": name}
            for pk, name in people_of(found_looks(request.community, request.user, Asked(asked.first, asked.last)))
        ],
        "next_url": f"?{urlencode({**kept, 'after': last})}" if last else "",
        "first_url": f"?{urlencode(kept)}" if after else "",
        "export_url": f"{reverse('archives:export_looks')}?{urlencode(kept)}",
    }
    return render(request, "archives/looks.html", context)


@require_GET
@policy(may="archives.looks")
def export_looks(request: HttpRequest) -> FileResponse:
    """The same list as a workbook; that it was taken away is written down, too."""
    asked, unknown = _asked(request)
    rows = found_looks(request.community, request.user, asked)
    now = timezone.now()
    with command(by=request.user, verb="export") as writing:
        book = writing.book("kernel.export", "archives.looks")
        writing.note(book, f"{request.user} 导出谁看过个人信息（{asked.first} 至 {asked.last}）", step="export")

    def told() -> Iterator[list[str]]:
        found = iter(() if unknown else rows.iterator(chunk_size=CHUNK))
        while some := list(islice(found, CHUNK)):
            yield from ([line["at"], line["by"], line["of"], line["sentence"]] for line in lines(some, request.user))

    file = exports.write_xlsx("谁看过个人信息", COLUMNS, told(), by=request.user, now=now)
    return FileResponse(file, as_attachment=True, filename=f"谁看过个人信息-{timezone.localdate(now)}.xlsx")
