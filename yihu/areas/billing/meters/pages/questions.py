"""存疑的读数: what a sheet leaves open, one after the other, with what could be meant."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.billing.meters import history, recording
from yihu.areas.billing.meters.bringing.lines import from_staged
from yihu.areas.billing.meters.composing import Entry
from yihu.areas.billing.meters.forms.readings import TOLD, ReadForm
from yihu.areas.billing.meters.models import Meter, Reading, ReadingImport, ReadingRow
from yihu.areas.billing.meters.pages.walking import said
from yihu.areas.billing.meters.reckoning import plain
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

K, S = Reading.Kind, Reading.State
MOST = 100


@require_GET
@policy(may="meters.import")
def imports(request: HttpRequest) -> HttpResponse:
    """The imports have no place of their own in the navigation; the round's list leads here."""
    return redirect(f"{reverse('kernel:list', args=['reading-imports'])}?tab=all")


@require_http_methods(["GET", "POST"])
@policy(may="meters.see")
def questions(request: HttpRequest, number: str) -> HttpResponse:
    run = ReadingImport.objects.seen_by(request.user).filter(number=number).first()
    if run is None or run.community_id != request.community.pk:  # type: ignore[attr-defined]
        raise Http404
    refusal, wrong, status = "", 0, 200
    if request.method == "POST":
        wrong = number_or_none(request.POST.get("row")) or 0
        try:
            done = _answer(request, run, wrong)
        except Refused as refused:
            refusal, status = refused.sentence, refused.status
        else:
            messages.success(request, done)
            return redirect(request.path)
    rows = list(ReadingRow.objects.filter(run=run, values__asked=True).order_by("position")[:MOST])
    may = grants_of(request.user).may(recording.READ, run.community_id)
    context = {
        "title": "存疑的读数",
        "run": run,
        "rows": _rows(rows, request, wrong if refusal else 0),
        "kinds": TOLD,
        "may": may,
        "refusal": refusal,
        "key": uuid.uuid4().hex,
    }
    return render(request, "meters/questions.html", context, status=status)


def _answer(request: HttpRequest, run: Any, pk: int) -> str:
    """One question is settled: by a reading of whatever kind, or because somebody has read the meter meanwhile."""
    row = ReadingRow.objects.filter(run=run, pk=pk, values__asked=True).first()
    meter = Meter.objects.filter(pk=row.values.get("meter") or 0, community=run.community).first() if row else None
    if row is None or meter is None:
        raise Refused("这一行已经有人办过，请刷新后再看。")
    line, form = from_staged_of(row), ReadForm(request.POST)
    if not form.is_valid():
        raise Refused("；".join(error for errors in form.errors.values() for error in errors))
    told = form.cleaned_data
    entry = Entry(line.on, told.get("current"), told.get("kind") or K.READ, told.get("why") or "", on_paper=True)
    reading = recording.take(meter, entry, by=request.user, month=line.month, key=key_of(request))
    _close(row)
    waits = "，等另一人复核" if reading.state == S.PENDING else ""
    return f"{meter.where} {meter} 已记{reading.get_kind_display()}，用量 {plain(reading.use)}{waits}。"


def from_staged_of(row: ReadingRow) -> Any:
    values = {name: value for name, value in row.values.items() if name not in ("asked", "meter", "why")}
    return from_staged(row.sheet, row.row_no, values)


def _close(row: ReadingRow) -> None:
    row.values = {**row.values, "asked": False}
    row.save(update_fields=["values"])


def _rows(rows: list[ReadingRow], request: HttpRequest, wrong: int) -> list[dict[str, Any]]:
    """What somebody read meanwhile is no question any more and is not shown."""
    meters = {
        one.pk: one
        for one in Meter.objects.filter(pk__in=[row.values.get("meter") or 0 for row in rows]).select_related(
            "unit", "building", "cluster"
        )
    }
    shown = []
    lines = {row.pk: from_staged_of(row) for row in rows}
    read = set(
        Reading.objects.filter(meter__in=meters, occasion="", state__in=(S.STANDS, S.PENDING)).values_list(
            "meter", "month"
        )
    )
    told: dict[Any, Any] = {}
    for month in {line.month for line in lines.values()}:
        told[month] = history.known(list(meters.values()), month)
    for row in rows:
        line, meter = lines[row.pk], meters.get(row.values.get("meter") or 0)
        if meter is None or (meter.pk, line.month.first) in read:
            continue
        typed = request.POST if row.pk == wrong else None
        shown.append({
            **said(told[line.month][meter.pk], line.month), "pk": row.pk, "row_no": row.row_no, "why": row.values.get("why", ""), "note": line.note,
            "told": plain(line.previous) if line.previous is not None else "", "url": reverse("meters:meter", args=[meter.pk]),
            "current": typed.get("current", "") if typed is not None else plain_figure(line.current),
            "kind": typed.get("kind", "") if typed is not None else K.ESTIMATED if line.current is None else K.READ,
            "words": typed.get("why", "") if typed is not None else line.note,
        })  # fmt: skip
    return shown


def plain_figure(figure: Any) -> str:
    return "" if figure is None else f"{figure.normalize():f}"
