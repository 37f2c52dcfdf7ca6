"""接待指引: the list, and writing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.areas.reception import guides
from yihu.areas.reception.guides import BOOK, EDIT
from yihu.areas.reception.models import Category, Contact, Guide
from yihu.basics.text import clean, clean_line
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import tidy
from yihu.kernel.plain import journal_of, key_of, may_everywhere
from yihu.kernel.plain_pages import labels_of, saving
from yihu.kernel.policy import policy


class GuideForm(forms.ModelForm):
    """When it is shown, and what it says."""

    everywhere = forms.BooleanField(label="全公司都用", required=False)

    class Meta:
        model = Guide
        fields = ["when", "channel", "category", "lines", "position"]
        widgets = {"lines": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "when": "例如：电话里投诉、来访人说不清楚",
            "channel": "不选，就什么方式都显示",
            "category": "不选，就什么类别都显示",
            "lines": "一行一点，最多十来行",
            "position": "小的排在前面",
        }

    def __init__(self, *args: Any, company: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [("", "不限"), *Contact.Channel.choices]
        self.fields["category"].choices = [("", "不限"), *Category.choices]
        if not company or self.instance.pk:
            del self.fields["everywhere"]

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def clean_when(self) -> str:
        return clean_line(self.cleaned_data["when"], 40)

    def clean_lines(self) -> str:
        return clean(self.cleaned_data["lines"], 1000)


@require_GET
@policy(may="reception.open")
def list_page(request: HttpRequest) -> HttpResponse:
    may_edit, company = grants_of(request.user).may(EDIT, request.community.pk), may_everywhere(request.user, EDIT)
    rows = [
        {
            "guide": row,
            "lines": [line for line in row.lines.splitlines() if line.strip()],
            "shown": "、".join(part for part in (row.get_channel_display(), row.get_category_display()) if part)
            or "总是显示",
            "may_edit": may_edit and (company or row.community_id is not None),
        }
        for row in guides.in_force(request.community)
    ]
    return render(request, "reception/guides.html", {"title": "接待指引", "rows": rows, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def new_page(request: HttpRequest) -> HttpResponse:
    guide = Guide(community=request.community)
    form = GuideForm(request.POST or None, instance=guide, company=may_everywhere(request.user, EDIT))

    def save(key: str, seen: int | None) -> None:
        if form.cleaned_data.get("everywhere"):
            form.instance.community = None
        guides.save(form.instance, by=request.user, key=key)

    done = "接待指引已保存，登记接待时显示在旁边。"
    return saving(
        request, form, save, register=BOOK, row_id=guide.pk, labels=labels_of(guide), template="reception/form.html", title="新接待指引", done=done, leave_url=_list
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    guide = _guide_or_404(request, pk)
    form = GuideForm(request.POST or None, instance=guide, company=False)

    def save(key: str, seen: int | None) -> None:
        guides.save(form.instance, by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=BOOK, row_id=guide.pk, labels=labels_of(guide), template="reception/form.html", title="修改接待指引", done="接待指引已保存。",
        leave_url=_list, remove_url=reverse("reception:remove_guide", args=[pk]), journal=journal_of(BOOK, pk, labels_of(guide)),
    )  # fmt: skip


@require_POST
@policy(may=EDIT)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    guide = Guide.objects.filter(pk=pk).first()
    if guide is not None:
        guides.remove(_guide_or_404(request, pk), by=request.user, key=key_of(request))
    messages.success(request, "接待指引已删去。")
    return redirect(_list())


def _list() -> str:
    return reverse("reception:guides")


def _guide_or_404(request: HttpRequest, pk: int) -> Guide:
    guide = get_object_or_404(guides.in_force(request.community), pk=pk)
    if not guides.may_edit(request.user, guide):
        raise Http404
    return guide
