"""供应单位: with whom there is an account, and under which items it is collected."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.billing.meters.models import Meter
from yihu.areas.billing.suppliers.models import Supplier
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.plain_pages import PlainRegister, RowForm


class SupplierForm(RowForm):
    """Only what is passed through at cost may stand against a supplier."""

    class Meta:
        model = Supplier
        fields = ["name", "kind", "account_no", "item", "shared_item", "meter", "shown"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "item": "性质是“代收代付”的收费项目",
            "shared_item": "公摊另用一个收费项目的选它；不公摊的不选",
            "meter": "供应单位结算用的总表；选了以后，登记账单时自动带出我们抄的读数",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = self.instance.community_id
        items = FeeItem.objects.filter(community_id=here, nature=FeeItem.Nature.PASS_THROUGH).order_by("pk")
        for name in ("item", "shared_item"):
            self.fields[name].queryset = items  # type: ignore[attr-defined]
        meters = Meter.objects.filter(community_id=here, unit__isnull=True, shown=True)
        self.fields["meter"].queryset = meters.order_by("walk_key", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        item, shared, kind, meter = (cleaned.get(name) for name in ("item", "shared_item", "kind", "meter"))
        if item is not None and item == shared:
            self.add_error("shared_item", "公摊的收费项目要和各户的不同；同一个项目的不用再选。")
        if meter is not None and kind and meter.kind != kind:
            self.add_error("meter", f"{meter} 不是{dict(Supplier.Kind.choices)[kind]}的表。")
        taken = Supplier.objects.filter(item=item, shown=True).exclude(pk=self.instance.pk).first() if item else None
        if taken is not None and cleaned.get("shown"):
            self.add_error("item", f"{item} 已经对应 {taken}。")
        return cleaned


SUPPLIERS = PlainRegister(
    model=Supplier, name="suppliers", title="供应单位", form=SupplierForm, read="suppliers.see", edit="suppliers.list",
    namespace="suppliers", heads=("供应单位", "供应", "代收项目", "公摊项目", "总表"), word="一个供应单位", order=("kind", "pk"),
    cells=lambda row: (row.get_kind_display(), str(row.item), str(row.shared_item or ""), str(row.meter or "")),
    help="给谁代收、用哪个收费项目代收；每月 26 日起自动要他的账单。", empty="还没有供应单位。先在“收费标准”里建好性质是“代收代付”的收费项目。",
)  # fmt: skip
