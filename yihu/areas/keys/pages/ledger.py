"""钥匙台账 (F52): the list, the card of one key with every place it ever was, and keys that nobody entrusted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.keys import ledger
from yihu.areas.keys.forms.fields import HookChoice
from yihu.areas.keys.models import Cabinet, Hook, KeyLoan, KeySet, folded_tag, misplaced
from yihu.areas.keys.papers import SHEETS
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import PickerInput
from yihu.kernel.plain import journal_of, require, writing
from yihu.kernel.plain_pages import RowForm, labels_of, saving
from yihu.kernel.policy import policy
from yihu.kernel.prints import count_print
from yihu.kernel.prints import render as set_sheet
from yihu.kernel.screens.page import number_or_none

PAGE = 60
CSS = {
    "in": "state-done",
    "out": "state-busy",
    "lost": "state-late",
    "damaged": "state-wait",
    "returned": "state-void",
    "replaced": "state-void",
}
HERE = (KeySet.Status.IN, KeySet.Status.OUT, KeySet.Status.LOST, KeySet.Status.DAMAGED)


class FilterForm(forms.Form):
    """What the list is narrowed by."""

    q = forms.CharField(
        label="标签号、房号、锁",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "标签号、房号、锁"}),
    )
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "在管的"), *KeySet.Status.choices])
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部类别"), *KeySet.Kind.choices])
    cabinet = forms.ModelChoiceField(
        label="钥匙柜", required=False, queryset=Cabinet.objects.none(), empty_label="全部钥匙柜"
    )


class KeyForm(RowForm):
    """A key that no owner entrusted: of a plant room, a common door, a mailbox, an empty flat, a repair."""

    hook = HookChoice(label="挂钩", required=False)

    class Meta:
        model = KeySet
        fields = ["tag", "kind", "unit", "place", "qty", "hook"]
        widgets = {"kind": forms.RadioSelect, "unit": PickerInput("estate:pick_unit")}
        help_texts = {"place": "例如：1 号楼屋面水箱间、信报箱", "tag": "标签上不写房号", "unit": "公共的不填"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here, key = self.instance.community_id, self.instance
        self.fields["kind"].choices = [one for one in KeySet.Kind.choices if one[0] != KeySet.Kind.ENTRUSTED]
        self.fields["unit"].queryset = self.fields["unit"].queryset.filter(community_id=here)
        free = ledger.free_hooks(here)
        hooks = free | Hook.objects.filter(pk=key.hook_id).select_related("cabinet") if key.hook_id else free
        self.fields["hook"].queryset = hooks
        if key.pk:
            for fixed in ("tag", "kind", "unit"):
                del self.fields[fixed]
        else:
            self.initial["tag"] = ledger.next_tags(here, 1)[0]
            first = free.first()
            self.initial["hook"] = first and first.pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "tag" in cleaned:
            cleaned["tag"] = folded_tag(cleaned["tag"])
            sentence = ledger.tag_faults(cleaned["tag"], cleaned.get("unit"), self.instance.community_id)
            if sentence:
                self.add_error("tag", sentence)
        kind = cleaned.get("kind") or self.instance.kind
        if kind and (sentence := misplaced(kind, cleaned.get("hook"))):
            self.add_error("hook", sentence)
        if cleaned.get("kind") == KeySet.Kind.VACANT and not cleaned.get("unit"):
            self.add_error("unit", "空置房的钥匙请选是哪一户。")
        return cleaned


@require_GET
@policy(may="keys.see")
def register(request: HttpRequest) -> HttpResponse:
    """The register of all keys; whoever keeps them sees which door each opens."""
    form = FilterForm(request.GET)
    form.fields["cabinet"].queryset = Cabinet.objects.filter(community=request.community, shown=True)
    rows = KeySet.objects.filter(community=request.community)
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data)
    shown = list(rows.select_related("unit", "hook__cabinet").order_by("tag")[: PAGE + 1])
    grants = grants_of(request.user)
    cabinets = Cabinet.objects.filter(community=request.community, shown=True)
    context = {
        "title": "钥匙台账",
        "filters": form,
        "rows": [_row(key) for key in shown[:PAGE]],
        "columns": [{"label": label} for label in ("标签号", "房屋和锁", "类别", "数量", "挂钩", "状态")],
        "total_text": f"只显示前 {PAGE} 把，请用查找缩小范围" if len(shown) > PAGE else f"共 {len(shown)} 把",
        "empty_text": "没有这样的钥匙。",
        "may_edit": grants.may("keys.lists", request.community.pk),
        "may_keep": grants.may("keys.keep", request.community.pk),
        "cabinets": cabinets,
    }
    partial = request.htmx and not request.htmx.boosted
    return render(request, "kernel/_table.html" if partial else "keys/ledger.html", context)


def _narrowed(rows: Any, asked: dict[str, Any]) -> Any:
    words = asked["q"]
    if words:
        rows = rows.filter(
            Q(tag__contains=folded_tag(words)) | Q(place__contains=words) | Q(unit__label__contains=words.upper())
        )
    if asked["status"]:
        rows = rows.filter(status=asked["status"])
    elif not words:
        rows = rows.filter(status__in=HERE)
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["cabinet"]:
        rows = rows.filter(hook__cabinet=asked["cabinet"])
    return rows


def _row(key: KeySet) -> dict[str, Any]:
    return {
        "url": key.get_absolute_url(),
        "cells": [
            {"name": "number", "kind": "number", "text": key.tag},
            {"name": "summary", "kind": "text", "text": key.where},
            {"name": "kind", "kind": "text", "text": key.get_kind_display()},
            {"name": "qty", "kind": "text", "text": f"{key.qty} 把"},
            {"name": "hook", "kind": "text", "text": str(key.hook or "")},
            {"name": "state", "kind": "state", "text": key.get_status_display(), "css": CSS[key.status]},
        ],
    }


@require_GET
@policy(may="keys.see")
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One key: where it is, all its loans, every place it ever was."""
    key = key_or_404(request, pk)
    loans = KeyLoan.objects.seen_by(request.user).filter(key=key).select_related("given_by").order_by("-opened_at")[:30]
    context = {
        "title": f"钥匙 {key.tag}",
        "key": key,
        "css": CSS[key.status],
        "loans": list(loans),
        "journal": journal_of(ledger.BOOK, key.pk, labels_of(key)),
        "may_edit": grants_of(request.user).may("keys.lists", key.community_id) and key.status not in KeySet.GONE,
        "desk_url": f"{reverse('keys:desk')}?tag={key.tag}",
    }
    return render(request, "keys/card.html", context)


