"""供应单位账单: which month, what the bill says, payment, settling."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.meters.reckoning import plain
from yihu.areas.billing.suppliers import comparing
from yihu.areas.billing.suppliers.models import Supplier, SupplierBill, SupplierCorrection
from yihu.basics.money import yuan
from yihu.basics.periods import last_of
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.ledger.models import CostItem
from yihu.ground.ledger.paying_form import PayingForm
from yihu.kernel.calendars import office
from yihu.kernel.forms import FilesField, RowField, StepForm
from yihu.kernel.money_forms import MoneyField

MOST = 10**12
S, Way = SupplierBill.State, SupplierCorrection.Way
READINGS = ("previous", "current", "multiplier", "added")


class OpenForm(StepForm):
    class Meta:
        model = SupplierBill
        fields = ["supplier", "month"]
        help_texts = {"month": "填这个月里的任何一天"}

    def prepare(self) -> None:
        rows = Supplier.objects.filter(community_id=self.record.community_id, shown=True)
        self.fields["supplier"].queryset = rows.order_by("kind", "pk")  # type: ignore[attr-defined]
        self.initial["month"] = self.initial.get("month") or timezone.localdate(self.at or timezone.now()).replace(
            day=1
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        supplier, day = cleaned.get("supplier"), cleaned.get("month")
        if supplier is None or day is None:
            return cleaned
        cleaned["month"] = month = day.replace(day=1)
        if month > timezone.localdate(self.at or timezone.now()):
            self.add_error("month", "这个月还没有到。")
        there = SupplierBill.objects.filter(supplier=supplier, month=month, live=True).first()
        if there is not None:
            self.add_error("month", f"{supplier.name} 这个月已经有 {there.number}。")
        self.record.due_at = self._due(month)
        return cleaned

    def _due(self, month: Any) -> datetime:
        """By the close of the month's last day (D70); a month that is over, by tomorrow."""
        now = self.at or timezone.now()
        closes = office(self.record.community_id, now).office_hours[1]
        return max(datetime.combine(last_of(month), closes, OFFICE_ZONE), now + timedelta(days=1))


