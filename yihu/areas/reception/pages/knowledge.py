"""知识库: the list that clerks search, one answer, writing one, and the answers beside the form of a contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.reception import knowledge
from yihu.areas.reception.knowledge import BOOK, EDIT, READ
from yihu.areas.reception.models import Contact, Knowledge
from yihu.basics.identity import mask_free_text
from yihu.basics.text import clean, clean_line
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import not_ahead, tidy
from yihu.kernel.plain import journal_of
from yihu.kernel.plain_pages import labels_of, saving
from yihu.kernel.policy import policy

PAGE, BESIDE = 50, 5
STALE = timedelta(days=365)


class FindForm(forms.Form):
    q = forms.CharField(
        label="找答复",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "问题、电话、收费……"}),
    )
    topic = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *Knowledge.Topic.choices], widget=forms.RadioSelect
    )


class EntryForm(forms.ModelForm):
    """One question and its answer, in the words in which it is told to a caller."""

    class Meta:
        model = Knowledge
        fields = ["question", "answer", "topic", "checked_on", "shown"]
        widgets = {
            "topic": forms.RadioSelect,
            "answer": forms.Textarea(attrs={"rows": 5}),
            "checked_on": forms.DateInput(attrs={"type": "date"}),
        }
        help_texts = {
            "answer": "写成可以直接念给来访人听的话",
            "checked_on": "最后一次核对这条答复的日子",
            "shown": "停用后不再出现在查找里",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = Knowledge.Topic.choices

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def clean_question(self) -> str:
        return clean_line(self.cleaned_data["question"], 120)

    def clean_answer(self) -> str:
        return clean(self.cleaned_data["answer"], 2000)

    def clean_checked_on(self) -> Any:
        return not_ahead(self, "checked_on")


@require_GET
@policy(may=READ)
def list_page(request: HttpRequest) -> HttpResponse:
    may_edit = grants_of(request.user).may(EDIT, request.community.pk)
    off = request.GET.get("tab") == "off" and may_edit
    form = FindForm(request.GET)
    form.is_valid()
    text, topic = form.cleaned_data.get("q", "").strip(), form.cleaned_data.get("topic", "")
    rows = knowledge.find(text, [request.community.pk])
    if off:
        rows = Knowledge.objects.filter(community=request.community, shown=False, question__icontains=text).order_by(
            "pk"
        )
    if topic:
        rows = rows.filter(topic=topic)
    given = request.GET.get("from", "")
    start = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    found = list(rows[start : start + PAGE + 1])
    tab = "off" if off else ""
    more = urlencode({"tab": tab, "q": text, "topic": topic, "from": start + PAGE})
    context = {
        "title": "知识库",
        "screen": {"title": "知识库"},
        "filters": form,
        "tab": tab,
        "tabs": _tabs(off) if may_edit else [],
        "columns": [{"label": label} for label in ("问题", "答复", "类别", "核对日期")]
        + [{"label": "被问次数", "numeric": True}],
        "rows": [_row(entry) for entry in found[:PAGE]],
        "next_url": f"?{more}" if len(found) > PAGE else "",
        "total_text": f"本页 {len(found[:PAGE])} 条",
        "empty_text": "没有找到。换个说法再找；常被问到的，请客服主管写进来。"
        if text or topic
        else "知识库还是空的。把常被问到的收费、电话、办事手续和法规写进来，前台查一下就能答。",
        "may_edit": may_edit,
    }
    template = "kernel/_table.html" if request.htmx and not request.htmx.boosted else "reception/knowledge.html"
    return render(request, template, context)


@require_GET
@policy(may=READ)
def entry_page(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry_or_404(request, pk, READ)
    here = request.community.pk == entry.community_id
    context = {
        "title": entry.question,
        "entry": entry,
        "stale": _stale(entry),
        "may_edit": here and grants_of(request.user).may(EDIT, entry.community_id),
        "log_url": f"{reverse('kernel:new', args=['reception'])}?knowledge={entry.pk}" if here and entry.shown else "",
        "journal": journal_of(BOOK, pk, labels_of(entry)),
    }
    return render(request, "reception/entry.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def new_page(request: HttpRequest) -> HttpResponse:
    """A new entry; from a contact it takes over what was asked and what was answered."""
    entry = Knowledge(community=request.community)
    origin = _origin(request)
    initial: dict[str, Any] = {"checked_on": timezone.localdate()}
    if origin is not None:
        initial |= {
            "question": clean_line(mask_free_text(origin.content), 120, cut=True),
            "answer": mask_free_text(origin.result),
        }
    form = EntryForm(request.POST or None, instance=entry, initial=initial)

    def save(key: str, seen: int | None) -> None:
        knowledge.save(form.instance, by=request.user, key=key)

    def leave() -> str:
        if request.method == "POST" and entry.pk:
            return entry.get_absolute_url()
        return origin.get_absolute_url() if origin else reverse("reception:knowledge")

    done = "已写入知识库，前台马上能查到。"
    return saving(
        request, form, save, register=BOOK, row_id=entry.pk, labels=labels_of(entry), template="reception/form.html", title="写入知识库", done=done, leave_url=leave
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry_or_404(request, pk, EDIT)
    form = EntryForm(request.POST or None, instance=entry)

    def save(key: str, seen: int | None) -> None:
        knowledge.save(form.instance, by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=BOOK, row_id=entry.pk, labels=labels_of(entry), template="reception/form.html", title="修改知识库",
        done="已保存。", leave_url=entry.get_absolute_url,
    )  # fmt: skip


@require_GET
@policy(may=READ)
def beside(request: HttpRequest) -> HttpResponse:
    """Answers for the form of a contact: what fits the words, or what is asked most."""
    text = clean_line(request.GET.get("q", "")[:60], 60, cut=True)
    rows = list(knowledge.find(text, [request.community.pk])[:BESIDE])
    any_at_all = bool(rows) or Knowledge.objects.filter(community=request.community, shown=True).exists()
    return render(request, "reception/_answers.html", {"answers": rows, "text": text, "any_at_all": any_at_all})


def _entry_or_404(request: HttpRequest, pk: int, capability: str) -> Knowledge:
    places = grants_of(request.user).communities_with(capability)
    return get_object_or_404(Knowledge.objects.select_related("community"), pk=pk, community_id__in=places)


def _origin(request: HttpRequest) -> Contact | None:
    number = request.GET.get("from", "")[:40]
    return (
        Contact.objects.seen_by(request.user).filter(community=request.community, number=number).first()
        if number
        else None
    )


def _stale(entry: Knowledge) -> bool:
    return entry.checked_on < timezone.localdate() - STALE


def _row(entry: Knowledge) -> dict[str, Any]:
    due = {"kind": "badge", "text": f"{entry.checked_on} 该核对了", "css": "badge-due"}
    return {
        "url": entry.get_absolute_url(),
        "cells": [
            {"name": "question", "kind": "number", "text": entry.question},
            {"name": "summary", "kind": "text", "text": clean_line(entry.answer, 80, cut=True)},
            {"name": "topic", "kind": "text", "text": entry.get_topic_display()},
            {
                "name": "checked",
                **(
                    due
                    if _stale(entry)
                    else {"kind": "time", "text": str(entry.checked_on), "iso": str(entry.checked_on)}
                ),
            },
            {"name": "asked", "kind": "text", "text": f"{entry.asked} 次", "numeric": True},
        ],
    }


def _tabs(off: bool) -> list[dict[str, Any]]:
    return [
        {"label": "在用", "url": "?", "current": not off},
        {"label": "停用", "url": "?tab=off", "current": off},
    ]
