"""支出申请、报销、成本审核、付款."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.spending import figures
from yihu.areas.spending.models import BudgetLine, Claim, SpendRequest
from yihu.basics.money import yuan
from yihu.basics.numerals import half_width
from yihu.ground.ledger.paying_form import PayingForm
from yihu.kernel.forms import FilesField, RowField, StepForm
from yihu.kernel.models import Record
from yihu.kernel.money_forms import MoneyField

MOST = 10**11
REPAIR = "repairs.workorder"
REPAIR_WORDS = ("维修", "修理", "抢修", "检修", "大修", "修缮", "修补", "改造")


def request_from(origin: Any) -> dict[str, Any]:
    """What a repair order says already."""
    return {"order_no": origin.number, "what": str(origin.summary)} if origin.kind == REPAIR else {}


def claim_from(origin: Any) -> dict[str, Any]:
    return {"request": origin.pk} if origin.kind == SpendRequest._meta.label_lower else {}


class RequestForm(StepForm):
    """What it is for and what it will cost, before anything is ordered."""

    amount_fen = MoneyField(label="申请金额（元）", most=MOST)
    order_no = forms.CharField(label="维修单号", max_length=40, help_text="这笔支出是为一张维修单的，填它的编号")
    quote = FilesField(label="报价单", help_text="可以多张")
    optional = ("supplier", "order_no", "quote")
    field_order = ("line", "what", "amount_fen", "needed_on", "reason", "supplier", "order_no", "quote")

    class Meta:
        model = SpendRequest
        fields = ["line", "what", "amount_fen", "needed_on", "reason", "supplier"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        self.fields["line"].queryset = BudgetLine.spendable(self.record.community_id)  # type: ignore[attr-defined]
        if self.record.pk is None:
            self.initial["needed_on"] = self.initial.get("needed_on") or timezone.localdate(self.at or timezone.now())
        else:
            self.initial["amount_fen"] = yuan(self.record.amount_fen)
            self.initial["order_no"] = self.record.order.number if self.record.order else ""

    def clean_amount_fen(self) -> int:
        return _above_nothing(self.cleaned_data["amount_fen"])

    def clean_needed_on(self) -> date:
        day: date = self.cleaned_data["needed_on"]
        if day < timezone.localdate(self.at or timezone.now()):
            raise forms.ValidationError("支出要先申请：预计支出日期不能早于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        number = (cleaned.get("order_no") or "").strip().upper()
        self.record.order = None
        if number:
            found = Record.objects.filter(number=number, kind=REPAIR, community_id=self.record.community_id)
            self.record.order = found.first()
            if self.record.order is None:
                self.add_error("order_no", f"没有编号是 {number[:40]} 的维修单，请核对。")
        return cleaned


class ApproveForm(StepForm):
    """The approver sees what is left of the month's budget before he agrees."""

    optional = ("opinion",)

    class Meta:
        model = SpendRequest
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        self.fields["opinion"].help_text = standing(self.record, self.at or timezone.now())


def standing(request: SpendRequest, now: Any) -> str:
    """What the line's month looks like with this request."""
    (first, _), row = figures.month_of(request.needed_on), figures.row_of(request, now)
    waiting = row.committed
    after = row.actual + waiting + request.amount_fen
    said = f"{request.line} {first:%Y年%m月}：预算 {yuan(row.planned)} 元，已付 {yuan(row.actual)} 元，已批未付 {yuan(waiting)} 元，"
    left = row.planned - after
    return said + (f"批准后还剩 {yuan(left)} 元。" if left >= 0 else f"批准后超出 {yuan(-left)} 元。")


class OpinionForm(StepForm):
    class Meta:
        model = SpendRequest
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}