class BillForm(StepForm):
    """What the supplier's bill says. Readings come from our own reading of the master meter where there is one."""

    amount_fen = MoneyField(label="账单金额（元）", most=MOST)
    own_fen = MoneyField(
        label="其中不向业户收的（元）", most=MOST, help_text="办公自用等由管理处或公共收益承担的；没有就不填"
    )
    scan = FilesField(label="账单", help_text="拍照或扫描")
    optional = (*READINGS, "invoice_no", "own_fen", "own_cost", "why_different", "scan")
    starred = ("previous", "current", "why_different", "invoice_no")
    field_order = (
        "from_on",
        "to_on",
        *READINGS,
        "amount_fen",
        "invoice_no",
        "own_fen",
        "own_cost",
        "why_different",
        "scan",
    )

    class Meta:
        model = SupplierBill
        fields = ["from_on", "to_on", *READINGS, "amount_fen", "invoice_no", "own_fen", "own_cost", "why_different"]
        widgets = {"why_different": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "added": "账单上另加的变损、线损，或者另减的转供用量",
            "why_different": "账单减去出账还有差的，写明是损耗、公共用量还是抄表日期不同",
        }

    def prepare(self) -> None:
        bill = self.record
        first, last = bill.span
        before = SupplierBill.objects.filter(
            supplier_id=bill.supplier_id, live=True, to_on__isnull=False, month__lt=bill.month
        )
        last_bill = before.order_by("-month").first()
        usual: dict[str, Any] = {
            "from_on": first,
            "to_on": last,
            "amount_fen": yuan(bill.amount_fen) if bill.amount_fen else "",
        }
        usual["own_fen"] = yuan(bill.own_fen) if bill.own_fen else ""
        if last_bill is not None:
            usual |= {"from_on": last_bill.to_on + timedelta(days=1), "previous": last_bill.current, "multiplier": last_bill.multiplier,
                      "own_cost": last_bill.own_cost_id}  # fmt: skip
        reading = comparing.own_reading(bill)
        if reading is not None:
            usual |= {"current": reading.current, "multiplier": reading.multiplier}
            usual.setdefault("previous", reading.previous)
            self.fields[
                "current"
            ].help_text = f"我们 {reading.on:%Y-%m-%d} 抄的总表：{plain(reading.previous)} 至 {plain(reading.current)}"
        for name, value in usual.items():
            self.initial[name] = value if name.endswith("_fen") else self.initial.get(name) or value
        self.fields["from_on"].required = self.fields["to_on"].required = True
        rows = CostItem.objects.filter(community_id=bill.community_id)
        self.fields["own_cost"].queryset = rows.order_by("account", "code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("to_on")
        if first and last:
            self._check_days(first, last)
        amount, own = cleaned.get("amount_fen") or 0, cleaned.get("own_fen") or 0
        if not amount and "amount_fen" not in self.errors:
            self.add_error("amount_fen", "金额要大于零。")
        if own > amount:
            self.add_error("own_fen", f"不能超过账单的 {yuan(amount)} 元。")
        elif own and cleaned.get("own_cost") is None:
            self.add_error("own_cost", "不向业户收的部分，请选记到哪个支出科目。")
        if not own:
            cleaned["own_cost"] = None
        cleaned["multiplier"] = cleaned.get("multiplier") or 1
        if (cleaned.get("previous") is None) != (cleaned.get("current") is None):
            self.add_error("current", "总表的上次、本次读数要一起填。")
        elif cleaned.get("current") is not None and cleaned["current"] < cleaned["previous"]:
            self.add_error("current", "本次读数比上次小。换表、翻转的，读数不填，只填金额，并在差额说明里写明。")
        if first and last and not self.errors:
            one = comparing.now(self.record.supplier, first, last, billed=amount, own=own)
            if one.loss and not cleaned.get("why_different"):
                said = (
                    f"账单比出账多 {yuan(one.loss)} 元"
                    if one.loss > 0
                    else f"出账比账单多 {yuan(one.over)} 元，代收的不得加价"
                )
                self.add_error("why_different", f"{said}，请写明原因{'和怎么退还' if one.over else ''}。")
        return cleaned

    def _check_days(self, first: Any, last: Any) -> None:
        if last < first:
            self.add_error("to_on", "止不能早于起。")
        elif last > timezone.localdate(self.at or timezone.now()):
            self.add_error("to_on", "账单期还没有过完。")
        others = SupplierBill.objects.filter(
            supplier_id=self.record.supplier_id, live=True, from_on__lte=last, to_on__gte=first
        )
        if (other := others.exclude(pk=self.record.pk).first()) is not None:
            self.add_error("from_on", f"与 {other.number} 的 {other.from_on:%Y-%m-%d} 至 {other.to_on:%Y-%m-%d} 重叠。")


class WhyForm(StepForm):
    class Meta:
        model = SupplierBill
        fields = ["why_back"]
        widgets = {"why_back": forms.Textarea(attrs={"rows": 2})}


class PayForm(PayingForm):
    class Meta(PayingForm.Meta):
        model = SupplierBill


class SettleForm(StepForm):
    """Both sides stand on the page; what is still owed by households stays with dunning."""

    optional = ("settled_words",)

    class Meta:
        model = SupplierBill
        fields = ["settled_words"]
        widgets = {"settled_words": forms.Textarea(attrs={"rows": 2})}


class BillField(RowField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.summarise()}"


def correction_from(origin: Any) -> dict[str, Any]:
    return {"bill": origin.pk} if origin.kind == SupplierBill._meta.label_lower else {}


class CorrectionForm(StepForm):
    """Which bill, what was wrong with it, why. A bill that is not paid yet has its own way back."""

    bill = BillField(SupplierBill.objects.none(), label="供应单位账单", empty_label="请选择")
    scan = FilesField(label="凭据", help_text="正确的账单、银行退回单等，拍照或扫描")
    optional = ("scan",)
    field_order = ("bill", "way", "why", "scan")

    class Meta:
        model = SupplierCorrection
        fields = ["bill", "way", "why"]
        widgets = {"way": forms.RadioSelect, "why": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        rows = SupplierBill.objects.filter(
            community_id=self.record.community_id, state__in=(S.PAID, S.SETTLED), closed_as=""
        )
        asked = self.initial.get("bill")
        chosen = rows.filter(pk=asked) if asked and not self.is_bound else rows
        self.fields["bill"].queryset = chosen.select_related("supplier").order_by("-month", "-pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        bill = cleaned.get("bill")
        if bill is None:
            return cleaned
        waiting = SupplierCorrection.objects.filter(bill=bill, state=SupplierCorrection.State.ASKED, closed_as="")
        if (other := waiting.exclude(pk=self.record.pk).first()) is not None:
            self.add_error("bill", f"这张账单已有更正 {other.number} 在办。")
        elif cleaned.get("way") == Way.SETTLE and bill.state != S.SETTLED:
            self.add_error("way", f"{bill.number} 还没有对账，不用撤销对账。")
        return cleaned


class OpinionForm(StepForm):
    class Meta:
        model = SupplierCorrection
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}
