"""退款申请、退押金申请."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.cashier.applying.forms.shared import ACCOUNT, TO_BANK, check_account, payer_of
from yihu.areas.cashier.applying.models import DepositReturn, Refund
from yihu.areas.cashier.applying.models.payouts import in_cash_of
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Charge, Deposit, Receipt
from yihu.kernel.forms import FilesField, PickField, RowsField, SignatureField, StepForm, is_row_number
from yihu.kernel.money_forms import MoneyField


def named(form: Any, name: str, model: Any) -> Any:
    """The paper from whose page the form was opened."""
    given = str(form.initial.get(name) or "")
    rows = model.objects.filter(community_id=form.record.community_id)
    return rows.filter(pk=given).first() if is_row_number(given) else None


class RefundForm(StepForm):
    """What is left of the receipt, to its payer, is what is usually asked for."""

    receipt = PickField("ledger.Receipt", url="applying:pick_receipt", label="收据")
    amount = MoneyField(label="退款金额（元）")
    optional = ACCOUNT
    starred = ACCOUNT
    only_when = TO_BANK
    field_order = ("receipt", "amount", "reason", "method", *ACCOUNT)

    class Meta:
        model = Refund
        fields = ["receipt", "amount", "reason", "method", *ACCOUNT]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2}), "method": forms.RadioSelect}
        help_texts = {"account_name": "只能是付款人本人的账户"}

    def prepare(self) -> None:
        receipt = named(self, "receipt", Receipt)
        if receipt is not None and not self.is_bound:
            self.initial |= {"amount": yuan(receipt.left), "account_name": payer_of(receipt)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        receipt, amount = cleaned.get("receipt"), cleaned.get("amount") or 0
        if receipt is None:
            return cleaned
        if receipt.voided_by_id is not None:
            self.add_error("receipt", "这张收据已经作废，没有可退的钱。")
            return cleaned
        asked = Refund.objects.filter(receipt=receipt, closed_at__isnull=True, voucher__isnull=True).first()
        if asked is not None:
            self.add_error("receipt", f"这张收据已有退款申请 {asked.number} 在办。")
        if "amount" not in self.errors and not 0 < amount <= receipt.left:
            self.add_error("amount", f"这张收据还剩 {yuan(receipt.left)} 元未用，退款要大于零、不超过它。")
        check_account(self, cleaned, payer_of(receipt), amount, in_cash_of(receipt))
        self.record.unit, self.record.party = receipt.unit, receipt.party
        self.record.payee = payer_of(receipt) or cleaned.get("account_name") or receipt.payer_name
        return cleaned


class DepositReturnForm(StepForm):
    """Acceptance, the original receipt, and where the money goes."""

    deposit = PickField("ledger.Deposit", url="applying:pick_deposit", label="押金")
    statement = FilesField(label="遗失声明", help_text="付款人签字的遗失声明，拍照或扫描")
    optional = (*ACCOUNT, "statement")
    starred = ACCOUNT
    only_when = {**TO_BANK, "statement": "original=lost"}
    field_order = ("deposit", "acceptance", "original", "statement", "reason", "method", *ACCOUNT)

    class Meta:
        model = DepositReturn
        fields = ["deposit", "acceptance", "original", "reason", "method", *ACCOUNT]
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 2}),
            "method": forms.RadioSelect,
            "original": forms.RadioSelect,
        }
        help_texts = {
            "acceptance": "验收单编号或验收情况，例如：装修验收单 ZX-26-031，合格",
            "account_name": "只能是付款人本人的账户",
        }

    def prepare(self) -> None:
        deposit = named(self, "deposit", Deposit)
        if deposit is None:
            return
        self.fields["deposit"].help_text = f"收据 {deposit.receipt}，在押 {yuan(deposit.left)} 元，退还的就是这些"
        if not self.is_bound:
            self.initial |= {"account_name": deposit.receipt.payer_name}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        deposit = cleaned.get("deposit")
        if deposit is None:
            return cleaned
        if deposit.left <= 0:
            self.add_error("deposit", "这笔押金已经退清。")
            return cleaned
        asked = DepositReturn.objects.filter(deposit=deposit, closed_at__isnull=True).first()
        if asked is not None:
            self.add_error("deposit", f"这笔押金已有退押金申请 {asked.number} 在办。")
        if cleaned.get("original") == DepositReturn.Original.LOST and not cleaned.get("statement"):
            self.add_error("statement", "原件遗失的，请附上付款人签字的遗失声明。")
        check_account(self, cleaned, deposit.receipt.payer_name, deposit.left)
        record = self.record
        record.unit, record.party, record.payee = deposit.unit, deposit.party, deposit.receipt.payer_name
        record.amount = deposit.left
        return cleaned


class DeductForm(StepForm):
    """Which bills the deposit pays, with the payer's signature under their sum."""

    charges = RowsField(queryset=Charge.objects.none(), label="抵扣哪些账单", widget=forms.CheckboxSelectMultiple)
    signature = SignatureField(label="付款人签名同意")
    consent = FilesField(label="或：签过字的同意书", help_text="付款人不在场时，附上他签字的同意书")
    optional = ("charges", "signature", "consent")
    starred = ("charges", "signature")

    class Meta:
        model = DepositReturn
        fields: list[str] = []

    def prepare(self) -> None:
        deposit = self.record.deposit
        owed = Charge.objects.filter(community_id=deposit.community_id, party_id=deposit.party_id, open__gt=0)
        field: Any = self.fields["charges"]
        field.queryset = owed.select_related("item", "unit").order_by("due_on", "pk")
        field.label_from_instance = lambda charge: f"{charge}　未缴 {yuan(charge.open)} 元　{charge.words}".strip()
        field.help_text = (
            f"押金结存 {yuan(deposit.left)} 元。损坏要赔的，先登记收费、批准出账，再在这里勾选；一项不选就是不扣。"
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = list(cleaned.get("charges") or ())
        if not chosen:
            return cleaned
        total, held = sum(charge.open for charge in chosen), self.record.deposit.left
        if total > held:
            self.add_error("charges", f"所选账单合计 {yuan(total)} 元，超过押金结存 {yuan(held)} 元。")
        if not cleaned.get("signature") and not cleaned.get("consent"):
            self.add_error("signature", "动用押金要有付款人的书面同意：请他在屏幕上签名，或附上签过字的同意书。")
        return cleaned
