"""部门档案总目录: the whole tree on one page, search in it, its paper; the default tree for a community that has none."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from yihu.areas.catalogue import default_tree, tree
from yihu.areas.catalogue.models import Item, Section
from yihu.areas.catalogue.printing import PAPERS
from yihu.areas.catalogue.words import KEEP, SEE, SEE_CONTRACTS, SEE_TITLES
from yihu.basics.identity import mask_free_text
from yihu.basics.text import clean_line
from yihu.kernel.authority import grants_of
from yihu.kernel.errors import NotAllowed, Refused
from yihu.kernel.plain import key_of
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet

MAY_PRINT = {"catalogue": SEE, "labels": SEE, "contracts": SEE_CONTRACTS, "ancillary": SEE_TITLES}


@require_GET
@policy(may=SEE)
def page(request: HttpRequest) -> HttpResponse:
    may_keep = grants_of(request.user).may(KEEP, request.community.pk)
    text = clean_line(request.GET.get("q", ""), 60, cut=True)
    off = request.GET.get("tab") == "off"
    context: dict[str, Any] = {
        "title": "部门档案总目录", "q": text, "may_keep": may_keep, "off": off, "key": uuid.uuid4().hex,
        "tabs": [{"label": "在用", "url": "?", "current": not off}, {"label": "停用", "url": "?tab=off", "current": off}],
    }  # fmt: skip
    if text:
        rows = tree.found(request.community, text)
        context["found"] = [{**entry(item, tree.cabinet_of(item)), "section": str(item.section)} for item in rows]
    elif off:
        retired = tree.items_of(request.community).filter(shown=False)
        context["found"] = [
            {**entry(item, tree.cabinet_of(item)), "section": str(item.section)} for item in retired[: tree.MOST_FOUND]
        ]
        context["sections_off"] = Section.objects.filter(community=request.community, shown=False).order_by("pk")
    else:
        parts = tree.branches(request.community)
        context["parts"] = [branch(part) for part in parts]
        context["total"], context["held"] = sum(one.total for one in parts), sum(one.held for one in parts)
    return render(request, "catalogue/tree.html", context)


@require_POST
@policy(may=KEEP)
def load(request: HttpRequest) -> HttpResponse:
    try:
        count = default_tree.load(request.community, by=request.user, key=key_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"已装入默认目录，{count} 个条目；照实修改、停用即可。")
    return redirect("catalogue:tree")


@require_GET
@policy(signed_in=True)
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """The wall sheet, the labels of the boxes, the list of contracts, the titles of what belongs to the building."""
    declared = PAPERS.get(name)
    if declared is None or request.community is None:
        raise Http404
    if not grants_of(request.user).may(MAY_PRINT[name], request.community.pk):
        raise NotAllowed(f"您不能打印{declared.title}，请找档案管理员或客服主管。")
    return sheet(request, declared, request.community, f"{request.community.code} {timezone.localdate()}")


def sheet(request: HttpRequest, declared: Any, subject: Any, what: str) -> HttpResponse:
    now = timezone.now()
    pdf = set_sheet(declared, declared.data(subject, request.user), request.user, now=now)
    count_print(f"catalogue-{declared.name}", by=request.user, at=now, subject=what[:80])
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{declared.name}.pdf"'
    return response


def branch(found: tree.Branch) -> dict[str, Any]:
    return {
        "pk": found.section.pk,
        "number": found.section.number,
        "title": found.section.title,
        "remark": found.section.remark,
        "cabinet": found.cabinet,
        "total": found.total,
        "held": found.held,
        "edit_url": reverse("catalogue:edit_section", args=[found.section.pk]),
        "more_url": reverse("catalogue:new_item", args=[found.section.pk]),
        "below_url": reverse("catalogue:new_section", args=[found.section.pk]) if found.section.level < 3 else "",
        "items": [entry(item, found.cabinet) for item in found.items],
        "below": [branch(one) for one in found.below],
    }


def entry(item: Any, cabinet: str) -> dict[str, Any]:
    own = item.cabinet or (item.box.cabinet if item.box else "") or cabinet
    where = [own, f"盒 {item.box.number}" if item.box else "", item.place]
    return {
        "number": item.number,
        "title": mask_free_text(item.title),
        "period": item.period,
        "remark": mask_free_text(item.remark),
        "where": mask_free_text(" · ".join(filter(None, where))),
        "copies": f"{item.copies} 份" if item.copies else "",
        "rule": str(item.rule or ""),
        "url": item.get_absolute_url(),
        "badges": badges(item),
    }


def badges(item: Any) -> list[dict[str, str]]:
    today = timezone.localdate()
    found = []
    if item.status == Item.Status.DESTROYED:
        found.append({"text": "已销毁", "css": ""})
    if item.status == Item.Status.LOST:
        found.append({"text": "遗失", "css": "badge-late"})
    if item.out:
        found.append({"text": "借出", "css": "badge-due"})
    if item.listed:
        found.append({"text": "待销毁", "css": "badge-due"})
    if item.hold:
        found.append({"text": "锁定", "css": "badge-accent"})
    if item.status == Item.Status.KEPT and item.expires_on and item.expires_on < today and not item.listed:
        found.append({"text": "到期", "css": "badge-late"})
    return found
