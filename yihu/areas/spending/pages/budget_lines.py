"""预算科目: by which lines a community plans."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.spending.models import BudgetLine
from yihu.ground.ledger.models import Account, FeeItem
from yihu.kernel.plain_pages import PlainRegister, RowForm

COST, COMMON = BudgetLine.Kind.COST, BudgetLine.Source.COMMON
FEES = str(Account.FEE.label)


class LineForm(RowForm):
    class Meta:
        model = BudgetLine
        fields = ["code", "name", "kind", "item", "source", "audited", "fees", "shown"]
        widgets = {"kind": forms.RadioSelect, "source": forms.RadioSelect}
        help_texts = {
            "item": "收入科目选收费项目，按它的出账计；支出科目不选",
            "source": "从公共收益里开支的（业主大会决定过的）选“公共收益”",
            "audited": "维修、改造这一类勾上：付款前先由成本审核员审定金额",
            "fees": "只有一个科目勾：实际按账上的手续费计，不用申请、报销",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = FeeItem.objects.filter(community_id=self.instance.community_id).exclude(nature=FeeItem.Nature.DEPOSIT)
        self.fields["item"].queryset = items.order_by("pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == BudgetLine.Kind.INCOME:
            if not cleaned.get("item"):
                self.add_error("item", "收入科目要选收费项目。")
            cleaned["audited"] = cleaned["fees"] = False
        else:
            cleaned["item"] = None
        held = BudgetLine.objects.filter(pk=self.instance.pk).first()
        if held is not None and held.used:
            for name, word in (("kind", "收支"), ("source", "列支")):
                if cleaned.get(name) and cleaned[name] != getattr(held, name):
                    self.add_error(name, f"这个科目已经记过账，{word}不能再改；请停用它，另建一个。")
        if held is not None and held.fees != cleaned["fees"]:
            self.add_error("fees", "怎么计建好以后不能改；请停用这个科目，另建一个。")
        elif cleaned["fees"]:
            self._of_fees(cleaned)
        return cleaned

    def _of_fees(self, cleaned: dict[str, Any]) -> None:
        """手续费 is the office's, is never claimed, and stands on one line."""
        cleaned["audited"] = False
        others = BudgetLine.objects.filter(community_id=self.instance.community_id, fees=True)
        if (other := others.exclude(pk=self.instance.pk).first()) is not None:
            self.add_error("fees", f"手续费已经记在科目“{other}”上，只能有一个。")
        if cleaned.get("source") == COMMON:
            self.add_error("fees", "手续费由管理处列支；从公共收益开支的要申请、报销。")


def _first(*rows: tuple[str, str, bool, str]) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"code": code, "name": name, "kind": COST, "audited": audited, "source": source, "fees": name == FEES}
        for code, name, audited, source in rows
    )


OFFICE = BudgetLine.Source.OFFICE
BUDGET_LINES = PlainRegister(
    model=BudgetLine, name="budget-lines", title="预算科目", form=LineForm, read="spending.see", edit="spending.lines",
    namespace="spending", heads=("科目", "编码", "收支", "列支", "收费项目", "怎么计"), word="一个科目",
    order=("-kind", "source", "code"),
    cells=lambda row: (
        row.code, row.get_kind_display(), row.get_source_display(), str(row.item or ""),
        "付款前审核" if row.audited else "按账上的手续费计" if row.fees else "",
    ),
    help="预算、支出申请和收支表都按这些科目。", empty="还没有科目。可以先放入常用的支出科目，再按收费项目加收入科目。",
    starters=_first(
        ("Z01", "人工", False, OFFICE), ("Z02", "水电能耗", False, OFFICE), ("Z03", "维修材料", True, OFFICE),
        ("Z04", "设备保养", True, OFFICE), ("Z05", "保洁绿化", False, OFFICE), ("Z06", "秩序维护", False, OFFICE),
        ("Z07", "办公", False, OFFICE), ("Z08", "社区活动", False, OFFICE), ("Z09", "税费", False, OFFICE),
        ("Z10", FEES, False, OFFICE),
        ("G01", "公共设施更新", True, COMMON), ("G02", "业主大会与委员会", False, COMMON),
    ),
)  # fmt: skip