class RequestChoice(RowField):
    """One's own approved requests."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.summary}（{obj.state_word}）"


class ClaimForm(StepForm):
    """What was spent. Without an approved request it is kept all the same, and goes back with the reason (FEE-24)."""

    request = RequestChoice(SpendRequest.objects.none(), label="支出申请", empty_label="没有申请过")
    amount_fen = MoneyField(label="报销金额（元）", most=MOST)
    invoice = FilesField(label="发票、收据", help_text="拍照或扫描，可以多张")
    repair = forms.TypedChoiceField(
        label="是不是维修、改造的费用", choices=(("yes", "是"), ("no", "不是")), coerce=lambda said: said == "yes",
        widget=forms.RadioSelect, help_text="包括材料、人工和外委；是的，付款前由成本审核员审定金额",
    )  # fmt: skip
    optional = ("request", "invoice_no", "last", "invoice")
    starred = ("request", "invoice")
    field_order = ("request", "what", "repair", "amount_fen", "spent_on", "payee", "invoice_no", "last", "invoice")

    class Meta:
        model = Claim
        fields = ["request", "what", "repair", "amount_fen", "spent_on", "payee", "invoice_no", "last"]

    def prepare(self) -> None:
        states = (SpendRequest.State.ASKED, SpendRequest.State.APPROVED)
        rows = SpendRequest.objects.filter(community_id=self.record.community_id, state__in=states, opened_by=self.by)
        self.fields["request"].queryset = rows.order_by("-pk")  # type: ignore[attr-defined]
        today = timezone.localdate(self.at or timezone.now())
        self.initial["spent_on"] = self.initial.get("spent_on") or today
        self.initial["repair"] = ""
        if self.record.pk is not None:
            self.initial |= {"amount_fen": yuan(self.record.amount_fen), "spent_on": self.record.spent_on}
            self.initial["repair"] = "yes" if self.record.repair else "no"
            return
        asked = self.initial.get("request")
        agreed = list(rows.filter(state=SpendRequest.State.APPROVED, **({"pk": asked} if asked else {}))[:2])
        if len(agreed) == 1:
            one = agreed[0]
            usual = {"request": one.pk, "what": one.what, "amount_fen": yuan(one.amount_fen), "payee": one.supplier}
            usual["repair"] = "yes" if one.audited or of_repair(one.what) else "no"
            self.initial |= {name: value for name, value in usual.items() if not self.initial.get(name)}

    def clean_amount_fen(self) -> int:
        return _above_nothing(self.cleaned_data["amount_fen"])

    def clean_invoice_no(self) -> str:
        """As one number is typed in several ways: it is told from no other by a space or a small letter."""
        return re.sub(r"\s", "", half_width(self.cleaned_data["invoice_no"] or "")).upper()

    def clean_spent_on(self) -> date:
        day: date = self.cleaned_data["spent_on"]
        if day > timezone.localdate(self.at or timezone.now()):
            raise forms.ValidationError("还没有发生的支出不能报销；请在支出以后再报。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = cleaned.get("request")
        if of_repair(cleaned.get("what"), asked and asked.what, asked and asked.reason):
            cleaned["repair"] = True  # FEE-16: the words say so, whatever was picked
        if self.record.pk is None and not cleaned.get("invoice") and not cleaned.get("invoice_no"):
            self.add_error("invoice", "请传发票的照片；发票已经交给财务的，填发票号。")
        return cleaned


def of_repair(*said: Any) -> bool:
    """Whether the words name a repair."""
    return any(word in (text or "") for text in said for word in REPAIR_WORDS)


class AuditForm(StepForm):
    """What the repair really cost, looked at by somebody who neither ordered nor paid it (FEE-16)."""

    audited_fen = MoneyField(label="审定金额（元）", most=MOST)
    optional = ("audit_words",)

    class Meta:
        model = Claim
        fields = ["audited_fen", "audit_words"]
        widgets = {"audit_words": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"audit_words": "核减的写明核减了什么"}

    def prepare(self) -> None:
        self.initial["audited_fen"] = yuan(self.record.amount_fen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        audited, asked = cleaned.get("audited_fen"), self.record.amount_fen
        if audited is None:
            return cleaned
        if audited > asked:
            self.add_error("audited_fen", f"审定金额不能超过报销的 {yuan(asked)} 元。")
        elif audited < asked and not cleaned.get("audit_words"):
            self.add_error("audit_words", "有核减，请写明核减了什么。")
        return cleaned


class BackForm(StepForm):
    class Meta:
        model = Claim
        fields = ["why_back"]
        widgets = {"why_back": forms.Textarea(attrs={"rows": 2})}


class PayForm(PayingForm):
    class Meta(PayingForm.Meta):
        model = Claim


def _above_nothing(amount: Any) -> int:
    if not amount:
        raise forms.ValidationError("金额要大于零。")
    return int(amount)
