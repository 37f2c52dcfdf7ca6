"""减免申请."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from yihu.areas.cashier.applying.forms.shared import evidence
from yihu.areas.cashier.applying.models import Waiver
from yihu.basics.money import round_half_up, yuan
from yihu.kernel.forms import PickField, StepForm
from yihu.kernel.money_forms import MoneyField

CENTS = 100  # 抹零 below one 元 needs no paper


class WaiverForm(StepForm):
    charge = PickField("ledger.Charge", url="applying:pick_charge", label="账单")
    how = forms.ChoiceField(
        label="按", choices=[("amount", "金额"), ("percent", "比例")], initial="amount", widget=forms.RadioSelect
    )
    amount = MoneyField(label="减免金额（元）")
    evidence = evidence("协议、照片或客户的书面要求；不足一元的抹零可以不附")
    optional = ("amount", "percent", "evidence")
    starred = ("amount",)
    only_when = {"amount": "how=amount", "percent": "how=percent"}
    field_order = ("charge", "how", "amount", "percent", "why", "reason", "evidence")

    class Meta:
        model = Waiver
        fields = ["charge", "amount", "percent", "why", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "why": forms.RadioSelect}
        help_texts = {"percent": "按现在未缴的金额计算，四舍五入到分"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        charge = cleaned.get("charge")
        if charge is None:
            return cleaned
        if charge.reversal_id is not None or charge.open <= 0:
            self.add_error("charge", "这笔账单已经缴清或冲销，不用减免。")
            return cleaned
        asked = Waiver.objects.filter(charge=charge, closed_at__isnull=True).first()
        if asked is not None:
            self.add_error("charge", f"这笔账单已有减免申请 {asked.number} 在办。")
        self._reckon(cleaned, charge)
        amount = cleaned.get("amount") or 0
        small = cleaned.get("why") == Waiver.Why.ROUNDING and amount < CENTS
        if not cleaned.get("evidence") and not small:
            self.add_error("evidence", "请附上凭据（拍照或文件）。")
        self.record.unit, self.record.party = charge.unit, charge.party
        return cleaned

    def _reckon(self, cleaned: dict[str, Any], charge: Any) -> None:
        name = "percent" if cleaned.get("how") == "percent" else "amount"
        if name == "percent":
            percent = cleaned.get("percent")
            if percent is None or not 0 < percent <= 100:
                self.add_error("percent", "请填写 0 到 100 之间的比例。")
                return
            cleaned["amount"] = round_half_up(Decimal(charge.open) * percent / 100)
        else:
            cleaned["percent"] = None
        amount = cleaned.get("amount") or 0
        if amount <= 0 and name not in self.errors:
            self.add_error(name, "请填写减免金额。" if name == "amount" else "按这个比例不足一分，请改填金额。")
        elif amount > charge.open:
            self.add_error(name, f"这笔账单只欠 {yuan(charge.open)} 元。")
