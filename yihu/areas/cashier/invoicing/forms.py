"""What is asked for an invoice, when it is written, and when it is taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from stdnum.cn import uscc

from yihu.areas.cashier.invoicing.allowed import open_lines, summed, why_not
from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.basics.identity import normal_id
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Line, Receipt
from yihu.kernel.forms import PickField, RowsField, StepForm, is_row_number

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_CHOICES = 60  # more than these nobody picks one by one


def in_words(line: Any) -> str:
    """One payment as it is chosen."""
    unit = f"{line.unit}　" if line.unit else ""
    what, word = (line.charge, "缴") if line.charge else (f"预收{line.item}", "收")
    return f"{unit}{what}　{yuan(-line.amount)} 元（{line.day:%Y-%m-%d} {word}）"


class AskForm(StepForm):
    """Opened from a receipt: on whose name, for all that it paid and no invoice holds, or for some of it. The items and the
    sums are the books'."""

    receipt = PickField("ledger.Receipt", url="applying:pick_receipt", label="收据")
    parts = RowsField(queryset=Line.objects.none(), label="开哪几笔", widget=forms.CheckboxSelectMultiple)
    optional = ("parts", "tax_no", "mail")
    starred = ("parts", "tax_no", "mail")
    field_order = ("receipt", "parts", "invoice_kind", "title", "tax_no", "mail")

    class Meta:
        model = InvoiceRequest
        fields = ["receipt", "invoice_kind", "title", "tax_no", "mail"]
        widgets = {"invoice_kind": forms.RadioSelect}
        help_texts = {"tax_no": "单位必填，18 位统一社会信用代码；个人不填", "mail": "邮箱或手机号码"}

    def prepare(self) -> None:
        receipt = self._receipt()
        lines = open_lines(receipt) if receipt is not None else Line.objects.none()
        count = lines.count()
        chosen = self.is_bound and "parts" in self.data
        if 1 < count <= MOST_CHOICES or (count and chosen):
            field: Any = self.fields["parts"]
            field.queryset, field.label_from_instance = lines, in_words
            field.help_text = "不要开的去掉勾，以后还可以再申请"
            self.initial.setdefault("parts", [one.pk for one in lines])
        else:
            del self.fields["parts"]
        if receipt is None or self.is_bound:
            return
        found = summed(lines)
        self.fields["receipt"].help_text = why_not(receipt) or f"可开 {yuan(found.amount)} 元：{found.names}"
        before = (
            InvoiceRequest.objects.filter(receipt__party=receipt.party_id).exclude(party=None).order_by("-pk").first()
        )
        self.initial["title"] = self.initial.get("title") or (before.title if before else receipt.payer_name)
        if before is not None:
            self.initial["tax_no"], self.initial["invoice_kind"] = before.tax_no, before.invoice_kind

    def _receipt(self) -> Receipt | None:
        given = str((self.data if self.is_bound else self.initial).get("receipt") or "")
        rows = Receipt.objects.filter(community_id=self.record.community_id)
        return rows.filter(pk=given).first() if is_row_number(given) else None

    def clean_tax_no(self) -> str:
        number = normal_id(self.cleaned_data.get("tax_no") or "")
        if number and not uscc.is_valid(number):
            raise forms.ValidationError("纳税人识别号不对：应是 18 位统一社会信用代码，请核对。")
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, number = cleaned.get("invoice_kind"), cleaned.get("tax_no")
        firm = any(word in (cleaned.get("title") or "") for word in ("公司", "企业", "中心", "事务所", "集团", "厂"))
        if not number and "tax_no" not in self.errors and (kind == InvoiceRequest.Kind.SPECIAL or firm):
            self.add_error("tax_no", "抬头是单位或开专用发票的，请填纳税人识别号。")
        if kind != InvoiceRequest.Kind.PAPER and not cleaned.get("mail") and "mail" not in self.errors:
            self.add_error("mail", "电子发票要发到客户的邮箱或手机，请填写；要纸质的，请改选纸质发票。")
        receipt = cleaned.get("receipt")
        if receipt is None:
            return cleaned
        if sentence := why_not(receipt):
            self.add_error("receipt", sentence)
        record = self.record
        cleaned["parts"] = list(cleaned.get("parts") or ()) or list(open_lines(receipt))
        found = summed(cleaned["parts"])
        record.unit, record.party = receipt.unit, receipt.party
        record.amount_fen, record.item_names = found.amount, found.names[:300]
        record.red_of = (
            InvoiceRequest.objects.filter(receipt=receipt, state=InvoiceRequest.State.RED).order_by("-pk").first()
        )
        return cleaned


class IssueForm(StepForm):
    """The invoice was written in the tax system; its number comes here."""

    class Meta:
        model = InvoiceRequest
        fields = ["invoice_no", "issued_on"]
        widgets = {"issued_on": DATE}

    def prepare(self) -> None:
        if not self.initial.get("issued_on"):
            self.initial["issued_on"] = timezone.localdate(self.at)

    def clean_invoice_no(self) -> str:
        return number_of(self, "invoice_no")

    def clean_issued_on(self) -> Any:
        return self.not_to_come("issued_on")


def number_of(form: Any, name: str) -> str:
    """8 figures on paper, 20 of an electronic one; each once, be it black or red."""
    number = str(form.cleaned_data[name]).replace(" ", "")
    if not (number.isascii() and number.isdigit() and len(number) in (8, 20)):
        raise forms.ValidationError("发票号码是 8 位或 20 位数字，请核对。")
    others = InvoiceRequest.objects.exclude(pk=form.record.pk)
    if others.filter(invoice_no=number).exists() or others.filter(red_no=number).exists():
        raise forms.ValidationError("这个发票号码已经登记过，请核对。")
    return number


class RedForm(StepForm):
    """The red invoice was written; for a special one the buyer confirmed it first."""

    confirmed = forms.BooleanField(label="购方已在税务系统确认红字信息")
    optional = ("confirmed",)
    field_order = ("red_reason", "red_no", "red_on", "confirmed")

    class Meta:
        model = InvoiceRequest
        fields = ["red_reason", "red_no", "red_on"]
        widgets = {"red_on": DATE}

    def prepare(self) -> None:
        if not self.initial.get("red_on"):
            self.initial["red_on"] = timezone.localdate(self.at)
        if self.record.invoice_kind != InvoiceRequest.Kind.SPECIAL:
            del self.fields["confirmed"]

    def clean_red_on(self) -> Any:
        return self.not_to_come("red_on")

    def clean_red_no(self) -> str:
        number = number_of(self, "red_no")
        if number == self.record.invoice_no:
            raise forms.ValidationError("红字发票有自己的号码，不是原发票的号码。")
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "confirmed" in self.fields and not cleaned.get("confirmed"):
            self.add_error("confirmed", "专用发票要购方先确认红字信息，再开红字发票。")
        return cleaned


class RefuseForm(StepForm):
    class Meta:
        model = InvoiceRequest
        fields = ["refusal"]
        widgets = {"refusal": forms.Textarea(attrs={"rows": 2})}
