"""What the cashier says when money is taken; everything that is known stands in the form already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.basics.money import yuan
from yihu.basics.text import clean_line
from yihu.ground.ledger.models import FeeItem, Receipt
from yihu.kernel.forms import tidy
from yihu.kernel.money_forms import MoneyField

Method = Receipt.Method
BY_PAPER = (Method.CHEQUE, Method.BANK, Method.CARD, Method.ONLINE)  # ways that leave a number of somebody else's
NUMBERS = {
    Method.CHEQUE: "支票号码",
    Method.BANK: "银行流水号",
    Method.CARD: "刷卡凭证号",
    Method.ONLINE: "交易单号",
}


class TakingForm(forms.Form):
    """Money in hand. Which bills the payer named stands beside the form, and is looked at by the door."""

    amount = MoneyField(label="实收金额（元）")
    method = forms.ChoiceField(label="方式", choices=Method.choices, widget=forms.RadioSelect, initial=Method.CASH)
    reference = forms.CharField(
        label="流水号", max_length=80, required=False, help_text="支票号码、银行流水号、刷卡凭证号或交易单号"
    )
    payer_name = forms.CharField(label="交款人", max_length=80, help_text="别人代交的，改成代交人")
    deposit_item = forms.ModelChoiceField(
        FeeItem.objects.none(), label="押金种类", required=False, empty_label="不收押金"
    )
    deposit = MoneyField(label="其中押金（元）", required=False)
    deposit_back_on = forms.DateField(
        label="应退日期", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="不知道就空着"
    )

    ahead_item = forms.ModelChoiceField(
        FeeItem.objects.none(), label="租金项目", required=False, empty_label="不预收租金"
    )
    ahead = MoneyField(
        label="其中预收租金（元）", required=False, help_text="只抵这一项租金，收款当天就可以开票，抵缴时不再开"
    )

    agreed = forms.BooleanField(
        label="多交的，客户同意以后的账单出来自动抵缴", required=False, help_text="先问过客户再勾；收据上写明，请他签字"
    )

    FIRST, DEPOSIT = (
        ("amount", "payer_name", "method", "reference", "agreed"),
        ("deposit_item", "deposit", "deposit_back_on"),
    )
    AHEAD = ("ahead_item", "ahead")

    def __init__(self, data: Any = None, *, community: Any, **options: Any) -> None:
        super().__init__(data, **options)
        items = FeeItem.objects.filter(community=community, shown=True, nature=FeeItem.Nature.DEPOSIT)
        self.fields["deposit_item"].queryset = items.order_by("pk")  # type: ignore[attr-defined]
        rents = FeeItem.objects.filter(community=community, shown=True, lease=True).order_by("pk")
        self.fields["ahead_item"].queryset = rents  # type: ignore[attr-defined]
        self.rents = rents.exists()
        for name, field in self.fields.items():
            field.starred, field.when = name == "reference", ""  # type: ignore[attr-defined]
        self.fields["reference"].when = f"method={' '.join(BY_PAPER)}"  # type: ignore[attr-defined]

    def sections(self) -> list[dict[str, Any]]:
        folded = {"同时收押金（可不填）": self.DEPOSIT, "同时预收租金（可不填）": self.AHEAD if self.rents else ()}
        return [
            {"legend": "", "fields": [self[name] for name in self.FIRST], "folded": False},
            *(
                {"legend": legend, "fields": [self[name] for name in names], "folded": not self._touched(names)}
                for legend, names in folded.items()
                if names
            ),
        ]

    def _touched(self, names: tuple[str, ...]) -> bool:
        return bool(set(self.errors) & set(names)) or any(self[name].value() for name in names)

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()  # type: ignore[misc]

    def clean_payer_name(self) -> str:
        return clean_line(self.cleaned_data["payer_name"], 80)

    def clean_amount(self) -> int:
        amount = int(self.cleaned_data["amount"])
        if not amount:
            raise forms.ValidationError("请填收到多少钱。")
        return amount

    def clean_deposit_back_on(self) -> Any:
        day = self.cleaned_data.get("deposit_back_on")
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError("应退日期已经过了，请核对；不知道就空着。")
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        method = told.get("method")
        if method == Method.CASH:
            told["reference"] = ""
        elif method and not told.get("reference"):
            self.add_error("reference", f"请填{NUMBERS[Method(method)]}，对账要用。")
        else:
            told["reference"] = clean_line(told.get("reference") or "", 80)
        self._check_deposit(told)
        self._check_ahead(told)
        return told

    def _check_ahead(self, told: dict[str, Any]) -> None:
        ahead, free = told.get("ahead") or 0, (told.get("amount") or 0) - (told.get("deposit") or 0)
        if ahead and not told.get("ahead_item"):
            self.add_error("ahead_item", "请选预收的是哪一项租金。")
        if told.get("ahead_item") and not ahead:
            self.add_error("ahead", "请填预收租金多少钱。")
        if ahead > free >= 0 and told.get("amount"):
            self.add_error("ahead", f"除去押金只收了 {yuan(free)} 元，预收租金不能比它多，请核对。")

    def _check_deposit(self, told: dict[str, Any]) -> None:
        kept, amount = told.get("deposit") or 0, told.get("amount") or 0
        if kept and not told.get("deposit_item"):
            self.add_error("deposit_item", "请选是什么押金。")
        if told.get("deposit_item") and not kept:
            self.add_error("deposit", "请填押金多少钱。")
        if amount and kept > amount:
            self.add_error("deposit", f"押金比实收的 {yuan(amount)} 元还多，请核对。")
