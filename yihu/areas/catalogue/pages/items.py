"""One item of the catalogue and one section: seen, written, locked; what is past its time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.catalogue import items, tree
from yihu.areas.catalogue.forms.tree import ITEM_FIELDS, SECTION_FIELDS, HoldForm, ItemForm, SectionForm
from yihu.areas.catalogue.models import DestructionLine, Item, ItemFile, ItemLoan, Section
from yihu.areas.catalogue.pages.tree import badges
from yihu.areas.catalogue.words import HOLD, ITEM, KEEP, SECTION, SEE
from yihu.basics.identity import mask_free_text
from yihu.kernel import files, moments
from yihu.kernel.authority import grants_of
from yihu.kernel.plain import journal_of, save_row
from yihu.kernel.plain_pages import labels_of, saving
from yihu.kernel.policy import policy
from yihu.kernel.screens.cells import state_cell

LOANS = 20


def _item(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(tree.items_of(request.community), pk=pk)


@require_GET
@policy(may=SEE)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    grants, here = grants_of(request.user), request.community.pk
    may_keep = grants.may(KEEP, here)
    kept = item.status == Item.Status.KEPT and item.shown
    loans = ItemLoan.objects.seen_by(request.user).filter(item=item).order_by("-opened_at")[:LOANS]
    context = {
        "title": f"{tree.full_number(item)} {mask_free_text(item.title)}",
        "item": item,
        "badges": badges(item),
        "facts": _facts(item),
        "files": [
            {"name": one.name, "size": f"{max(one.size // 1024, 1)} KB", "url": reverse("catalogue:file", args=[one.pk]),
             "by": f"{one.by} {moments.day(one.at)}"}
            for one in item.files.select_related("by").order_by("at", "pk")
        ],
        "loans": [
            {"number": loan.number, "url": loan.get_absolute_url(), "summary": f"{mask_free_text(loan.borrower)} · {mask_free_text(loan.purpose)}",
             "when": moments.day(loan.opened_at), "state": {"word": loan.state_word, "css": state_cell(loan)["css"]}}
            for loan in loans
        ],
        "journal": journal_of(ITEM, item.pk, labels_of(item)),
        "edit_url": reverse("catalogue:edit_item", args=[item.pk]) if may_keep and item.status != Item.Status.DESTROYED else "",
        "hold_url": reverse("catalogue:hold", args=[item.pk]) if grants.may(HOLD, here) and item.status == Item.Status.KEPT else "",
        "lend_url": f"{reverse('kernel:new', args=['archive-loans'])}?item={item.pk}"
        if may_keep and kept and not item.out and not item.listed else "",
    }  # fmt: skip
    return render(request, "catalogue/item.html", context)


def _facts(item: Any) -> list[dict[str, Any]]:
    listed = DestructionLine.objects.filter(item=item, waits=True).select_related("destruction").first()
    given = (
        ("目录节", str(item.section)), ("期间", item.period), ("份数", f"{item.copies} 份" if item.copies else "手上没有"),
        ("档案柜", tree.cabinet_of(item)), ("档案盒", str(item.box or "")), ("位置", item.place), ("保管人", str(item.keeper or "")),
        ("保管期限", str(item.rule or "")), ("保管起算", str(item.since or "")), ("保管到期", str(item.expires_on or "")),
        ("锁定原因", item.hold), ("销毁清单", str(item.destroyed_in or (listed.destruction if listed else ""))),
        ("来源", str(item.source or "")), ("说明", item.remark),
    )  # fmt: skip
    return [{"label": label, "text": mask_free_text(text), "wide": False} for label, text in given if text]


@require_http_methods(["GET", "POST"])
@policy(may=KEEP)
def new(request: HttpRequest, section_pk: int) -> HttpResponse:
    section = get_object_or_404(Section, pk=section_pk, community=request.community, shown=True)
    number, place = tree.next_number(section)
    item = Item(community=request.community)
    initial = {
        "section": section.pk, "number": number, "position": place, "rule": _rule_of(section), "copies": 1, "keeper": request.user.pk, "shown": True,
    }  # fmt: skip
    form = ItemForm(request.POST or None, request.FILES or None, instance=item, initial=initial)
    return _saving_item(request, form, title=f"新条目：{section}", row_id=None)


def _rule_of(section: Section | None) -> int | None:
    while section is not None:
        if section.rule_id:
            return section.rule_id
        section = section.parent
    return None


@require_http_methods(["GET", "POST"])
@policy(may=KEEP)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    form = ItemForm(request.POST or None, request.FILES or None, instance=item)
    return _saving_item(request, form, title=f"修改：{mask_free_text(item.title)}", row_id=item.pk)


def _saving_item(request: HttpRequest, form: Any, *, title: str, row_id: int | None) -> HttpResponse:
    def save(key: str, seen: int | None) -> None:
        items.keep(form.instance, ITEM_FIELDS, form.cleaned_data["files"], by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=ITEM, row_id=row_id, labels=labels_of(form.instance), template="kernel/plain_form.html", title=title,
        done="已保存。", leave_url=lambda: form.instance.get_absolute_url() if form.instance.pk else reverse("catalogue:tree"),
        journal=journal_of(ITEM, row_id, labels_of(form.instance)) if row_id else [],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=HOLD)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    form = HoldForm(request.POST or None, initial={"hold": item.hold})

    def save(key: str, seen: int | None) -> None:
        items.hold(item, form.cleaned_data["hold"].strip(), by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=ITEM, row_id=item.pk, labels=labels_of(item), template="kernel/plain_form.html",
        title=f"锁定或解除：{mask_free_text(item.title)}", done="已保存。", leave_url=item.get_absolute_url,
    )  # fmt: skip


@require_GET
@policy(may=SEE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """An electronic file, as a download; whoever looked stands in the item's journal."""
    found = get_object_or_404(ItemFile, pk=pk, item__community=request.community)
    answer = files.download(found)
    items.note_look(found, by=request.user)
    return answer


