"""What the generic pages of a register do not show of an import: its progress, and its problems page by page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yihu.ground.estate.models import RollImport
from yihu.ground.estate.pages.shared import IMPORT
from yihu.ground.estate.roll.problems import KINDS
from yihu.kernel.models.jobs import Progress
from yihu.kernel.policy import policy
from yihu.kernel.procedure import procedure_of
from yihu.kernel.screens import views

PAGE = 100


@require_GET
@policy(may=IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    """The list of imports; one that is live is finished for those who look for open work, so all are shown."""
    query = request.GET.copy()
    query.setdefault("tab", "all")
    request.GET = query
    return views.list_page(request, procedure_of(RollImport).slug)


def _run(request: HttpRequest, number: str) -> RollImport:
    run = RollImport.objects.seen_by(request.user).filter(number=number).first()
    if run is None:
        raise Http404
    return run


@require_GET
@policy(may=IMPORT)
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far the import has come; the page asks every second."""
    return render(request, "estate/_progress.html", progress_of(_run(request, number)))


def progress_of(run: RollImport) -> dict[str, Any]:
    url = run.get_absolute_url()
    failed = run.task_id and Progress.objects.filter(pk=run.task_id, failed=True).exists()
    running = run.state == RollImport.State.RUNNING or run.reading
    return {
        "url": f"{url}progress/",
        "label": "没有做完，已通知管理员"
        if failed
        else "正在读取"
        if run.reading
        else "正在写入"
        if running
        else run.state_word,
        "done": run.done,
        "total": run.rows,
        "finished_url": "" if running and not failed else url,
        "finished_label": "查看结果",
    }


@require_GET
@policy(may=IMPORT)
def problems(request: HttpRequest, number: str) -> HttpResponse:
    """All problems of one kind, by sheet and row."""
    run = _run(request, number)
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        raise Http404
    after = int(text) if (text := request.GET.get("after", "")).isdigit() and len(text) < 19 else 0
    found = list(run.problems.filter(kind=kind, pk__gt=after).order_by("pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    context = {
        "run": run,
        "title": KINDS[kind].title,
        "problems": found,
        "next_url": f"?kind={kind}&after={found[-1].pk}" if more else None,
        "total_text": f"共 {run.problems.filter(kind=kind).count()} 处",
    }
    return render(request, "estate/problems.html", context)
