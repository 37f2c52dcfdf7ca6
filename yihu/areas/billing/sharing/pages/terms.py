"""合同约定: whether the contract lets shares be billed at all."""

from __future__ import annotations

from django import forms

from yihu.areas.billing.sharing.models import Term
from yihu.kernel.plain_pages import PlainRegister, RowForm


class TermForm(RowForm):
    class Meta:
        model = Term
        fields = ["from_on", "basis", "energy", "clause", "shown"]
        widgets = {
            "from_on": forms.DateInput(attrs={"type": "date"}),
            "basis": forms.RadioSelect,
            "energy": forms.RadioSelect,
        }
        help_texts = {
            "energy": "已含在物业费里的，任何公摊账单都出不了",
            "clause": "物业服务合同的条款，例如“合同第十二条第二款”",
        }


TERMS = PlainRegister(
    model=Term, name="terms", title="公共能耗的合同约定", form=TermForm, read="sharing.see", edit="sharing.terms", namespace="sharing",
    heads=("自何日起", "收费方式", "公共能耗", "合同条款"), word="一条", order=("-from_on",),
    cells=lambda row: (row.get_basis_display(), row.get_energy_display(), row.clause),
    help="没有登记，或者写明已含在物业费里的，不能建方案，也不能出公摊账单。", empty="还没有登记。请照物业服务合同登记一条。",
)  # fmt: skip
