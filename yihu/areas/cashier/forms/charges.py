"""手工账单: who owes what for which time, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.cashier.doubled import billed_already
from yihu.areas.cashier.models import HandCharge
from yihu.basics.money import yuan
from yihu.basics.periods import last_of
from yihu.ground.estate.models import Occupancy
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import PickField, StepForm
from yihu.kernel.money_forms import MoneyField

DAY = {"type": "date"}
TO_PAY = 7  # days that a bill entered by hand leaves to be paid, unless somebody says otherwise


class ChargeForm(StepForm):
    """The month and the day of payment stand in the form already; the payer is the owner unless another is named."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    party = PickField(
        "estate.Party", url="estate:pick_party", label="付款人", help_text="不填就是这户的业主；租户应付的选租户"
    )
    amount_fen = MoneyField(label="金额（元）")
    optional = ("unit", "party", "part")
    starred = ("unit",)
    sections = (
        ("", ("unit", "party", "item", "amount_fen", "from_on", "to_on", "due_on", "why")),
        ("同一项目同一时间有两笔", ("part",)),
    )

    class Meta:
        model = HandCharge
        fields = ["unit", "party", "item", "amount_fen", "from_on", "to_on", "due_on", "why", "part"]
        widgets = {"why": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "why": "写明单据和算法，例如“门禁卡补办 2 张，每张 20 元，单号 …”；单据在保存后“传附件”",
            "part": "写清是哪一笔，例如“2 号表”；平时不填",
        }

    def prepare(self) -> None:
        items = FeeItem.objects.filter(community_id=self.record.community_id, shown=True)
        self.fields["item"].queryset = items.exclude(nature=FeeItem.Nature.DEPOSIT).order_by("pk")  # type: ignore[attr-defined]
        if self.record.pk is None:
            today = timezone.localdate(self.at or timezone.now())
            usual = {"from_on": today.replace(day=1), "to_on": last_of(today), "due_on": today + timedelta(days=TO_PAY)}
            self.initial |= {name: self.initial.get(name) or day for name, day in usual.items()}
        else:
            self.initial["amount_fen"] = yuan(self.record.amount_fen)

    def clean_amount_fen(self) -> int:
        amount = int(self.cleaned_data["amount_fen"])
        if not amount:
            raise forms.ValidationError("金额要大于零。")
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("from_on") and cleaned.get("to_on") and cleaned["to_on"] < cleaned["from_on"]:
            self.add_error("to_on", "服务期的止不能早于起。")
        if "party" in cleaned and not cleaned["party"]:
            cleaned["party"] = self._owner(cleaned.get("unit"))
        if not self.errors:
            said = {name: cleaned[name] for name in ("item", "unit", "party", "part")}
            if sentence := billed_already(first=cleaned["from_on"], last=cleaned["to_on"], **said):
                self.add_error("part", sentence)
        return cleaned

    def _owner(self, unit: Any) -> Any:
        if unit is None:
            if "unit" not in self.errors:
                self.add_error("unit", "请选房号；不是某一户的费用，请选付款人。")
            return None
        stays = Occupancy.objects.on(timezone.localdate(self.at or timezone.now())).filter(unit=unit, role="owner")
        first = stays.select_related("party").order_by("place", "pk").first()
        if first is None:
            self.add_error("party", "这户没有登记业主，请选付款人。")
        return first.party if first else None


class DecisionForm(StepForm):
    class Meta:
        model = HandCharge
        fields = ["decision"]
        widgets = {"decision": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"decision": "写明为什么、要改什么，起草人照此办理"}
