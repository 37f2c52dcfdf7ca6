"""The papers of one unit: what is held, where it lies, what was scanned; and filing by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.ground.estate.models import Unit
from yihu.ground.papers import filing
from yihu.ground.papers.filing import BOOK, FILE, SEE
from yihu.ground.papers.forms import PaperForm
from yihu.ground.papers.models import Paper, Scan
from yihu.ground.papers.serving import marked_download
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.models import IssuedCopy, record_seen_by
from yihu.kernel.plain import journal_of
from yihu.kernel.plain_pages import saving
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import issued_rows

ISSUED_SHOWN = 100
LABELS = {"kind": "资料类别", "doc_id": "目录项目", "title": "名称", "pages": "页数", "place": "存放位置"}


def unit_or_404(request: HttpRequest, pk: int, capability: str) -> Any:
    units = Unit.objects.select_related("community", "cluster", "building")
    return get_object_or_404(units, pk=pk, community_id__in=grants_of(request.user).communities_with(capability))


def seen_papers(request: HttpRequest, unit: Any) -> Any:
    """Sheets of records that the person may not see are not there for him either."""
    seen = Q(record__isnull=True) | Q(record_seen_by(request.user))
    return Paper.objects.filter(seen, community_id=unit.community_id, unit=unit)


def seen_copies(request: HttpRequest, unit: Any) -> Any:
    """What was handed out to this household: notices, receipts, slips, as they went out (ARC-11)."""
    seen = Q(record__isnull=True) | Q(record_seen_by(request.user))
    return IssuedCopy.objects.filter(seen, community_id=unit.community_id, unit=unit).select_related("run", "by")


@require_GET
@policy(may=SEE)
def of_unit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk, SEE)
    may_file = grants_of(request.user).may(FILE, unit.community_id)
    papers = seen_papers(request, unit).select_related("record", "filed_by").prefetch_related("scans")
    rows = list(papers.order_by("kind", "-filed_at", "-pk"))
    groups = [
        {"label": label, "papers": [_row(row, may_file) for row in rows if row.kind == kind]}
        for kind, label in Paper.Kind.choices
    ]
    context = {
        "title": f"{unit.label} 的档案",
        "unit": unit,
        "mark": f"{request.user} {moments.stamp(timezone.now())}",
        "total": len(rows),
        "groups": [group for group in groups if group["papers"]],
        "issued": issued_rows(seen_copies(request, unit).order_by("-at", "-pk")[:ISSUED_SHOWN]),
        "new_url": reverse("papers:new", args=[unit.pk]) if may_file else "",
    }
    return render(request, "papers/unit.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=FILE)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk, FILE)
    paper = Paper(community_id=unit.community_id, unit=unit)
    form = PaperForm(
        request.POST or None, request.FILES or None, instance=paper, initial={"doc": request.GET.get("doc")}
    )

    def save(key: str, seen: int | None) -> None:
        filing.file_paper(form.instance, form.cleaned_data["scans"], by=request.user, key=key)

    return _saving(request, form, save, unit, title=f"{unit.label} 归档", done="已归档。")


@require_http_methods(["GET", "POST"])
@policy(may=FILE)
def edit(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    unit = unit_or_404(request, pk, FILE)
    paper = get_object_or_404(seen_papers(request, unit), pk=paper_pk)
    form = PaperForm(request.POST or None, request.FILES or None, instance=paper)

    def save(key: str, seen: int | None) -> None:
        filing.change_paper(form.instance, form.cleaned_data["scans"], by=request.user, key=key, seen=seen)

    return _saving(request, form, save, unit, title=f"更正：{paper.title}", done="已保存。", paper=paper)


@require_GET
@policy(may=SEE)
def scan(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponse:
    """A scanned page, as a download; whoever looked stands in the paper's journal."""
    unit = unit_or_404(request, pk, SEE)
    found = get_object_or_404(Scan, pk=scan_pk, paper__in=seen_papers(request, unit))
    answer = marked_download(found, by=request.user)
    filing.note_look(found, by=request.user)
    return answer


def _row(paper: Paper, may_file: bool) -> dict[str, Any]:
    return {
        "title": paper.title,
        "place": paper.place,
        "filed": f"{moments.day(paper.filed_at)} {paper.filed_by} 归档",
        "record_url": paper.record.get_absolute_url() if paper.record else "",
        "scans": [
            {
                "name": one.name,
                "size": f"{max(one.size // 1024, 1)} KB",
                "url": reverse("papers:scan", args=[paper.unit_id, one.pk]),
            }
            for one in paper.scans.all()
        ],
        "edit_url": reverse("papers:edit", args=[paper.unit_id, paper.pk]) if may_file else "",
    }


def _saving(
    request: HttpRequest, form: Any, save: Callable[[str, int | None], None], unit: Any, *, title: str, done: str, paper: Paper | None = None
) -> HttpResponse:  # fmt: skip
    return saving(
        request, form, save, register=BOOK, row_id=paper and paper.pk, labels=LABELS, template="papers/form.html", title=title, done=done,
        leave_url=lambda: reverse("papers:unit", args=[unit.pk]), submit_label="保存" if paper else "归档",
        journal=journal_of(BOOK, paper.pk, LABELS) if paper else [],
    )  # fmt: skip
