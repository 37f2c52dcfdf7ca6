"""后台任务: whether the work in the background goes on, what failed for good, and trying that again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.kernel.jobs import dead_letters, jobs_health, retry_by_hand
from yihu.kernel.models.jobs import Schedule
from yihu.kernel.models.journal import JournalEntry
from yihu.kernel.plain import entries, key_of, writing
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import when

MANAGE = "staff.manage"
BOOK = "kernel.job"
SHOWN = 50
NAMES = {
    "ring-clocks": "时限提醒",
    "sweep-files": "清理无主文件",
    "tidy-jobs": "清理已完成的任务",
    "ask-for-years": "检查放假安排",
    "yihu.kernel.commanding.react": "记录变动后的后续处理",
    "yihu.kernel.holidays.settle_year": "重新推算暂定的时限",
}


@require_GET
@policy(may=MANAGE)
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    health = jobs_health(now)
    failed = list(dead_letters()[: SHOWN + 1])
    context = {
        "title": "后台任务",
        "health": health,
        "figures": [
            {"label": "工作进程", "text": f"{health.workers} 个" if health.workers else "没有"},
            {"label": "正在办", "text": f"{health.running} 件"},
            {"label": "排队", "text": f"{health.waiting} 件{_oldest(health.oldest_waiting)}"},
            {"label": "失败", "text": f"{health.failed} 件"},
        ],
        "failed": [_row(row, now) for row in failed[:SHOWN]],
        "more": len(failed) > SHOWN,
        "schedules": [
            {
                "name": NAMES.get(row.name, row.name),
                "rule": rule(row.rule),
                "last": when(row.last_run, now),
                "next": when(row.next_run, now),
            }
            for row in Schedule.objects.order_by("next_run", "name")
        ],
        "key": key_of(request),
        "journal": entries(reversed(JournalEntry.objects.filter(book__register=BOOK).order_by("-at", "-pk")[:SHOWN])),
    }
    return render(request, "kernel/settings/jobs.html", context)


@require_POST
@policy(may=MANAGE)
def retry(request: HttpRequest, task_id: Any) -> HttpResponse:
    """Put one failed task back; who did it stands in the journal."""
    found = dead_letters().filter(pk=task_id).first()
    if found is None:
        messages.warning(request, "这件任务已经重新排队或已经办完，不用再试。")
        return redirect("kernel:settings_jobs")
    name = _name(found.task_path)
    with writing(BOOK, task_id, by=request.user, key=key_of(request), verb="retry", body=[]) as opened:
        if opened is not None:
            commanding, book = opened
            if retry_by_hand(task_id):
                commanding.note(book, f"{request.user} 重试后台任务：{name}", step="retry")
                messages.success(request, f"{name} 已重新排队。")
            else:
                messages.warning(request, f"{name} 不用再试：同样的任务已经在排队。")
    return redirect("kernel:settings_jobs")


def rule(words: str) -> str:
    """daily 03:20 → 每天 03:20; every 0:01:00 → 每 1 分钟."""
    kind, _, rest = words.partition(" ")
    if kind == "daily":
        return f"每天 {rest}"
    parts = rest.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return words
    seconds = int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])
    for size, unit in ((3600, "小时"), (60, "分钟")):
        if seconds % size == 0:
            return f"每 {seconds // size} {unit}"
    return f"每 {seconds} 秒"


def _row(row: Any, now: Any) -> dict[str, Any]:
    """The class of the error and never its words, in which a name may stand."""
    return {
        "pk": row.pk,
        "name": _name(row.task_path),
        "path": row.task_path,
        "when": when(row.finished_at, now),
        "tries": len(row.worker_ids),
        "error": row.exception_class_path.rsplit(".", 1)[-1],
        "retry_url": reverse("kernel:settings_job_retry", args=[row.pk]),
    }


def _name(path: str) -> str:
    return NAMES.get(path, path.rsplit(".", 1)[-1])


def _oldest(waiting: timedelta) -> str:
    minutes = int(waiting.total_seconds()) // 60
    return f"，最久等了 {minutes} 分钟" if minutes else ""
