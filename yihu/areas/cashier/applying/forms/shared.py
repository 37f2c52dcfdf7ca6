"""Fields and rules that several applications share."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.cashier.applying.limits import cash_limit
from yihu.areas.cashier.applying.models.base import PayOut
from yihu.basics.money import yuan
from yihu.kernel.forms import FilesField, SignatureField, StepForm

ACCOUNT = ("account_name", "bank", "account_no")
TO_BANK = dict.fromkeys(ACCOUNT, "method=bank")


class RefuseForm(StepForm):
    """Why an application is not granted; the applicant is told."""

    class Meta:
        fields = ["refusal"]
        widgets = {"refusal": forms.Textarea(attrs={"rows": 2})}


def refuse_form(model: Any) -> type[RefuseForm]:
    """The form of one register."""
    meta = type("Meta", (RefuseForm.Meta,), {"model": model})
    return type("RefuseForm", (RefuseForm,), {"Meta": meta})


def evidence(words: str) -> FilesField:
    return FilesField(label="凭据", help_text=words)


def payer_of(receipt: Any) -> str:
    """To whom money may go back. A bank's line may name no payer: then it is the customer whose money it was found to be."""
    if not receipt.payer_name.startswith("（"):
        return str(receipt.payer_name)
    return str(receipt.party.name) if receipt.party_id is not None else ""


def check_account(form: Any, cleaned: dict[str, Any], payer: str, amount: int, before: int = 0) -> None:
    """To the payer's own account; cash only up to the limit (domain.md §5.6), with what was given ``before``."""
    here, at = form.record.community_id, form.at or timezone.now()
    if cleaned.get("method") == PayOut.Method.CASH:
        most = cash_limit(here, at)
        if amount + before > most:
            said = f"（这张收据已付过现金 {yuan(before)} 元）" if before else ""
            form.add_error("method", f"超过 {yuan(most)} 元不付现金{said}，请转账到付款人本人的账户。")
        cleaned |= {"account_name": "", "bank": "", "account_no": ""}
        return
    for name, words in (("account_name", "收款户名"), ("bank", "开户行"), ("account_no", "银行账号")):
        if not cleaned.get(name) and name not in form.errors:
            form.add_error(name, f"请填写{words}。")
    named = cleaned.get("account_name") or ""
    if named and payer and plain(named) != plain(payer):
        form.add_error("account_name", f"只能退到付款人本人的账户：收据上的付款人是“{payer}”。")


def plain(name: str) -> str:
    """A name without the spaces that somebody typed."""
    return re.sub(r"\s", "", name)


class PayForm(StepForm):
    """The 出纳 has paid: by transfer its number, in cash the receiver's signature."""

    signature = SignatureField(label="领款人签名")
    optional = ("paid_reference", "signature")

    class Meta:
        fields = ["paid_reference"]
        help_texts = {"paid_reference": "网银回单上的流水号"}

    def prepare(self) -> None:
        in_cash = self.record.method == PayOut.Method.CASH
        name = "signature" if in_cash else "paid_reference"
        del self.fields["paid_reference" if in_cash else "signature"]
        self.fields[name].required = True


def pay_form(model: Any) -> type[PayForm]:
    meta = type("Meta", (PayForm.Meta,), {"model": model})
    return type("PayForm", (PayForm,), {"Meta": meta})


class BouncedForm(StepForm):
    """退汇: on which day, by which number, and why the bank sent it back."""

    slip = FilesField(label="银行退汇回单")

    class Meta:
        fields = ["bounced_on", "bounced_reference", "bounced_why"]
        widgets = {"bounced_on": forms.DateInput(attrs={"type": "date"})}
        help_texts = {
            "bounced_reference": "银行流水上退回那一笔的流水号；那笔流水在“银行流水”里标为“不是客户缴款”，不要当收款入账",
            "bounced_why": "例如：账号与户名不符、账户已销户",
        }

    def prepare(self) -> None:
        self.initial["bounced_on"] = timezone.localdate(self.at or timezone.now())
        for name in ("bounced_on", "bounced_reference", "bounced_why"):
            self.fields[name].required = True

    def clean_bounced_on(self) -> date:
        on: date = self.cleaned_data["bounced_on"]
        if not timezone.localdate(self.record.paid_at) <= on <= timezone.localdate(self.at or timezone.now()):
            raise forms.ValidationError("退回日期要在付款以后、今天以前。")
        return on


def bounced_form(model: Any) -> type[BouncedForm]:
    meta = type("Meta", (BouncedForm.Meta,), {"model": model})
    return type("BouncedForm", (BouncedForm,), {"Meta": meta})


class FailForm(StepForm):
    class Meta:
        fields = ["failure"]
        widgets = {"failure": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"failure": "例如：账号不符，银行退回"}


def fail_form(model: Any) -> type[FailForm]:
    meta = type("Meta", (FailForm.Meta,), {"model": model})
    return type("FailForm", (FailForm,), {"Meta": meta})