def key_or_404(request: HttpRequest, pk: int) -> KeySet:
    rows = KeySet.objects.select_related("unit", "hook__cabinet", "mandate", "copied_from")
    return get_object_or_404(rows, pk=pk, community=request.community)


@require_http_methods(["GET", "POST"])
@policy(may="keys.lists")
def new(request: HttpRequest) -> HttpResponse:
    """A key of the house's own comes on the ledger."""
    return _one(request, KeySet(community=request.community))


@require_http_methods(["GET", "POST"])
@policy(may="keys.lists")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another hook, another word for the lock, another number. The status is nobody's to type."""
    return _one(request, key_or_404(request, pk))


def _one(request: HttpRequest, row: KeySet) -> HttpResponse:
    fresh = row.pk is None
    form = KeyForm(request.POST or None, instance=row)

    def save(key: str, seen: int | None) -> None:
        _save(form.instance, fresh=fresh, by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=ledger.BOOK, row_id=row.pk, labels=labels_of(row), template="kernel/plain_form.html",
        title="新钥匙入账" if fresh else f"钥匙 {row.tag}", done="已保存。",
        leave_url=lambda: form.instance.get_absolute_url() if form.instance.pk else reverse("keys:ledger"),
        journal=[] if fresh else journal_of(ledger.BOOK, row.pk, labels_of(row)),
    )  # fmt: skip


def _save(row: KeySet, *, fresh: bool, by: Any, key: str, seen: int | None) -> None:
    require(by, "keys.lists", row.community_id, "您不能改钥匙台账，请找钥匙管理员。")
    body = [row.community_id, row.tag, row.kind, row.unit_id, row.place, row.qty, row.hook_id]
    with writing(ledger.BOOK, row.pk or "new", by=by, key=key, verb="save", body=body, seen=seen) as opened:
        if opened is None:
            return
        commanding, book = opened
        if fresh:
            ledger.add_key(commanding, row, f"{by} 入账，挂 {row.hook or '柜外'}")
        else:
            before = KeySet.objects.select_related("hook__cabinet").get(pk=row.pk)
            # the status is left alone: somebody may be lending the key at this moment
            row.save(update_fields=["place", "qty", "hook"])
            changed = {
                name: [str(old or ""), str(new or "")]
                for name in ("place", "qty", "hook")
                if (old := getattr(before, name)) != (new := getattr(row, name))
            }
            if changed:
                commanding.note(book, f"{by} 修改", changed, step="change")
        commanding.answer(row)


@require_GET
@policy(may="keys.see")
def paper(request: HttpRequest, name: str) -> HttpResponse:
    """The register of a cabinet, or labels for the tags."""
    declared = SHEETS.get(name)
    cabinet = Cabinet.objects.filter(community=request.community, pk=number_or_none(request.GET.get("cabinet"))).first()
    if declared is None or cabinet is None:
        raise Http404
    now = timezone.now()
    pdf = set_sheet(declared, declared.data(cabinet, request.user), request.user, now=now)
    count_print(f"keys-{name}", by=request.user, at=now, subject=f"{request.community.code} {cabinet.name}")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="keys-{name}.pdf"'
    return response
