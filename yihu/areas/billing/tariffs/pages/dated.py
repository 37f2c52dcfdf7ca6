"""占用数量 and 开发商付费: lists of rows with dates, a new one, the end of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yihu.areas.billing.tariffs import dating, late_entry
from yihu.areas.billing.tariffs.change_forms import NOT_IN_THE_ROLL
from yihu.areas.billing.tariffs.late_entry import Entry
from yihu.areas.billing.tariffs.models import Developer, Holding, Tariff
from yihu.areas.billing.tariffs.models.prices import Kind
from yihu.areas.billing.tariffs.pages.prices import SEE, tabs
from yihu.basics.identity import mask_free_text
from yihu.basics.periods import ONE_DAY
from yihu.basics.pricing import plain
from yihu.ground.estate.models import Cluster
from yihu.ground.ledger.models import FeeItem
from yihu.ground.ledger.posting import TARIFF
from yihu.kernel.authority import grants_of
from yihu.kernel.forms import PickField
from yihu.kernel.plain import journal_of
from yihu.kernel.plain_pages import RowForm, labels_of, saving
from yihu.kernel.policy import policy

DRAFT, PAGE = "tariffs.draft", 100
DATES = dict.fromkeys(("from_on", "to_on"), forms.DateInput(attrs={"type": "date"}))


class DatedForm(RowForm):
    """A row that stands already is only ended."""

    picked: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, instance: Any, community: Any) -> None:
        super().__init__(data, instance=instance)
        if instance.pk is not None:
            self.fields = {"to_on": self.fields["to_on"]}
            return
        here = Tariff(community=community)
        for name in self.picked:
            self.fields[name].bind_to(here, None)  # type: ignore[attr-defined]
        self.initial.setdefault("from_on", timezone.localdate().replace(day=1))
        self.prepare(community)

    def prepare(self, community: Any) -> None:
        """A place to narrow choices."""

    def field_sections(self) -> list[dict[str, Any]]:
        return [{"legend": "", "fields": [self[name] for name in self.fields], "folded": False}]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on") or self.instance.from_on, cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", f"截止日期不能早于 {first:%Y-%m-%d}。")
        return cleaned


class HoldingForm(DatedForm):
    picked = ("unit",)
    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")

    class Meta:
        model = Holding
        fields = ["unit", "item", "what", "quantity", "from_on", "to_on"]
        widgets = DATES
        help_texts = {"what": "车位号、招牌位置等，账单上照写", "to_on": "没有约定截止日期的不填"}

    def prepare(self, community: Any) -> None:
        priced = Tariff.objects.filter(community=community, kind=Kind.QUANTITY, cancelled=False).values("item")
        self.fields["item"].queryset = FeeItem.objects.filter(pk__in=priced, shown=True).order_by("pk")  # type: ignore[attr-defined]
        self.fields["item"].help_text = "只列按“数量 × 单价”定了价格的项目"


class DeveloperForm(DatedForm):
    picked = ("party",)
    party = PickField("estate.Party", url="estate:pick_party", label="开发商", help_text=NOT_IN_THE_ROLL)

    class Meta:
        model = Developer
        fields = ["party", "cluster", "from_on", "to_on"]
        widgets = DATES
        help_texts = {"cluster": "不选就是整个项目", "to_on": "全部交付以后再填"}

    def prepare(self, community: Any) -> None:
        self.fields["cluster"].queryset = Cluster.objects.filter(community=community).order_by("pk")  # type: ignore[attr-defined]
        self.fields["cluster"].empty_label = "整个项目"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Another last day that concerns posted bills is refused: who pays instead is entered, or that it was handed over."""
        cleaned = super().clean()
        row = self.instance
        if row.pk is None or self.errors:
            return cleaned
        was, now = Developer.objects.get(pk=row.pk).to_on, cleaned.get("to_on")
        if now is not None and late_entry.billed_after(row, now):
            self.add_error(
                "to_on",
                f"{now:%Y-%m-%d} 以后已经出过账单给他。换了开发商的，直接登记新的开发商，这一条到前一天自动截止；"
                "已经交付的，请补登交房日期。",
            )
        elif was is not None and (now is None or now > was):
            more = Entry(row.community_id, row.cluster_id, row.party_id, was + ONE_DAY, now)
            if late_entry.touching(more):
                said = f"延长会影响已经出的账单，请另外登记一条，从 {more.from_on:%Y-%m-%d} 起，由财务主管批准。"
                self.add_error("to_on", said)
        return cleaned


@require_GET
@policy(may=SEE)
def holdings(request: HttpRequest) -> HttpResponse:
    rows = Holding.objects.filter(unit__community=request.community).select_related("unit", "item")
    found = Paginator(rows.order_by("item_id", "unit__sort_key", "what"), PAGE)
    cells = lambda row: (str(row.unit), row.item.name, row.what, plain(row.quantity))  # noqa: E731
    return _list(request, "占用数量", ("房屋", "项目", "名称编号", "数量"), found, cells, "holding", DRAFT, "登记一项")


