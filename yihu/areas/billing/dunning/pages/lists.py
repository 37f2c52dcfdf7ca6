"""违约金约定 and LPR: what the contract says of late payment, and what a court would look at."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.billing.dunning import who
from yihu.areas.billing.dunning.models import LateFeeRule, LendingRate
from yihu.basics import lpr_cn
from yihu.basics.money import yuan
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.money_forms import MoneyField
from yihu.kernel.plain_pages import PlainRegister, RowForm


class LateFeeForm(RowForm):
    most_fen = MoneyField(label="封顶：每笔不超过（元）", required=False, help_text="合同没有写的留空")

    class Meta:
        model = LateFeeRule
        fields = [
            "from_on",
            "item",
            "daily_percent",
            "starts",
            "cap_percent",
            "most_fen",
            "rounding",
            "clause",
            "shown",
        ]
        widgets = {"from_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = FeeItem.objects.filter(
            community_id=self.instance.community_id, nature=FeeItem.Nature.INCOME, standing=FeeItem.Standing.PRINCIPAL
        )
        field: Any = self.fields["item"]
        field.queryset, field.empty_label = items.order_by("pk"), "全部物业收入类项目"
        if self.instance.most_fen and not self.is_bound:
            self.initial["most_fen"] = yuan(self.instance.most_fen)

    def clean_most_fen(self) -> int | None:
        return self.cleaned_data["most_fen"] or None

    def clean_daily_percent(self) -> Any:
        percent = self.cleaned_data["daily_percent"]
        if not 0 < percent <= 1:
            raise forms.ValidationError("请填 0 到 1 之间的数：万分之五是 0.05，千分之三是 0.3。")
        return percent


def _late_cells(row: LateFeeRule) -> list[str]:
    cap = f"本金的 {row.cap_percent.normalize():f}%" + (f"，每笔不超过 {yuan(row.most_fen)} 元" if row.most_fen else "")
    return [
        f"每日 {row.daily_percent.normalize():f}%，到期后第 {row.starts} 天起",
        cap,
        row.get_rounding_display(),
        row.clause,
    ]


LATE_FEES = PlainRegister(
    model=LateFeeRule, name="late-fees", title="违约金约定", form=LateFeeForm, read=who.SEE, edit=who.RULES, namespace="dunning",
    heads=("适用", "怎么计", "封顶", "取整", "合同条款"), cells=_late_cells, empty="合同没有约定的，不计违约金；约定了的在这里录入。",
    help="单利，不滚存；按每笔账单未缴的本金，争议期间暂不计，认定客户无理的照计。代收代付的水电气暖不计违约金。", word="约定", order=("-from_on", "pk"),
)  # fmt: skip


class RateForm(RowForm):
    class Meta:
        model = LendingRate
        fields = ["from_on", "percent", "shown"]
        widgets = {"from_on": forms.DateInput(attrs={"type": "date"})}


RATES = PlainRegister(
    model=LendingRate, name="lpr", title="一年期贷款市场报价利率", form=RateForm, read=who.SEE, edit=who.RULES, namespace="dunning",
    heads=("公布日期", "一年期（%）"), cells=lambda row: [f"{row.percent}"],
    empty=f"程序自带 {lpr_cn.PUBLISHED[0][0]:%Y-%m-%d} 至 {lpr_cn.PUBLISHED[-1][0]:%Y-%m-%d} 的公布值；以后变了的在这里加。",
    help="只用来估算法院可能支持的违约金，不影响合同金额。只录有变动的日期。", word="利率", order=("-from_on", "pk"),
)  # fmt: skip
