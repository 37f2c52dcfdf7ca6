"""业主档案: whose files lack something, one household's catalogue, its sheet and its label."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from yihu.areas.archives import catalogue, printing
from yihu.areas.archives.lists import KEEP, SEE
from yihu.ground.estate.models import Cluster, Unit
from yihu.ground.papers.models import Paper
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import Refused
from yihu.kernel.models import record_seen_by
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet
from yihu.kernel.screens.page import number_or_none

PAGE, MOST_LABELS, MOST_LINES = 60, 600, 2000
TABS = (("", "缺资料"), ("scan", "没有电子档"), ("whole", "齐全"), ("all", "全部"))


def _units(request: HttpRequest) -> Any:
    rows = Unit.objects.filter(community=request.community).select_related("community", "building", "cluster")
    cluster = number_or_none(request.GET.get("cluster"))
    return rows.filter(cluster_id=cluster).order_by("sort_key") if cluster else rows.order_by("sort_key")


def _chosen(request: HttpRequest) -> tuple[list[Any], dict[str, int], list[Any], Any]:
    """The files that the filters leave in the tab, how many there are in each tab, all of them, and the chosen document."""
    docs = catalogue.doc_types(request.community)
    wanted = number_or_none(request.GET.get("doc"))
    doc = next((one for one in docs if one.pk == wanted), None)
    files = catalogue.files_of(request.community, _units(request), docs)

    def lacks(file: Any) -> bool:
        return any(line.doc.pk == doc.pk for line in file.missing) if doc else bool(file.missing)

    def unscanned(file: Any) -> bool:
        papers = (
            [paper for line in file.lines if line.doc.pk == doc.pk for paper in line.papers] if doc else file.papers
        )
        return any(paper["place"] and not paper["scanned"] for paper in papers)

    groups = {
        "": [file for file in files if lacks(file)],
        "scan": [file for file in files if unscanned(file)],
        "whole": [file for file in files if file.asked and not file.missing],
        "all": files,
    }
    tab = request.GET.get("tab", "")
    return groups.get(tab, groups[""]), {name: len(rows) for name, rows in groups.items()}, files, doc


@require_GET
@policy(may=SEE)
def files(request: HttpRequest) -> HttpResponse:
    chosen, counts, every, doc = _chosen(request)
    asked, tab = request.GET.copy(), request.GET.get("tab", "")
    asked.pop("page", None)
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    tabs = []
    for name, label in TABS:
        there = asked.copy()
        there["tab"] = name
        tabs.append(
            {
                "label": label,
                "url": f"?{there.urlencode()}",
                "current": name == tab,
                "count": counts[name],
                "hot": not name,
            }
        )
    here = request.community
    context = {
        "title": "业主档案",
        "rate": catalogue.rate_of(every),
        "tabs": tabs,
        "rows": [{"file": file, "url": reverse("archives:unit", args=[file.unit.pk])} for file in page],
        "page": page,
        "next_url": f"?{asked.urlencode()}&page={page.next_page_number()}" if page.has_next() else "",
        "asked": asked.urlencode(),
        "tab": tab,
        "clusters": Cluster.objects.filter(community=here).order_by("code"),
        "cluster": number_or_none(request.GET.get("cluster")),
        "docs": catalogue.doc_types(here),
        "doc": doc,
        "may_keep": grants_of(request.user).may(KEEP, here.pk),
    }  # fmt: skip
    return render(request, "archives/files.html", context)


def unit_or_404(request: HttpRequest, pk: int) -> Any:
    units = Unit.objects.select_related("community", "cluster", "building")
    return get_object_or_404(units, pk=pk, community_id__in=grants_of(request.user).communities_with(SEE))


@require_GET
@policy(may=SEE)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One household's file: line by line what is held and where, what is missing since when."""
    house = unit_or_404(request, pk)
    file, grants = catalogue.file_of(house), grants_of(request.user)
    hidden = set(
        Paper.objects.filter(unit=house, record__isnull=False)
        .exclude(record_seen_by(request.user))
        .values_list("pk", flat=True)
    )
    may_file = grants.may("papers.file", house.community_id)
    context = {
        "title": f"{house.label} 档案目录",
        "unit": house,
        "lines": [
            {
                "line": line,
                "papers": [paper for paper in line.papers if paper["pk"] not in hidden],
                "file_url": f"{reverse('papers:new', args=[house.pk])}?doc={line.doc.pk}" if may_file else "",
            }
            for line in file.lines
        ],
        "others": [paper for paper in file.others if paper["pk"] not in hidden],
        "missing": len(file.missing),
        "held": len(file.papers),
        "cabinet": catalogue.cabinet_of(house),
        "check": printing.last_check(house),
        "check_url": f"{reverse('kernel:new', args=['shelf-checks'])}?unit={house.pk}"
        if grants.may("archives.check", house.community_id)
        else "",
        "file_url": reverse("papers:new", args=[house.pk]) if may_file else "",
        "mark": f"{request.user} {moments.stamp(timezone.now())}",
    }
    return render(request, "archives/unit.html", context)


@require_GET
@policy(may=SEE)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    house = unit_or_404(request, pk)
    return _pdf(request, printing.CATALOGUE, printing.catalogue(house, request.user), f"catalogue-{house.pk}")


@require_GET
@policy(may=SEE)
def label(request: HttpRequest, pk: int) -> HttpResponse:
    return _pdf(request, printing.LABELS, printing.labels([unit_or_404(request, pk)], request.user), f"label-{pk}")


@require_GET
@policy(may=SEE)
def labels(request: HttpRequest) -> HttpResponse:
    """The labels of a cluster (or of all) in one go."""
    units = list(_units(request)[: MOST_LABELS + 1])
    if not units:
        raise Http404
    if len(units) > MOST_LABELS:
        raise Refused(f"一次最多打印 {MOST_LABELS} 张标签，请先选组团，分几次打印。")
    return _pdf(request, printing.LABELS, printing.labels(units, request.user), "labels")


@require_GET
@policy(may=SEE)
def missing(request: HttpRequest) -> HttpResponse:
    chosen, _, _, doc = _chosen(request)
    tab = dict(TABS).get(request.GET.get("tab", ""), "缺资料")
    what = f"{tab}{f'：{doc}' if doc else ''}（{timezone.localdate():%Y-%m-%d}）"
    if len(chosen) > MOST_LINES:
        raise Refused(f"清单超过 {MOST_LINES} 户，请先选组团或资料，分几次打印。")
    return _pdf(request, printing.MISSING, printing.missing_list(chosen, request.community, what), "missing")


def _pdf(request: HttpRequest, declared: Any, data: dict[str, Any], name: str) -> HttpResponse:
    now = timezone.now()
    pdf = set_sheet(declared, data, request.user, now=now)
    count_print(
        declared.name,
        by=request.user,
        at=now,
        subject=f"{request.community.code} {name} {timezone.localdate(now)}"[:60],
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