@require_GET
@policy(may=SEE)
def developers(request: HttpRequest) -> HttpResponse:
    rows = Developer.objects.filter(community=request.community).select_related("party", "cluster")
    cells = lambda row: (str(row.cluster or "整个项目"), mask_free_text(row.party.name))  # noqa: E731
    found = Paginator(rows.order_by("pk"), PAGE)
    return _list(request, "开发商付费", ("范围", "开发商"), found, cells, "developer", TARIFF, "登记开发商")


def _list(
    request: HttpRequest, title: str, heads: Any, pages: Any, cells: Any, name: str, may: str, word: str
) -> HttpResponse:
    may_edit = grants_of(request.user).may(may, request.community.pk)  # type: ignore[attr-defined]
    here = pages.get_page(request.GET.get("page"))
    context = {
        "title": title,
        "screen": {"title": title},
        "tabs": tabs(title),
        "columns": [{"label": head} for head in (*heads, "自", "至")],
        "rows": [
            _row(one, cells(one), reverse(f"tariffs:edit_{name}", args=[one.pk]) if may_edit else "") for one in here
        ],
        "next_url": f"?page={here.next_page_number()}" if here.has_next() else None,
        "total_text": f"共 {pages.count} 条",
        "empty_text": "还没有登记。",
        "new_url": reverse(f"tariffs:new_{name}") if may_edit else "",
        "new_word": word,
    }
    return render(request, "tariffs/dated.html", context)


def _row(one: Any, cells: tuple[str, ...], url: str) -> dict[str, Any]:
    dates = (f"{one.from_on:%Y-%m-%d}", f"{one.to_on:%Y-%m-%d}" if one.to_on else "")
    names = ["number", "summary"] + [f"c{place}" for place in range(len(cells))]
    return {
        "url": url,
        "cells": [
            {"name": name, "kind": "number" if name == "number" else "text", "text": text}
            for name, text in zip(names, (*cells, *dates), strict=False)
        ],
    }  # fmt: skip


def _one(request: HttpRequest, row: Any, form_class: type[DatedForm], may: str, back: str, title: str) -> HttpResponse:
    form = form_class(request.POST or None, instance=row, community=request.community)  # type: ignore[attr-defined]
    register = row._meta.label_lower

    def save(key: str, seen: int | None) -> None:
        dating.keep(form.instance, may=may, by=request.user, key=key, seen=seen)

    return saving(
        request, form, save, register=register, row_id=row.pk, labels=labels_of(row), template="kernel/step.html", title=title, done="已保存。",
        leave_url=lambda: reverse(back), journal=journal_of(register, row.pk) if row.pk else [],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@policy(may=DRAFT)
def new_holding(request: HttpRequest) -> HttpResponse:
    return _one(request, Holding(), HoldingForm, DRAFT, "tariffs:holdings", "登记占用数量")


@require_http_methods(["GET", "POST"])
@policy(may=DRAFT)
def edit_holding(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Holding.objects.select_related("unit", "item")
    row = get_object_or_404(rows, pk=pk, unit__community=request.community)
    return _one(request, row, HoldingForm, DRAFT, "tariffs:holdings", f"到哪一天为止：{row.unit} {row}")


@require_http_methods(["GET", "POST"])
@policy(may=TARIFF)
def new_developer(request: HttpRequest) -> HttpResponse:
    """What is entered late and concerns posted bills is another hand's to agree to: nothing changes of itself."""
    row = Developer(community=request.community)
    if request.method == "POST" and (url := _late(request)):
        return redirect(url)
    return _one(request, row, DeveloperForm, TARIFF, "tariffs:developers", "登记开发商")


def _late(request: HttpRequest) -> str:
    """The address of the correction that the entry needs, or ""."""
    community = request.community  # type: ignore[attr-defined]
    form = DeveloperForm(request.POST, instance=Developer(community=community), community=community)
    if not form.is_valid():
        return ""
    told = form.cleaned_data
    cluster, last = told["cluster"], told["to_on"]
    entry = Entry(community.pk, cluster.pk if cluster else None, told["party"].pk, told["from_on"], last)
    found = late_entry.touching(entry)
    if not found:
        return ""
    url = reverse("kernel:new", args=["payer-changes"])
    messages.warning(request, f"还没有登记：{found.words}。请写明原因，由财务主管批准。", extra_tags=request.path)
    asked = {"party": entry.party, "cluster": entry.cluster or "", "from_on": entry.from_on, "to_on": last or ""}
    return f"{url}?{urlencode(asked)}"


@require_http_methods(["GET", "POST"])
@policy(may=TARIFF)
def edit_developer(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Developer.objects.select_related("party", "cluster"), pk=pk, community=request.community)
    return _one(request, row, DeveloperForm, TARIFF, "tariffs:developers", f"到哪一天为止：{row}")