@require_http_methods(["GET", "POST"])
@policy(may=KEEP)
def new_part(request: HttpRequest) -> HttpResponse:
    return _section_page(request, Section(community=request.community), None)


@require_http_methods(["GET", "POST"])
@policy(may=KEEP)
def new_section(request: HttpRequest, parent_pk: int) -> HttpResponse:
    parent = get_object_or_404(Section, pk=parent_pk, community=request.community, shown=True)
    return _section_page(request, Section(community=request.community), parent)


@require_http_methods(["GET", "POST"])
@policy(may=KEEP)
def edit_section(request: HttpRequest, pk: int) -> HttpResponse:
    return _section_page(request, get_object_or_404(Section, pk=pk, community=request.community), None)


def _section_page(request: HttpRequest, section: Section, parent: Section | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if not section.pk:
        beside = Section.objects.filter(community=request.community, parent=parent)
        last = beside.order_by("-position").first()
        initial = {"parent": parent and parent.pk, "position": last.position + 1 if last else 1}
    form = SectionForm(request.POST or None, instance=section, initial=initial)

    def save(key: str, seen: int | None) -> None:
        save_row(form.instance, SECTION_FIELDS, may=KEEP, by=request.user, key=key, seen=seen, then=tree.relevel)

    return saving(
        request, form, save, register=SECTION, row_id=section.pk, labels=labels_of(section), template="kernel/plain_form.html",
        title=f"修改：{section}" if section.pk else f"新节：{parent} 之下" if parent else "新的部分", done="已保存。",
        leave_url=lambda: reverse("catalogue:tree"), journal=journal_of(SECTION, section.pk, labels_of(section)) if section.pk else [],
    )  # fmt: skip


@require_GET
@policy(may=SEE)
def expired(request: HttpRequest) -> HttpResponse:
    """到期档案: what is past its time; what is locked or lent says so and cannot be listed."""
    today = timezone.localdate()
    due = tree.items_of(request.community).filter(shown=True, status=Item.Status.KEPT, expires_on__lt=today)
    rows = []
    for item in due.order_by("expires_on", "pk")[: tree.MOST_FOUND]:
        why = "已列入销毁清单" if item.listed else tree.hindrance(item, today)
        cells = [
            {"name": "number", "kind": "number", "text": tree.full_number(item)},
            {"name": "summary", "kind": "text", "text": mask_free_text(str(item))},
            {"name": "rule", "kind": "text", "text": str(item.rule)},
            {"name": "since", "kind": "text", "text": str(item.since)},
            {"name": "end", "kind": "text", "text": str(item.expires_on)},
            {"name": "why", "kind": "badge", "text": why or "可列入销毁", "css": "badge-due" if why else "badge-done"},
        ]
        rows.append({"url": item.get_absolute_url(), "cells": cells})
    context = {
        "title": "到期档案", "screen": {"title": "到期档案"}, "rows": rows, "total_text": f"共 {len(rows)} 件",
        "columns": [{"label": label} for label in ("编号", "名称", "保管期限", "起算", "到期", "能否销毁")],
        "empty_text": "没有到期的档案。条目写了保管期限和起算日期，到期后列在这里。",
        "new_url": reverse("kernel:new", args=["destructions"]) if grants_of(request.user).may(KEEP, request.community.pk) else "",
        "lists_url": reverse("kernel:list", args=["destructions"]),
    }  # fmt: skip
    return render(request, "catalogue/expired.html", context)
