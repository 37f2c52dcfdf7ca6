"""The four lists that the desk keeps, declared; their pages are the kernel's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.counter import numbers
from yihu.areas.counter.models import CheckItem, LendItem, Loan, ServiceNumber, StockItem
from yihu.kernel.plain_pages import PlainRegister, RowForm

ORDER_HELP = "小的排在前面"
OFF_HELP = "不再用的取消勾选，不要改成别的东西"


def _form(
    table: Any, names: str, helps: dict[str, str] | None = None, widgets: dict[str, Any] | None = None
) -> type[RowForm]:
    fields, help_texts = (
        [*names.split(), "position", "shown"],
        {"position": ORDER_HELP, "shown": OFF_HELP, **(helps or {})},
    )
    meta = type("Meta", (), {"model": table, "fields": fields, "help_texts": help_texts, "widgets": widgets or {}})
    return type(f"{table.__name__}Form", (RowForm,), {"Meta": meta})


CHECK_ITEMS = PlainRegister(
    model=CheckItem, name="check-items", title="前台检查项目", form=_form(CheckItem, "name"), read="counter.see", edit="counter.lists",
    namespace="counter", heads=("检查项目",), cells=lambda row: (), word="一项",
    help="每天早上的前台检查表按这里的项目开出；一项都没有，就不开。",
    empty="还没有检查项目。加上第一项以后，第二天早上开始有检查表。",
    starters=tuple({"name": name} for name in (
        "台面只放正在用的资料", "票据、单据归夹", "对讲机在位、电量足", "用过的物品放回原处", "台内只有当班人员", "地面、台面清洁",
    )),
)  # fmt: skip

STOCK_ITEMS = PlainRegister(
    model=StockItem, name="stock-items", title="前台物品清单",
    form=_form(StockItem, "name kind quantity place", widgets={"kind": forms.RadioSelect}), read="counter.see", edit="counter.lists",
    namespace="counter", heads=("物品", "类别", "应有", "存放处"),
    cells=lambda row: (row.get_kind_display(), str(row.quantity), row.place), word="一样",
    help="每班按这里逐样清点；一样都没有，就不开清点表。", empty="还没有物品。加上前台的设备和资料，当班就能清点。",
    starters=tuple({"name": name, "kind": kind, "quantity": quantity} for name, kind, quantity in (
        ("电脑", "equipment", 1), ("打印机", "equipment", 1), ("固定电话", "equipment", 1), ("对讲机", "equipment", 2),
        ("手电筒", "equipment", 1), ("值班登记夹", "document", 1), ("应急预案", "document", 1),
    )),
)  # fmt: skip


def _borrowed(row: LendItem) -> dict[str, Any]:
    out = Loan.objects.filter(item=row, is_out=True).first()
    return {"kind": "badge", "text": f"借给 {out.borrower}" if out else "", "css": "badge-due"}


LEND_ITEMS = PlainRegister(
    model=LendItem, name="lend-items", title="可借物品", form=_form(LendItem, "code name remark", {"code": "贴在物品上的编号，例如 伞-01"}),
    read="counter.see", edit="counter.lists", namespace="counter", heads=("物品", "说明", "现在"),
    cells=lambda row: (row.remark, _borrowed(row)), word="一件", order=("name", "code"),
    help="一件一行，各有各的编号；借出去的没还之前不能再借。", empty="还没有可借的物品。工具箱、雨伞、手推车，一件写一行。",
    starters=tuple({"code": code, "name": name} for code, name in (
        ("工具-01", "工具箱"), ("伞-01", "雨伞"), ("伞-02", "雨伞"), ("伞-03", "雨伞"), ("车-01", "手推车"),
    )),
)  # fmt: skip


class NumberForm(RowForm):
    class Meta:
        model = ServiceNumber
        fields = [*numbers.SAID]
        widgets = {"group": forms.RadioSelect, "valid_from": forms.DateInput(attrs={"type": "date"})}
        help_texts = {
            "text": "电话写号码，收费写多少钱怎么算",
            "source": "哪里来的：合同、价目批复、官方公布",
            "position": ORDER_HELP,
            "shown": "不再公布的取消勾选，审定后撤下",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = ServiceNumber.Group.choices
        self.fields["valid_from"].initial = timezone.localdate()


def _standing(row: ServiceNumber) -> dict[str, Any]:
    if row.waiting:
        return {"kind": "badge", "css": "badge-due", "text": "改动待审定" if row.published else "待审定"}
    return {"kind": "text", "text": f"{row.approved_by} 审定"}


NUMBERS = PlainRegister(
    model=ServiceNumber, name="numbers", title="服务电话与收费清单", form=NumberForm, read="counter.numbers", edit="counter.numbers",
    namespace="counter", heads=("名称", "号码或收费", "分组", "服务时间", "起用", "审定"), order=("group", "position", "pk"),
    cells=lambda row: (row.text, row.get_group_display(), row.hours, str(row.valid_from), _standing(row)), word="一条",
    help="公示牌、业主卡片和查找都从这里取；新写的、改过的，审定以后才公布。", empty="还没有内容。把常有人问的电话和收费写进来，审定后就能公示。",
    saved=numbers.drafted,
)  # fmt: skip

REGISTERS = (CHECK_ITEMS, STOCK_ITEMS, LEND_ITEMS, NUMBERS)
