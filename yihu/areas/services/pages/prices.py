"""价目表: what is in force, what waits for approval, what was; one row, writing one, deciding on one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.services import prices
from yihu.areas.services.models import PriceRow, prices_in_force
from yihu.areas.services.prices import APPROVE, BOOK, DRAFT, SEE
from yihu.areas.services.printing import poster
from yihu.basics.money import yuan
from yihu.basics.text import clean_line
from yihu.kernel import exports
from yihu.kernel.authority import grants_of
from yihu.kernel.doors import command
from yihu.kernel.exports import Column
from yihu.kernel.forms import prepare, tidy
from yihu.kernel.money_forms import MoneyField
from yihu.kernel.plain import journal_of
from yihu.kernel.plain_pages import saving
from yihu.kernel.policy import policy
from yihu.kernel.screens.page import number_or_none

D = PriceRow.Decision
TABS = (("", "在用"), ("draft", "待批"), ("coming", "将生效"), ("past", "以前的"))
TONES = {"在用": "done", "将生效": "new", "待批": "check", "未批准": "void", "已失效": "void"}
COLUMNS = (
    Column("编号", "code", 10), Column("类别", "code", 12), Column("服务项目", "code"), Column("单位", "code", 10),
    Column("人工费（元）", "money"), Column("材料费", "code"), Column("生效日期", "date"), Column("截止日期", "date"),
    Column("状态", "code", 10), Column("起草人", "code", 10), Column("审批人", "code", 10), Column("公示日期", "date"),
)  # fmt: skip


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]
    """One price as it will stand on the wall."""

    price = MoneyField(label="人工费（元）")
    field_order = ("code", "name", "kind", "measure", "price", "material_rule", "valid_from", "why")

    class Meta:
        model = PriceRow
        fields = ["code", "name", "kind", "measure", "material_rule", "valid_from", "why"]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}), "kind": forms.RadioSelect}
        help_texts = {
            "code": "同一个项目改价时编号不变，例如 BJ-01",
            "measure": "例如：小时、次、件、平方米",
            "material_rule": "例如：材料另计、业主自备、含耗材",
            "valid_from": "从这一天起按这个价；要在公示之后",
            "why": "改价的原因，给审批人看",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            prepare(field, self.instance, None)
        if self.instance.price_fen is not None:
            self.fields["price"].initial = yuan(self.instance.price_fen)

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()  # type: ignore[misc]

    def clean_code(self) -> str:
        return clean_line(self.cleaned_data["code"], 12).upper()

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 40)

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError("生效日期不能早于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.price_fen = cleaned.get("price", 0)
        return cleaned


class ApproveForm(forms.Form):
    published_on = forms.DateField(
        label="公示日期",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="价目表贴出来的那一天，不晚于生效日期",
    )


class RefuseForm(forms.Form):
    why = forms.CharField(label="不批准的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class StopForm(forms.Form):
    last_day = forms.DateField(
        label="最后一天", widget=forms.DateInput(attrs={"type": "date"}), help_text="过了这一天不再提供这项服务"
    )


@require_GET
@policy(may=SEE)
def list_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    tab = next((name for name, _ in TABS if name == request.GET.get("tab", "")), "")
    rows = rows_of(request.community, tab, today).select_related("drafted_by", "decided_by")
    grants, place = grants_of(request.user), request.community.pk
    waiting = PriceRow.objects.filter(community=request.community, decision=D.DRAFT).count()
    context = {
        "title": "特约服务价目表",
        "screen": {"title": "特约服务价目表"},
        "tabs": [
            {
                "label": label,
                "url": f"?tab={name}",
                "current": name == tab,
                "count": waiting if name == "draft" else None,
            }
            for name, label in TABS
        ],
        "columns": [{"label": label} for label in ("编号", "状态", "服务项目", "类别", "单位")]
        + [{"label": "人工费（元）", "numeric": True}]
        + [{"label": label} for label in ("材料费", "生效日期", "截止日期")],
        "rows": [_row(row, today) for row in rows[:1000]],
        "total_text": f"{rows.count()} 项",
        "empty_text": "没有这样的价目。" if tab else "还没有在用的价目。起草一条，由另一位经理批准，公示以后生效。",
        "may_draft": grants.may(DRAFT, place),
        "may_export": grants.may("kernel.export", place),
        "today": today,
    }
    return render(request, "services/prices.html", context)


def rows_of(community: Any, tab: str, today: date) -> Any:
    rows = PriceRow.objects.filter(community=community).order_by("code", "-valid_from", "pk")
    if tab == "draft":
        return rows.filter(decision=D.DRAFT)
    if tab == "coming":
        return rows.filter(decision=D.APPROVED, valid_from__gt=today)
    if tab == "past":
        return rows.filter(Q(decision=D.REFUSED) | Q(decision=D.APPROVED, valid_to__lt=today))
    return prices_in_force(community.pk, today)


@require_GET
@policy(may=SEE)
def price_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row_or_404(request, pk)
    today, grants = timezone.localdate(), grants_of(request.user)
    draft, mine = row.decision == D.DRAFT, row.drafted_by_id == request.user.pk
    decides, drafts = grants.may(APPROVE, row.community_id), grants.may(DRAFT, row.community_id)
    others = (
        PriceRow.objects.filter(community=row.community_id, code=row.code)
        .exclude(pk=row.pk)
        .order_by("-valid_from", "-pk")
    )
    standing = row.standing(today)
    context = {
        "title": str(row),
        "row": row,
        "price": yuan(row.price_fen),
        "state": {"word": standing, "css": f"state-{TONES[standing]}"},
        "fields": _facts(row),
        "others": [{"row": one, "price": yuan(one.price_fen), "standing": one.standing(today)} for one in others[:50]],
        "may_approve": draft and decides and not mine,
        "waits_for_another": draft and mine,
        "may_edit": draft and drafts,
        "may_renew": not draft and drafts,
        "may_stop": row.decision == D.APPROVED and row.valid_to is None and decides,
        "journal": journal_of(BOOK, pk, _labels()),
    }
    return render(request, "services/price.html", context)


@require_http_methods(["GET", "POST"])
@policy(may=DRAFT)
def new_page(request: HttpRequest) -> HttpResponse:
    """A new row; with ``?from=`` the next price of a service that is on the list."""
    row = PriceRow(community=request.community)
    known = number_or_none(request.GET.get("from"))
    model = PriceRow.objects.filter(pk=known, community=request.community).first() if known else None
    initial = {}
    if model is not None:
        initial = {name: getattr(model, name) for name in ("code", "name", "kind", "measure", "material_rule")}
        initial["price"] = yuan(model.price_fen)
    form = PriceForm(request.POST or None, instance=row, initial=initial)
    return _asking(
        request, form, lambda key, seen: prices.save_draft(form.instance, by=request.user, key=key), row,
        title="改价" if model else "新价目", done="已起草，等另一位经理批准。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=DRAFT)
def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row_or_404(request, pk)
    if row.decision != D.DRAFT:
        return _decided(request, row)
    form = PriceForm(request.POST or None, instance=row)
    return _asking(
        request, form, lambda key, seen: prices.save_draft(form.instance, by=request.user, key=key, seen=seen), row,
        title="修改待批的价目", done="已保存，等另一位经理批准。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=APPROVE)
def approve_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row_or_404(request, pk)
    if row.decision != D.DRAFT:
        return _decided(request, row)
    form = ApproveForm(request.POST or None, initial={"published_on": min(timezone.localdate(), row.valid_from)})
    return _asking(
        request, form,
        lambda key, seen: prices.approve(row, form.cleaned_data["published_on"], by=request.user, key=key, seen=seen), row,
        title="批准价目", done="已批准。请打印价目表，贴在前台。", submit_label="批准", about=_facts(row),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=APPROVE)
def refuse_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row_or_404(request, pk)
    if row.decision != D.DRAFT:
        return _decided(request, row)
    form = RefuseForm(request.POST or None)
    return _asking(
        request, form, lambda key, seen: prices.refuse(row, form.cleaned_data["why"], by=request.user, key=key, seen=seen), row,
        title="不批准", done="已退回。", submit_label="不批准", about=_facts(row),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=APPROVE)
def stop_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row_or_404(request, pk)
    form = StopForm(request.POST or None, initial={"last_day": timezone.localdate()})
    return _asking(
        request, form, lambda key, seen: prices.stop(row, form.cleaned_data["last_day"], by=request.user, key=key, seen=seen), row,
        title="停用", done="已停用。", submit_label="停用", about=_facts(row),
    )  # fmt: skip


@require_GET
@policy(may=SEE)
def print_page(request: HttpRequest) -> HttpResponse:
    """The list for the wall, of today or of the day in the address."""
    day = _day(request.GET.get("day", ""))
    response = HttpResponse(
        poster(request.community, day, by=request.user, now=timezone.now()), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="price-list-{day}.pdf"'
    return response


@require_GET
@policy(may="kernel.export")
def export(request: HttpRequest) -> FileResponse:
    """Every row that was ever decided on, the one in force first within its code."""
    today = timezone.localdate()
    rows = PriceRow.objects.filter(community=request.community).order_by("code", "-valid_from", "pk")
    lines = (
        [
            row.code, row.get_kind_display(), row.name, row.measure, row.price_fen, row.material_rule, row.valid_from, row.valid_to,
            row.standing(today), str(row.drafted_by), str(row.decided_by or ""), row.published_on,
        ]
        for row in rows.select_related("drafted_by", "decided_by").iterator(chunk_size=500)
    )  # fmt: skip
    title = f"{request.community.name} 特约服务价目表"
    content = exports.write_xlsx(title, COLUMNS, lines, by=request.user, now=timezone.now())
    with command(by=request.user, verb="export") as writing:
        writing.note(
            writing.book("kernel.export", "service-prices"), f"{request.user} 导出特约服务价目表", step="export"
        )
    return FileResponse(content, as_attachment=True, filename=f"{title}.xlsx")


def _asking(
    request: HttpRequest, form: Any, save: Callable[[str, int | None], None], row: PriceRow, *, title: str, done: str,
    submit_label: str = "保存", about: list[dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    """One form over one row: shown, checked, saved; what others changed meanwhile is shown."""
    return saving(
        request, form, save, register=BOOK, row_id=row.pk, labels=_labels(), template="services/price_form.html", title=title, done=done,
        leave_url=lambda: row.get_absolute_url() if row.pk else reverse("services:prices"), submit_label=submit_label,
        subtitle=str(row) if row.pk else "", about=[{"title": "这一条", "fields": about}] if about else [],
    )  # fmt: skip


def _decided(request: HttpRequest, row: PriceRow) -> HttpResponse:
    context = {
        "sentence": f"这一条现在是“{row.get_decision_display()}”，不能再改；要换价格，请从它“改价”。",
        "back_url": row.get_absolute_url(),
    }
    return render(request, "kernel/refused.html", context, status=409)


def _row_or_404(request: HttpRequest, pk: int) -> PriceRow:
    rows = PriceRow.objects.select_related("drafted_by", "decided_by", "community")
    return get_object_or_404(rows, pk=pk, community=request.community)


def _row(row: PriceRow, today: date) -> dict[str, Any]:
    standing = row.standing(today)
    return {
        "url": row.get_absolute_url(),
        "cells": [
            {"name": "number", "kind": "number", "text": row.code},
            {"name": "state", "kind": "state", "text": standing, "css": f"state-{TONES[standing]}"},
            {"name": "summary", "kind": "text", "text": row.name},
            {"name": "kind", "kind": "text", "text": row.get_kind_display()},
            {"name": "measure", "kind": "text", "text": row.measure},
            {"name": "price", "kind": "text", "text": yuan(row.price_fen), "numeric": True},
            {"name": "material", "kind": "text", "text": row.material_rule},
            {"name": "from", "kind": "text", "text": str(row.valid_from)},
            {"name": "to", "kind": "text", "text": str(row.valid_to or "")},
        ],
    }


def _facts(row: PriceRow) -> list[dict[str, Any]]:
    pairs = (
        ("编号", row.code), ("服务项目", row.name), ("类别", row.get_kind_display()),
        ("人工费", f"{yuan(row.price_fen)} 元/{row.measure}"), ("材料费", row.material_rule), ("生效日期", row.valid_from),
        ("截止日期", row.valid_to or ""), ("公示日期", row.published_on or ""), ("起草人", row.drafted_by),
        ("审批人", row.decided_by or ""), ("说明", row.why),
    )  # fmt: skip
    return [{"label": label, "text": str(text)} for label, text in pairs if text != ""]


def _labels() -> dict[str, str]:
    return {field.name: str(field.verbose_name) for field in PriceRow._meta.concrete_fields}


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return day if day and date(2000, 1, 1) <= day <= date(2200, 1, 1) else timezone.localdate()
