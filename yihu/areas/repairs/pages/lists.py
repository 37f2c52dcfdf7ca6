"""The lists that the head keeps: who does what, standard faults, outside firms; and the faults found by typing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yihu.areas.repairs import crew, keeping
from yihu.areas.repairs.keeping import EDIT, FAULTS, FIRMS, SKILLS, skills_id
from yihu.areas.repairs.models import Firm, Skill, StandardFault, WorkOrder
from yihu.basics.text import clean, clean_line
from yihu.kernel.authority import authority, grants_of
from yihu.kernel.forms import tidy
from yihu.kernel.plain import journal_of, may_everywhere
from yihu.kernel.plain_pages import labels_of, saving
from yihu.kernel.policy import policy

FOUND = 8
FORM = "repairs/keep.html"
SAID = {"trades": "工种"}
READ = "repairs.open"


class TidyForm(forms.ModelForm):
    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 60)


class SkillsForm(forms.Form):
    trades = forms.MultipleChoiceField(
        label="会做的工种",
        choices=WorkOrder.Trade.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一项也不勾，表示各工种都可以派",
    )


class FaultForm(TidyForm):
    """One fault as callers name it, and what follows from it."""

    everywhere = forms.BooleanField(label="全公司都用", required=False)

    class Meta:
        model = StandardFault
        fields = ["name", "trade", "level", "minutes", "chargeable", "guidance", "shown"]
        widgets = {
            "trade": forms.RadioSelect,
            "level": forms.RadioSelect,
            "chargeable": forms.RadioSelect,
            "guidance": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "name": "像业主那样说，例如：水龙头漏水",
            "guidance": "接报时对业主说的话、要问清的事",
            "shown": "停用后不再出现在查找里",
        }

    def __init__(self, *args: Any, company: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("trade", WorkOrder.Trade),
            ("level", WorkOrder.Level),
            ("chargeable", WorkOrder.Chargeable),
        ):
            self.fields[name].choices = choices.choices
        if not company or self.instance.pk:
            del self.fields["everywhere"]

    def clean_guidance(self) -> str:
        return clean(self.cleaned_data["guidance"], 300)


class FirmForm(TidyForm):
    """An outside firm: what it does, whom to ring."""

    trades = forms.MultipleChoiceField(
        label="能做的工种", choices=WorkOrder.Trade.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Firm
        fields = ["name", "trades", "contact", "phone", "remark", "shown"]
        help_texts = {"shown": "停用后外委时不再出现"}


@require_GET
@policy(may=EDIT)
def skills(request: HttpRequest) -> HttpResponse:
    """Who goes out, what he does, what he has in hand, how often he gave back or passed on this month."""
    now = timezone.now()
    since = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counts = crew.counts_of(request.community.pk, since)
    rows = [
        {
            "url": reverse("repairs:edit_skills", args=[one.person.pk]),
            "cells": [
                {"name": "number", "kind": "number", "text": str(one.person)},
                {"name": "summary", "kind": "text", "text": _does(one)},
                {"name": "in_hand", "kind": "text", "text": f"{one.in_hand} 张", "numeric": True},
                {"name": "rejects", "kind": "text", "text": f"{counts.get(one.person.pk, {}).get('rejects', 0)} 次", "numeric": True},
                {"name": "passes", "kind": "text", "text": f"{counts.get(one.person.pk, {}).get('passes', 0)} 次", "numeric": True},
            ],
        }
        for one in crew.crew_of(request.community.pk, now)
    ]  # fmt: skip
    columns = [{"label": "人员"}, {"label": "会做的工种"}]
    columns += [{"label": label, "numeric": True} for label in ("在手", "本月退单", "本月转单")]
    context = {
        "title": "工种技能",
        "words": "抢单、轮派按这里的工种找人；派工时本工种的排在前面。",
        "columns": columns,
        "rows": rows,
        "total_text": f"当班 {len(rows)} 人",
        "empty_text": "今天没有能接单的人。请先在“人员”里安排维修工任职。",
    }
    return render(request, "repairs/keeping.html", context)


def _does(hand: crew.Hand) -> str:
    if hand.trades:
        return keeping.trades_text(trade for trade in WorkOrder.Trade.values if trade in hand.trades)
    return "只手工派" if hand.heads else "各工种（未登记）"


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit_skills(request: HttpRequest, pk: int) -> HttpResponse:
    person = authority().people_with(request.community.pk, crew.WORK).filter(pk=pk).first()
    if person is None:
        raise Http404
    row_id = skills_id(request.community, person)
    held = list(Skill.objects.filter(community=request.community, person=person).values_list("trade", flat=True))
    form = SkillsForm(request.POST or None, initial={"trades": held})
    if request.method == "POST":
        form = SkillsForm(request.POST)

    def save(key: str, seen: int | None) -> None:
        keeping.set_skills(request.community, person, form.cleaned_data["trades"], by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=SKILLS, row_id=row_id, title=f"{person}的工种", done="工种已保存，马上按新的派。",
        template=FORM, leave_url=lambda: reverse("repairs:skills"), labels=SAID, journal=journal_of(SKILLS, row_id, SAID),
    )  # fmt: skip


@require_GET
@policy(may=READ)
def faults(request: HttpRequest) -> HttpResponse:
    off = request.GET.get("tab") == "off"
    may_edit = grants_of(request.user).may(EDIT, request.community.pk)
    found = list(_faults(request.community).filter(shown=not off).order_by("trade", "name", "pk"))
    heads = ("故障", "接报提示", "工种", "级别", "收费")
    context = {
        "title": "常见故障",
        "words": "开维修单时打几个字或拼音首字母就能选，工种、级别、收费自动填好。",
        "columns": [{"label": label} for label in heads] + [{"label": "预计用时", "numeric": True}],
        "rows": [_fault_row(row) for row in found],
        "total_text": f"共 {len(found)} 条",
        "empty_text": "没有停用的。" if off else "还没有常见故障。把最常报修的写进来，开单时一选就好。",
        "tabs": [
            {"label": "在用", "url": "?", "current": not off},
            {"label": "停用", "url": "?tab=off", "current": off},
        ],
        "new_url": reverse("repairs:new_fault") if may_edit else "",
    }
    return render(request, "repairs/keeping.html", context)


def _faults(community: Any) -> Any:
    return StandardFault.objects.filter(Q(community=community) | Q(community__isnull=True))


def _fault_row(row: StandardFault) -> dict[str, Any]:
    return {
        "url": reverse("repairs:edit_fault", args=[row.pk]),
        "cells": [
            {"name": "number", "kind": "number", "text": row.name},
            {"name": "summary", "kind": "text", "text": clean_line(row.guidance, 80, cut=True)},
            {"name": "trade", "kind": "text", "text": row.get_trade_display()},
            {"name": "level", "kind": "text", "text": row.get_level_display()},
            {"name": "chargeable", "kind": "text", "text": row.get_chargeable_display()},
            {"name": "minutes", "kind": "text", "text": f"{row.minutes} 分钟", "numeric": True},
        ],
    }


@require_GET
@policy(may=READ)
def pick_fault(request: HttpRequest) -> JsonResponse:
    """By a word or by initials; with what the choice fills in and what to say."""
    text = clean_line(request.GET.get("q", "")[:40], 40, cut=True).lower()
    rows = _faults(request.community).filter(shown=True)
    for piece in text.split():
        rows = rows.filter(Q(name__icontains=piece) | Q(words__icontains=piece))
    found = list(rows.order_by("name", "pk")[:60]) if text else []
    found.sort(key=lambda row: not (row.name.startswith(text) or f" {row.words}".find(f" {text}") >= 0))
    return JsonResponse({"results": [_found(row) for row in found[:FOUND]]})


def _found(row: StandardFault) -> dict[str, Any]:
    sub = f"{row.get_trade_display()} · {row.get_level_display()} · 约 {row.minutes} 分钟"
    fills = {"trade": row.trade, "level": row.level, "chargeable": row.chargeable, "symptom": row.name}
    return {"value": row.pk, "text": row.name, "sub": sub, "fills": fills, "note": row.guidance}


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def new_fault(request: HttpRequest) -> HttpResponse:
    fault = StandardFault(community=request.community)
    form = FaultForm(request.POST or None, instance=fault, company=may_everywhere(request.user, EDIT))

    def save(key: str, seen: int | None) -> None:
        if form.cleaned_data.get("everywhere"):
            form.instance.community = None
        keeping.save_fault(form.instance, by=request.user, key=key)

    return saving(
        request, form, save, register=FAULTS, row_id=None, title="新常见故障", done="常见故障已保存，开单时能选到。",
        template=FORM, leave_url=lambda: reverse("repairs:faults"), labels=labels_of(fault),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit_fault(request: HttpRequest, pk: int) -> HttpResponse:
    fault = get_object_or_404(_faults(request.community), pk=pk)
    form = FaultForm(request.POST or None, instance=fault, company=False)

    def save(key: str, seen: int | None) -> None:
        keeping.save_fault(form.instance, by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=FAULTS, row_id=pk, title="修改常见故障", done="常见故障已保存。",
        template=FORM, leave_url=lambda: reverse("repairs:faults"), labels=labels_of(fault), journal=journal_of(FAULTS, pk, labels_of(fault)),
    )  # fmt: skip


@require_GET
@policy(may=EDIT)
def firms(request: HttpRequest) -> HttpResponse:
    found = list(Firm.objects.filter(community=request.community).order_by("-shown", "name"))
    context = {
        "title": "外委单位",
        "words": "自己做不了的派给谁。电话平时只显示一部分。",
        "columns": [{"label": label} for label in ("单位", "状态", "能做的工种", "联系人", "电话")],
        "rows": [_firm_row(row) for row in found],
        "total_text": f"共 {len(found)} 家",
        "empty_text": "还没有外委单位。写上单位、能做的工种和联系人，派工时就能选。",
        "new_url": reverse("repairs:new_firm"),
    }
    return render(request, "repairs/keeping.html", context)


def _firm_row(row: Firm) -> dict[str, Any]:
    state = ("在用", "state-done") if row.shown else ("停用", "state-void")
    return {
        "url": reverse("repairs:edit_firm", args=[row.pk]),
        "cells": [
            {"name": "number", "kind": "number", "text": row.name},
            {"name": "state", "kind": "state", "text": state[0], "css": state[1]},
            {"name": "summary", "kind": "text", "text": row.trades_text},
            {"name": "contact", "kind": "text", "text": row.contact},
            {"name": "phone", "kind": "text", "text": str(row.phone)},
        ],
    }


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def new_firm(request: HttpRequest) -> HttpResponse:
    return _firm(request, Firm(community=request.community))


@require_http_methods(["GET", "POST"])
@policy(may=EDIT)
def edit_firm(request: HttpRequest, pk: int) -> HttpResponse:
    return _firm(request, get_object_or_404(Firm, pk=pk, community=request.community))


def _firm(request: HttpRequest, firm: Firm) -> HttpResponse:
    form = FirmForm(request.POST or None, instance=firm)
    reveal_url = reverse("repairs:reveal_firm", args=[firm.pk]) if firm.pk else ""

    def save(key: str, seen: int | None) -> None:
        keeping.save_firm(form.instance, by=request.user, key=key, seen=seen if firm.pk else None)

    return saving(
        request, form, save, register=FIRMS, row_id=firm.pk, title=firm.name or "新外委单位", done="外委单位已保存。",
        template=FORM, leave_url=lambda: reverse("repairs:firms"), labels=labels_of(firm), reveal_url=reveal_url,
        journal=journal_of(FIRMS, firm.pk, labels_of(firm)) if firm.pk else [], phone=str(firm.phone),
    )  # fmt: skip


@require_POST
@policy(may=EDIT)
def reveal_firm(request: HttpRequest, pk: int) -> HttpResponse:
    """The firm's number in full; who looked is written down."""
    firm = get_object_or_404(Firm, pk=pk, community=request.community)
    value = firm.phone.reveal(by=request.user, reason="联系外委单位")
    return render(request, "kernel/_revealed.html", {"value": value, "telephone": True})
