"""锁定的内容: what must be kept of a person, and nobody uses; opened piece by piece by the managers, with the purpose written down."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yihu.areas.archives.models import DataRequest
from yihu.basics import text
from yihu.ground.papers.serving import marked_download
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.errors import Refused
from yihu.kernel.locking_away import told
from yihu.kernel.models import LockedFile, LockedText
from yihu.kernel.policy import policy

OPEN = "personal.locked"


def may_open(person: Any, request: DataRequest) -> bool:
    return bool(grants_of(person).may(OPEN, request.community_id))


def link(request: DataRequest, person: Any) -> str:
    """The address of the page where something is locked by this request and the person may open it."""
    if request.done_at is None or not may_open(person, request):
        return ""
    kept = any(table.objects.filter(request=request).exists() for table in (LockedText, LockedFile))
    return reverse("archives:locked", args=[request.number]) if kept else ""


@require_http_methods(["GET", "POST"])
@policy(may=OPEN)
def locked(request: HttpRequest, number: str) -> HttpResponse:
    """What the request locked; one piece is shown when the purpose is written, and the request's journal keeps who and why."""
    asked = get_object_or_404(DataRequest.objects.seen_by(request.user), number=number)
    if not may_open(request.user, asked):
        raise Refused("只有客服经理、项目经理可以查看锁定的内容。")
    texts = LockedText.objects.filter(request=asked).select_related("matter").order_by("pk")
    sheets = LockedFile.objects.filter(request=asked).order_by("pk")
    opened, refusal, status = None, "", 200
    if request.method == "POST":
        reason = text.clean(request.POST.get("reason", ""), 80, cut=True).strip()
        kind, _, pk = request.POST.get("piece", "").partition("-")
        number_of = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0
        row: Any = get_object_or_404(sheets if kind == "file" else texts, pk=number_of)
        if not reason:
            refusal, status = "请写明为什么要看：例如 法院调查令、诉讼举证、审计。", 422
        elif kind == "file":
            with command(by=request.user, verb="archives.locked") as writing:
                said = f"{request.user} 查看锁定的文件（{row.what}），原因：{reason}"
                writing.note(asked, said, step="reveal")
            return marked_download(row, by=request.user)
        else:
            opened = {
                "piece": f"text-{row.pk}",
                "lines": told(row, row.clear.reveal(by=request.user, reason=reason, record=asked)),
            }
    rows = [
        {"piece": f"{kind}-{row.pk}", "what": row.what, "until": row.until, "file": kind == "file"}
        for kind, found in (("text", texts), ("file", sheets)) for row in found
    ]  # fmt: skip
    context = {
        "title": f"锁定的内容 {asked.number}", "asked": asked, "rows": rows, "opened": opened, "refusal": refusal,
        "reason": request.POST.get("reason", "")[:80],
    }  # fmt: skip
    return render(request, "archives/locked.html", context, status=status)
