"""预收抵缴同意: whose prepayments are used for his bills on the day of posting, and on what paper he agreed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.running.models import OffsetConsent
from yihu.ground.ledger.posting import COLLECT, SEE
from yihu.kernel.forms import PickField
from yihu.kernel.plain_pages import PlainRegister, RowForm


class ConsentForm(RowForm):
    party = PickField("estate.Party", url="estate:pick_party", label="付款人")
    unit = PickField(
        "estate.Unit",
        url="estate:pick_unit",
        label="只用于这户",
        required=False,
        help_text="不填就是他在本项目的各户；为某一户收的款只用于那一户",
    )

    class Meta:
        model = OffsetConsent
        fields = ["party", "unit", "from_on", "to_on", "paper", "shown"]
        help_texts = {
            "paper": "客户签字的同意书或合同条款，例如“物业服务合同第 9 条”",
            "shown": "客户收回同意的取消勾选",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("party", "unit"):
            self.fields[name].bind_to(self.instance, None)  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.initial["from_on"] = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("to_on") and cleaned.get("from_on") and cleaned["to_on"] < cleaned["from_on"]:
            self.add_error("to_on", forms.ValidationError("止不能早于起。"))
        return cleaned


CONSENTS = PlainRegister(
    model=OffsetConsent, name="consents", title="预收抵缴同意", form=ConsentForm, read=SEE, edit=COLLECT, namespace="running",
    heads=("付款人", "起止", "依据"), word="一项", order=("-pk",),
    cells=lambda row: (f"{row.from_on:%Y-%m-%d} 至 {f'{row.to_on:%Y-%m-%d}' if row.to_on else '今'}", row.paper),
    help="登记了的，账单出来就用他的预收款自动抵缴；没有登记的不动。定了用途的预收租金不用登记。", empty="还没有客户同意用预收款抵缴。",
)  # fmt: skip
