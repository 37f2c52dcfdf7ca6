"""What the generic pages of a register do not show of an import: its progress, and its problems page by page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yihu.kernel.importing.declare import import_of, is_import
from yihu.kernel.importing.problems import KINDS
from yihu.kernel.models.jobs import Progress
from yihu.kernel.policy import policy
from yihu.kernel.procedure import by_slug
from yihu.kernel.requests import Request

PAGE = 100


def _run(request: Request, slug: str, number: str) -> Any:
    procedure = by_slug(slug)
    if procedure is None or not is_import(procedure.kind):
        raise Http404
    run = import_of(procedure.kind).model.objects.seen_by(request.user).filter(number=number).first()
    if run is None:
        raise Http404
    return run


@require_GET
@policy(signed_in=True)
def progress(request: Request, slug: str, number: str) -> HttpResponse:
    """How far the import has come; the page asks every second."""
    return render(request, "kernel/import/_progress.html", progress_of(_run(request, slug, number)))


def progress_of(run: Any) -> dict[str, Any]:
    url = run.get_absolute_url()
    failed = run.task_id and Progress.objects.filter(pk=run.task_id, failed=True).exists()
    running = run.state == run.State.RUNNING or run.still_reading
    return {
        "url": f"{url}progress/",
        "label": "没有做完，已通知管理员"
        if failed
        else "正在读取"
        if run.still_reading
        else "正在写入"
        if running
        else run.state_word,
        "done": run.done,
        "total": run.rows,
        "finished_url": "" if running and not failed else url,
        "finished_label": "查看结果",
    }


@require_GET
@policy(signed_in=True)
def problems(request: Request, slug: str, number: str) -> HttpResponse:
    """All problems of one kind, by sheet and row."""
    run = _run(request, slug, number)
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        raise Http404
    after = int(text) if (text := request.GET.get("after", "")).isdecimal() and text.isascii() and len(text) < 19 else 0
    found = list(run.problems.filter(kind=kind, pk__gt=after).order_by("pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    context = {
        "run": run,
        "title": KINDS[kind].title,
        "problems": found,
        "next_url": f"?kind={kind}&after={found[-1].pk}" if more else None,
        "total_text": f"共 {run.problems.filter(kind=kind).count()} 处",
    }
    return render(request, "kernel/import/problems.html", context)
