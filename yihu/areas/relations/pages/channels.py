"""渠道: the list, and writing one."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.relations import channels
from yihu.areas.relations.channels import BOOK, EDIT
from yihu.areas.relations.models import Channel
from yihu.areas.relations.times import USUAL, hours_of, in_words
from yihu.basics.text import clean_line
from yihu.kernel.authority import authority, grants_of
from yihu.kernel.errors import Conflict, Refused
from yihu.kernel.forms import tidy
from yihu.kernel.plain import entries, journal_of, key_of, seen_so_far
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none


class ChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """What it is called, where it is, who looks after it, at what hours."""

    class Meta:
        model = Channel
        fields = ["kind", "name", "place", "keeper", "times", "kept"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "place": "论坛写网址，意见箱写挂在哪里",
            "keeper": "到点由他查看，意见由他答复",
            "times": "24 小时制，用空格隔开；论坛通常 09:00 13:00 18:00，意见箱每天一次。不填就按通常的",
            "kept": "停用后不再到点提醒",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = authority().people_with(self.instance.community_id, "relations.look")
        self.fields["keeper"].queryset = people  # type: ignore[attr-defined]
        self.fields["kind"].choices = Channel.Kind.choices  # type: ignore[attr-defined]
        self.fields["times"].required = False

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)  # type: ignore[assignment]
        super()._clean_fields()  # type: ignore[misc]

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 40)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("times") or USUAL.get(cleaned.get("kind") or "", "")
        try:
            cleaned["times"] = in_words(hours_of(typed)) if typed else ""
        except ValueError:
            self.add_error("times", "看不懂这个时间，请写成 09:00 13:00 18:00 这样。")
        return cleaned


@require_GET
@policy(may="relations.look")
def list_page(request: HttpRequest) -> HttpResponse:
    rows = Channel.objects.filter(community=request.community).select_related("keeper")  # type: ignore[attr-defined,misc]
    may_edit = grants_of(request.user).may(EDIT, request.community.pk)  # type: ignore[attr-defined]
    context = {
        "title": "渠道",
        "screen": {"title": "渠道"},
        "columns": [{"label": label} for label in ("名称", "种类", "网址或位置", "负责人", "每天几点", "状态")],
        "rows": [_row(row, may_edit) for row in rows.order_by("-kept", "kind", "pk")],
        "total_text": f"共 {len(rows)} 个",
        "empty_text": "还没有渠道。项目有业主论坛或意见箱的，由客服主管登记在这里，到点会提醒负责人查看。",
        "may_edit": may_edit,
    }
    return render(request, "relations/channels.html", context)


def _row(row: Channel, may_edit: bool) -> dict[str, Any]:
    cells = (row.get_kind_display(), row.place, str(row.keeper), row.times)
    state = {"text": "启用", "css": "state-done"} if row.kept else {"text": "停用", "css": "state-void"}
    return {
        "url": reverse("relations:edit_channel", args=[row.pk]) if may_edit else "",
        "cells": [
            {"name": "name", "kind": "number" if may_edit else "text", "text": row.name},
            *({"name": f"at{at}", "kind": "text", "text": text} for at, text in enumerate(cells)),
            {"name": "state", "kind": "state", **state},
        ],
    }


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def new_page(request: HttpRequest) -> HttpResponse:
    return _edit(request, Channel(community=request.community, kind=Channel.Kind.FORUM), "新渠道")  # type: ignore[attr-defined,misc]


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    places = grants_of(request.user).communities_with(EDIT)
    return _edit(request, get_object_or_404(Channel, pk=pk, community_id__in=places), "修改渠道")


def _edit(request: HttpRequest, channel: Channel, title: str) -> HttpResponse:
    form = ChannelForm(request.POST or None, instance=channel)
    key, status, conflict, refusal = key_of(request), 200, None, ""
    seen = number_or_none(request.POST.get("version"))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                channels.save(form.instance, by=request.user, key=key, seen=seen)
            except Conflict as found:
                status, key, seen = found.status, uuid.uuid4().hex, None
                conflict = {"sentence": found.sentence, "entries": entries(found.entries, _labels())}
            except Refused as refused:
                status, refusal = refused.status, refused.sentence
            else:
                messages.success(request, "渠道已保存，到点会提醒负责人。", extra_tags=request.path)
                return redirect("relations:channels")
    context = {
        "title": title,
        "form": form,
        "key": key,
        "version": (seen_so_far(BOOK, channel.pk) if channel.pk else 0) if seen is None else seen,
        "submit_label": "保存",
        "leave_url": reverse("relations:channels"),
        "conflict": conflict,
        "refusal": refusal,
        "journal": journal_of(BOOK, channel.pk, _labels()) if channel.pk else [],
    }
    return render(request, "relations/channel.html", context, status=status)


def _labels() -> dict[str, str]:
    return {field.name: str(field.verbose_name) for field in Channel._meta.concrete_fields}
