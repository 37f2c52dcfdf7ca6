"""What the generic pages do not show of a run: how far it has come, everything that is odd, and each unit's bill."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yihu.areas.billing.running.models import BillingRun, Finding
from yihu.areas.billing.running.showing import bills_page, kind_word, whole_bill
from yihu.basics.money import yuan
from yihu.ground.estate.finding import find_units
from yihu.ground.estate.models import Unit
from yihu.ground.ledger.posting import SEE
from yihu.kernel.models.jobs import Progress
from yihu.kernel.policy import policy

PAGE = 100
S = BillingRun.State


def _run(request: HttpRequest, number: str) -> Any:
    run = BillingRun.objects.seen_by(request.user).filter(number=number).select_related("community").first()
    if run is None:
        raise Http404
    return run


def _after(request: HttpRequest) -> int:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@require_GET
@policy(may=SEE)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far the long work has come; the page asks every second."""
    return render(request, "ui/progress.html", progress_of(_run(request, number)))


def progress_of(run: BillingRun) -> dict[str, Any]:
    label, done, total = {
        S.DRAWING: ("正在试算", run.units_drawn, run.units_total),
        S.POSTING: ("正在出账" if run.done < run.slices else "正在抵缴预收", run.done, run.slices),
        S.REVERSING: ("正在冲回", run.lines_back, run.back_total),
    }.get(S(run.state), (run.state_word, 1, 1))
    failed = run.task_id is not None and Progress.objects.filter(pk=run.task_id, failed=True).exists()
    over = run.state not in (S.DRAWING, S.POSTING, S.REVERSING)
    return {
        "url": reverse("running:progress", args=[run.number]),
        "label": "没有做完，已通知管理员" if failed and not over else label,
        "done": done,
        "total": total or 1,
        "finished_url": run.get_absolute_url() if over or failed else "",
        "finished_label": "查看结果",
    }


@require_GET
@policy(may=SEE)
def findings(request: HttpRequest, number: str) -> HttpResponse:
    """All of one kind, or all that keeps a unit from being billed."""
    run = _run(request, number)
    rows = Finding.objects.filter(run=run, pk__gt=_after(request)).select_related("unit").order_by("pk")
    kind = request.GET.get("kind", "")[:40]
    if kind:
        rows = rows.filter(kind=kind)
    if request.GET.get("stops"):
        rows = rows.filter(stops=True)
    found = list(rows[: PAGE + 1])
    context = {
        "run": run,
        "title": kind_word(kind) if kind else "不出账的户" if request.GET.get("stops") else "要看的",
        "findings": found[:PAGE],
        "next_url": _next(request, found[PAGE - 1].pk) if len(found) > PAGE else None,
    }
    return render(request, "running/findings.html", context)


@require_GET
@policy(may=SEE)
def bills(request: HttpRequest, number: str) -> HttpResponse:
    """Every unit's sum; a room that is typed leads to its bill."""
    run, asked = _run(request, number), request.GET.get("q", "").strip()[:60]
    if asked:
        rows = [(unit, None, None) for unit in find_units(asked, [run.community_id], 20)]
        next_url = None
    else:
        rows = bills_page(run, _after(request), PAGE + 1)
        next_url = _next(request, rows[PAGE - 1][0].pk) if len(rows) > PAGE else None
    told = [
        {
            "unit": str(unit),
            "url": reverse("running:bill", args=[run.number, unit.pk]),
            "lines": lines,
            "total": yuan(total) if total is not None else "",
        }
        for unit, lines, total in rows[:PAGE]
    ]
    return render(
        request, "running/bills.html", {"run": run, "rows": told, "q": asked, "next_url": next_url, "title": "各户账单"}
    )


@require_GET
@policy(may=SEE)
def bill(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One unit's lines with the sums in words (FEE-19)."""
    run = _run(request, number)
    unit = get_object_or_404(Unit, pk=pk, community_id=run.community_id)
    found = Finding.objects.filter(run=run, unit=unit).order_by("-stops", "pk")
    odd = [{"word": kind_word(one.kind), "words": one.words, "stops": one.stops} for one in found]
    return render(
        request, "running/bill.html", {"run": run, "bill": whole_bill(run, unit), "odd": odd, "title": f"{unit} 账单"}
    )


def _next(request: HttpRequest, after: int) -> str:
    query = request.GET.copy()
    query["after"] = str(after)
    return f"?{query.urlencode()}"
