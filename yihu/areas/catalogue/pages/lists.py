"""The lists that the archive keeps: boxes, times of keeping, ledgers to be filed, titles of ancillary facilities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from yihu.areas.catalogue.default_tree import RULES
from yihu.areas.catalogue.models import AncillaryTitle, Box, DestructionLine, Item, Ledger, Rule, Section
from yihu.areas.catalogue.pages.tree import sheet
from yihu.areas.catalogue.printing import BOX_PAPER
from yihu.areas.catalogue.words import KEEP, SEE, SEE_TITLES, TITLES
from yihu.kernel.errors import Refused
from yihu.kernel.plain_pages import PlainRegister, RowForm
from yihu.kernel.policy import policy

ORDER_HELP, OFF_HELP = "小的排在前面", "不再用的取消勾选，不要改成别的东西"


def _form(table: Any, names: str, helps: dict[str, str] | None = None, base: type[RowForm] = RowForm) -> type[RowForm]:
    widgets = {"since": forms.DateInput(attrs={"type": "date"})} if "since" in names else {}
    help_texts = {"position": ORDER_HELP, "shown": OFF_HELP, **(helps or {})}
    fields = [*names.split(), "position", "shown"]
    meta = type("Meta", (), {"model": table, "fields": fields, "help_texts": help_texts, "widgets": widgets})
    return type(f"{table.__name__}Form", (base,), {"Meta": meta})


class _LedgerForm(RowForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        community, fields = self.instance.community_id, self.fields
        fields["section"].queryset = Section.objects.filter(community_id=community, shown=True).order_by(
            "level", "position", "pk"
        )  # type: ignore[attr-defined]
        fields["rule"].queryset = Rule.objects.filter(community_id=community, shown=True).order_by("position")  # type: ignore[attr-defined]


def _reckon_anew(rule: Rule, by: Any) -> None:
    """Another number of years holds for what is kept by this rule already; what waits on a list stands in the way."""
    if not rule.pk or Rule.objects.get(pk=rule.pk).years == rule.years:
        return
    if DestructionLine.objects.filter(item__rule=rule, waits=True).exists():
        raise Refused("有按这个期限列入销毁清单的档案，现在不能改年数；请先办完或不批准那张清单。")
    kept = list(Item.objects.filter(rule=rule, status=Item.Status.KEPT))
    for item in kept:
        item.expires_on = rule.ends(item.since)
    Item.objects.bulk_update(kept, ["expires_on"], batch_size=500)


BOXES = PlainRegister(
    model=Box, name="boxes", title="档案盒", form=_form(Box, "number title cabinet", {"number": "贴在盒脊上的号"}), read=SEE, edit=KEEP,
    namespace="catalogue", heads=("盒", "盒名", "档案柜"), word="一盒", order=("position", "number"),
    cells=lambda row: (row.title, row.cabinet),
    template="catalogue/boxes.html", more=lambda request: {"labels_url": reverse("catalogue:paper", args=["labels"]), "boxes": _boxes(request)},
    help="一盒一行；条目里选盒，盒内目录和标签从这里打印。", empty="还没有档案盒。给架上的每一盒写一行，条目里就能选。",
)  # fmt: skip

RULE_LIST = PlainRegister(
    model=Rule, name="rules", title="保管期限", form=_form(Rule, "name years what", {"years": "空着就是长期、永久，不会到期"}), read=SEE, edit=KEEP,
    namespace="catalogue", heads=("期限", "年数", "适用"), cells=lambda row: (str(row.years or "—"), row.what), word="一种", saved=_reckon_anew,
    help="改了年数，按它保管的条目重算到期日。", empty="还没有保管期限。",
    starters=tuple({"name": name, "years": years, "what": what} for name, years, what in RULES),
)  # fmt: skip

LEDGERS = PlainRegister(
    model=Ledger, name="ledgers", title="归档台账",
    form=_form(Ledger, "name place section rule", {"section": "选了，归档后自动记入总目录", "rule": "空着用那一节的默认期限"}, _LedgerForm),
    read=SEE, edit=KEEP, namespace="catalogue", heads=("台账", "归入何处", "记入目录"), word="一本",
    cells=lambda row: (row.place, str(row.section or "")),
    help="每月 21 日按这里开出归档单，逐本写明打印了几页、归在哪里；一本都没有就不开。", empty="还没有要归档的台账。加上第一本，系统开出上个月的归档单。",
    starters=tuple({"name": name, "place": "客服资料柜"} for name in (
        "业主接待记录表", "维修台账", "派工单存根（维修单、服务单）", "客户沟通登记表", "客户回访记录表", "业主投诉台账", "钥匙借用登记表",
        "每日值班汇总",
    )),
)  # fmt: skip

ANCILLARY = PlainRegister(
    model=AncillaryTitle, name="ancillary", title="附属设施权属清册", read=SEE_TITLES, edit=TITLES, namespace="catalogue",
    form=_form(AncillaryTitle, "name place title_no holder area since remark"), heads=("设施", "坐落", "权证号", "权利人", "面积", "登记"),
    cells=lambda row: (row.place, row.title_no, row.holder, f"{row.area} ㎡" if row.area else "", str(row.since or "")), word="一项",
    more=lambda request: {"list_links": [
        {"label": "打印清册", "url": reverse("catalogue:paper", args=["ancillary"]), "paper": True},
        {"label": "房屋权属清册", "url": reverse("catalogue:titles")},
    ]},
    help="水泵房、物业用房、自行车棚等附属设施，一处一行。", empty="还没有附属设施。",
)  # fmt: skip

REGISTERS = (BOXES, RULE_LIST, LEDGERS, ANCILLARY)


def _boxes(request: HttpRequest) -> list[dict[str, str]]:
    rows = Box.objects.filter(community=request.community, shown=True).order_by("position", "number")
    return [{"label": str(box), "url": reverse("catalogue:box", args=[box.pk])} for box in rows]


@require_GET
@policy(may=SEE)
def box(request: HttpRequest, pk: int) -> HttpResponse:
    """The contents of one box, to be laid into it."""
    found = get_object_or_404(Box.objects.select_related("community"), pk=pk, community=request.community)
    return sheet(request, BOX_PAPER, found, f"盒 {found.number}")
