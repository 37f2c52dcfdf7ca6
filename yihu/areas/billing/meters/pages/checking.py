"""What is abnormal, estimated or corrected, for another person's eyes; and what nobody has read yet."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yihu.areas.billing.meters import history, recording
from yihu.areas.billing.meters.composing import FAR_OFF, Entry, odd_words
from yihu.areas.billing.meters.models import Reading
from yihu.areas.billing.meters.pages.shared import round_of, sum_of
from yihu.areas.billing.meters.pages.walking import day_of, said
from yihu.areas.billing.meters.rounds import missing, pending, to_read_again
from yihu.basics.text import clean_line
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.forms import is_row_number
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy

MOST = 300


def ticked(request: HttpRequest, name: str) -> list[int]:
    return [int(one) for one in request.POST.getlist(name)[: MOST * 2] if is_row_number(one)]


@require_http_methods(["GET", "POST"])
@policy(may="meters.see")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The check list: one tick each, or all of them; agreed to, or back to be read again."""
    round_, refusal, status = round_of(request, number), "", 200
    chosen: list[int] | None = None
    words = ""
    if request.method == "POST":
        chosen = ticked(request, "reading")
        fine = request.POST.get("verdict") == "fine"
        words = clean_line(request.POST.get("words", ""), 200, cut=True)
        rows = list(pending(round_).filter(pk__in=chosen))
        try:
            count = recording.check(rows, fine, by=request.user, words=words, key=key_of(request))
        except Refused as refused:
            refusal, status = refused.sentence, refused.status
        else:
            messages.success(request, f"{count} 条读数{'已确认' if fine else '退回重抄'}。")
            return redirect(request.path)
    rows = list(pending(round_)[:MOST])
    may = grants_of(request.user).may(recording.CONFIRM, round_.community_id) and not round_.locked
    context = {
        "title": f"{round_.of_month}待复核的读数",
        "round": round_,
        "rows": [_row(one, request.user, may, chosen) for one in rows],
        "words": words,
        "may": may and any(one.reader_id != request.user.pk for one in rows),
        "total": pending(round_).count(),
        "refusal": refusal,
        "key": uuid.uuid4().hex,
    }
    return render(request, "meters/check.html", context, status=status)


def _row(row: Reading, person: Any, may: bool, chosen: list[int] | None) -> dict[str, Any]:
    """``chosen``: what he ticked and was refused; before, all but what is so far off that it is hardly a reading."""
    return {
        "ticked": abs(row.deviation or 0) < FAR_OFF if chosen is None else row.pk in chosen,
        "pk": row.pk,
        "where": row.meter.where,
        "meter": str(row.meter),
        "url": reverse("meters:meter", args=[row.meter_id]),
        "sum": sum_of(row),
        "odd": odd_words(row),
        "why": row.why,
        "by": str(row.reader),
        "on": f"{row.on:%m-%d}",
        "photo": reverse("kernel:file", args=[row.photo_id]) if row.photo_id else "",
        "mine": row.reader_id == person.pk,
        "may": may and row.reader_id != person.pk,
    }


@require_http_methods(["GET", "POST"])
@policy(may="meters.see")
def lacking(request: HttpRequest, number: str) -> HttpResponse:
    """漏抄: each is read, or estimated for a reason; several with one reason at once."""
    round_ = round_of(request, number)
    month, refused_ones, chosen, why = round_.of_month, list[str](), list[Any](), ""
    if request.method == "POST":
        why = clean_line(request.POST.get("why", ""), 200, cut=True)
        chosen = list(missing(round_).filter(pk__in=ticked(request, "meter")))
        day, key, done = day_of(month, timezone.localdate()), key_of(request), 0
        for meter in chosen:
            try:
                if not why:
                    raise Refused("请写明为什么没有抄到。")
                entry = Entry(day, None, Reading.Kind.ESTIMATED, why)
                recording.take(meter, entry, by=request.user, month=month, key=f"{key}-{meter.pk}"[:100])
                done += 1
            except Refused as refused:
                refused_ones.append(refused.sentence)
        if done:
            messages.success(request, f"{done} 块表已估抄，等另一人复核。")
        if not refused_ones and chosen:
            return redirect(request.path)
        if not chosen:
            refused_ones.append("请先勾选没有抄到的表。")
    meters = list(missing(round_)[:MOST])
    told, sent_back = history.known(meters, month), to_read_again(round_)
    may = grants_of(request.user).may(recording.READ, round_.community_id) and not round_.locked
    context = {
        "title": f"{month}还没有抄的表",
        "round": round_,
        "rows": [
            {
                **said(told[one.pk], month),
                "pk": one.pk,
                "again": sent_back.get(one.pk, ""),
                "ticked": one in chosen,
                "url": reverse("meters:read", args=[number, one.pk]) if may else "",
            }
            for one in meters
        ],
        "total": missing(round_).count(),
        "why": why,
        "may": may,
        "refusals": list(dict.fromkeys(refused_ones)),
        "key": uuid.uuid4().hex,
    }
    return render(request, "meters/missing.html", context, status=422 if refused_ones else 200)
