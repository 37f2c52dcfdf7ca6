"""The payer's own account is put right: another number, or the right name with its proof, agreed to by another hand."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.cashier.applying.forms.shared import ACCOUNT, TO_BANK, check_account, plain
from yihu.areas.cashier.applying.models.base import PayOut
from yihu.kernel.forms import FilesField, StepForm

PROVEN = ("name_why", "name_basis")
SAME, OTHER = "same", "other"


class AccountForm(StepForm):
    """Only the payer's own account will do. Where the receipt has his name wrong or he has another one by now, the account's
    name may differ: why, how that is known, and the proof are asked (domain.md §5.6)."""

    named = forms.ChoiceField(
        label="户名",
        choices=[(SAME, "与收据上的付款人相同"), (OTHER, "与收据不同，但是付款人本人")],
        initial=SAME,
        widget=forms.RadioSelect,
    )
    proof = FilesField(label="证明", help_text="身份证、更名通知书、付款回单等，看得出新户名就是付款人本人")
    optional = (*ACCOUNT, "named", *PROVEN, "proof")
    starred = (*ACCOUNT, *PROVEN, "proof")
    only_when = {**TO_BANK, "named": "method=bank", **dict.fromkeys((*PROVEN, "proof"), "named=other")}
    field_order = ("method", "named", *PROVEN, "proof", *ACCOUNT)

    class Meta:
        fields = ["method", *ACCOUNT, *PROVEN]
        widgets = {
            "method": forms.RadioSelect,
            "name_why": forms.RadioSelect,
            "name_basis": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"name_why": "为什么不同"}
        help_texts = {
            "account_name": "只能是付款人本人的账户，不能退给别人",
            "name_basis": "例如：付款回单与身份证的姓名一致，收据把“晓”写成“小”",
        }

    def prepare(self) -> None:
        self.initial["named"] = OTHER if self.record.name_why else SAME

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        payee, other = self.record.payee, cleaned.get("named") == OTHER
        other = other and cleaned.get("method") == PayOut.Method.BANK
        check_account(self, cleaned, "" if other else payee, self.record.amount, self.record.in_cash_before())
        if not other:
            cleaned |= {"name_why": "", "name_basis": "", "proof": []}
            return cleaned
        for name, words in (
            ("name_why", "请选为什么不同。"),
            ("name_basis", "请写明怎么知道是付款人本人。"),
            ("proof", "请附上证明。"),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        self._check_name(cleaned.get("account_name") or "", payee)
        return cleaned

    def _check_name(self, name: str, payee: str) -> None:
        hands = {plain(str(one)) for one in (self.by, self.record.opened_by) if one is not None}
        if name and plain(name) == plain(payee):
            self.add_error("named", "这个户名与收据上的付款人相同，请选“相同”。")
        elif name and plain(name) in hands:
            self.add_error("account_name", "不能退到经办人自己的账户；付款人与经办人同名的，请换一位同事办理。")


def account_form(model: Any) -> type[AccountForm]:
    meta = type("Meta", (AccountForm.Meta,), {"model": model})
    return type("AccountForm", (AccountForm,), {"Meta": meta})


class SamePersonForm(StepForm):
    """Who agrees has looked at the proof himself."""

    same_person = forms.BooleanField(label="我看过证明：这个户名就是付款人本人，不是别人")

    class Meta:
        fields: list[str] = []

    def prepare(self) -> None:
        said = f"收据上的付款人是“{self.record.payee}”，收款户名是“{self.record.account_name}”。"
        self.fields["same_person"].help_text = f"{said}{self.record.get_name_why_display()}：{self.record.name_basis}"


def same_person_form(model: Any) -> type[SamePersonForm]:
    meta = type("Meta", (SamePersonForm.Meta,), {"model": model})
    return type("SamePersonForm", (SamePersonForm,), {"Meta": meta})
