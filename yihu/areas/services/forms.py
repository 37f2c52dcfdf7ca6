"""What each step of a service order asks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.services.models import PriceRow, ServiceLine, ServiceOrder, prices_in_force
from yihu.basics.money import yuan
from yihu.ground.contact.signing import SigningForm
from yihu.ground.staff.codes import DEPARTMENTS
from yihu.kernel.forms import PersonChoice, PhotosField, PickField, SignatureField, StepForm
from yihu.kernel.money_forms import MOST_FEN, MoneyField

Way, Settle = ServiceOrder.Way, ServiceOrder.Settle
MOST = Decimal("10000")


def quantity_field(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal("0.01"),
        max_value=MOST,
        max_digits=7,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
        **options,
    )


class PriceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A service of the list in force, by its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=PriceRow.objects.none(), to_field_name="code", empty_label="请选择", label="服务项目", **options
        )

    def offer(self, record: Any, at: Any) -> None:
        self.queryset = prices_in_force(record.community_id, timezone.localdate(at))

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name} · {yuan(obj.price_fen)} 元/{obj.measure}"


class OrderForm(StepForm):
    """Opening; where it comes of a contact, all but the service itself is there already."""

    service = PriceChoice()
    quantity = quantity_field("数量")
    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    optional = (
        "service", "quantity", "unit", "party", "location", "customer", "phone", "promised_at", "appointment_from",
        "appointment_to", "free",
    )  # fmt: skip
    taken_over = ("content", "unit", "party", "customer", "phone", "promised_at")
    sections = (
        ("", ("content", "service", "quantity", "free")),
        ("", ("unit", "location", "customer", "phone")),
        ("预约（可不填）", ("appointment_from", "appointment_to", "promised_at")),
    )

    class Meta:
        model = ServiceOrder
        fields = [
            "content", "unit", "party", "location", "customer", "phone", "promised_at", "appointment_from", "appointment_to",
            "free",
        ]  # fmt: skip
        widgets = {"content": forms.Textarea(attrs={"rows": 2}), "party": forms.HiddenInput}
        help_texts = {"free": "便民的小事，例如借梯子、代打一个电话；价目表上有的项目不能这样开"}

    def prepare(self) -> None:
        self.fields["party"].queryset = self.fields["party"].queryset.filter(community_id=self.record.community_id)  # type: ignore[attr-defined]
        self.fields["service"].offer(self.record, self.at)  # type: ignore[attr-defined]
        self.fields["service"].help_text = "也可以先保存，再按价目表逐项加"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("free") and cleaned.get("service"):
            self.add_error("free", "价目表上的项目要收费；请不要勾选“不收费”，或去掉服务项目。")
        if cleaned.get("service") and not cleaned.get("quantity"):
            cleaned["quantity"] = Decimal(1)
        first, last = cleaned.get("appointment_from"), cleaned.get("appointment_to")
        if first and last and last < first:
            self.add_error("appointment_to", "预约结束不能早于预约开始。")
        if first and not last:
            cleaned["appointment_to"] = first
        if last and not first:
            self.add_error("appointment_from", "请填写预约开始，或把预约结束也空着。")
        party, unit = cleaned.get("party"), cleaned.get("unit")
        if party is not None and unit is not None and not party.occupancies.filter(unit=unit).exists():
            cleaned["party"] = None
        return cleaned


class ReasonForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = ServiceOrder
        fields: list[str] = []


class ProgressForm(StepForm):
    words = forms.CharField(label="告知内容", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = ServiceOrder
        fields: list[str] = []


class ScheduleForm(StepForm):
    """When and where, and whose household: until somebody has begun."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    optional = ("unit", "location", "customer", "phone", "appointment_from", "appointment_to")

    class Meta:
        model = ServiceOrder
        fields = ["unit", "location", "customer", "phone", "appointment_from", "appointment_to"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("appointment_from"), cleaned.get("appointment_to")
        if first and last and last < first:
            self.add_error("appointment_to", "预约结束不能早于预约开始。")
        if first and not last:
            cleaned["appointment_to"] = first
        if not self.errors and not self.changed_data:
            raise forms.ValidationError("没有改动任何内容；请改正后再保存，或按 Esc 离开。")
        return cleaned


class LineForm(StepForm):
    service = PriceChoice()
    quantity = quantity_field("数量", initial=1)

    class Meta:
        model = ServiceOrder
        fields: list[str] = []

    def prepare(self) -> None:
        self.fields["service"].offer(self.record, self.at)  # type: ignore[attr-defined]


class MaterialForm(StepForm):
    item = forms.CharField(label="材料", max_length=40)
    measure = forms.CharField(label="单位", max_length=10, initial="件")
    quantity = quantity_field("数量", initial=1)
    unit_price = MoneyField(label="单价（元）")

    class Meta:
        model = ServiceOrder
        fields: list[str] = []


class DropLineForm(StepForm):
    line = forms.ModelChoiceField(
        label="哪一项", queryset=ServiceLine.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    class Meta:
        model = ServiceOrder
        fields: list[str] = []

    def prepare(self) -> None:
        """What the customer has accepted is not taken out; less of it may be done."""
        rows = ServiceLine.objects.filter(order_id=self.record.pk, quote_no__gt=self.record.accepted_no)
        self.fields["line"].queryset = rows  # type: ignore[attr-defined]


class QuoteForm(StepForm):
    """The quote as the customer will hear it; less than the list only with a reason, which another approves."""

    discount = MoneyField(label="优惠（元）")
    optional = ("discount", "discount_reason")
    sections = (("", ("discount", "discount_reason")),)

    class Meta:
        model = ServiceOrder
        fields = ["discount_reason"]
        help_texts = {"discount_reason": "有优惠的，要主管批准后才能报给客户"}

    def prepare(self) -> None:
        if self.record.discount_fen:
            self.fields["discount"].initial = yuan(self.record.discount_fen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        gross = self.record.quote_fen + self.record.discount_fen
        discount = cleaned.get("discount") or 0
        if discount > gross:
            self.add_error("discount", f"优惠不能超过项目合计 {yuan(gross)} 元。")
        if discount and not cleaned.get("discount_reason"):
            self.add_error("discount_reason", "有优惠的，请写明原因。")
        if not discount:
            cleaned["discount_reason"] = ""
        if gross - discount > MOST_FEN:
            raise forms.ValidationError("报价超过 1,000,000.00 元，请核对数量和单价。")
        return cleaned


class AcceptForm(StepForm):
    """The customer says yes before anything is done: with his name on the screen, by telephone, by message."""

    signature = SignatureField(label="客户签名")
    optional = ("signature", "accepted_at")
    only_when = {"signature": "accept_way=signed", "accepted_at": "accept_way=phone message"}
    starred = ("signature",)

    class Meta:
        model = ServiceOrder
        fields = ["accept_way", "accepted_by", "accepted_at"]
        widgets = {"accept_way": forms.RadioSelect}
        help_texts = {"accepted_by": "谁同意了这个价格", "accepted_at": "不填就是现在"}

    def prepare(self) -> None:
        self.initial["accept_way"] = self.initial.get("accept_way") or Way.SIGNED
        self.initial["accepted_by"] = self.initial.get("accepted_by") or self.record.customer
        self.initial["accepted_at"] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("accept_way") == Way.SIGNED:
            cleaned["accepted_at"] = self.at
            if not cleaned.get("signature"):
                self.add_error("signature", "请客户在屏幕上签名；不在当面的，请选电话或短信/微信确认。")
            return cleaned
        cleaned["signature"] = ""
        said = cleaned["accepted_at"] = cleaned.get("accepted_at") or self.at
        quoted = self.record.quoted_at
        if said > self.at + timedelta(minutes=1):
            self.add_error("accepted_at", "确认时间不能晚于现在。")
        elif quoted and said < quoted.replace(second=0, microsecond=0):
            self.add_error("accepted_at", "确认时间不能早于报价时间。")
        return cleaned


class AssignForm(StepForm):
    """Somebody of ours, a department, or a firm from outside."""

    handler = PersonChoice(label="服务人员", capability="services.work")
    team = forms.ChoiceField(label="或部门", choices=[("", "不指定"), *DEPARTMENTS])
    optional = ("handler", "team", "provider")

    class Meta:
        model = ServiceOrder
        fields = ["handler", "team", "provider"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("handler") or cleaned.get("team") or cleaned.get("provider")):
            raise forms.ValidationError("请选择服务人员或部门，或填写外部服务单位。")
        return cleaned


class FinishForm(StepForm):
    """What was really done of each line. More money than was accepted is a new quote, not a finish."""

    photos = PhotosField(label="完工照片")
    optional = ("photos",)

    class Meta:
        model = ServiceOrder
        fields = ["result"]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}

    def prepare(self) -> None:
        for line in self.record.lines.order_by("pk") if self.record.pk else ():
            self.fields[f"actual_{line.pk}"] = forms.DecimalField(
                label=f"{line.item}（{line.measure}，报价 {line.quantity.normalize():f}）",
                min_value=Decimal(0),
                max_value=MOST,
                max_digits=7,
                decimal_places=2,
                required=False,
                initial=f"{line.quantity.normalize():f}",
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        done = []
        for line in self.record.all_lines:
            said = cleaned.get(f"actual_{line.pk}")
            line.actual = line.quantity if said is None else said  # not filled in: as it was quoted
            done.append(line)
        total = max(0, sum(line.actual_fen for line in done) - self.record.accepted_discount_fen)
        if total > self.record.accepted_fen:
            raise forms.ValidationError(
                f"按实际数量是 {yuan(total)} 元，超过客户确认的 {yuan(self.record.accepted_fen)} 元。"
                "请先“变更报价”，客户确认后再完工。"
            )
        cleaned["done"] = done
        return cleaned


class SignForm(SigningForm):
    """The customer signs what was done and how it is paid; a refusal needs its reason, two witnesses and a photograph."""

    starred = ("opinion", "signature", "settle")
    optional = ("opinion", "settle", "invoice")

    class Meta:
        model = ServiceOrder
        fields = ["settle", "invoice", "opinion", "sign_refused"]
        widgets = {"opinion": forms.RadioSelect, "settle": forms.RadioSelect, "invoice": forms.RadioSelect}

    def prepare(self) -> None:
        if not self.record.actual_fen:
            del self.fields["settle"], self.fields["invoice"]  # nothing to pay
        else:
            self.initial["invoice"] = self.initial.get("invoice") or ServiceOrder.Invoice.NONE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "settle" in self.fields:
            cleaned["invoice"] = cleaned.get("invoice") or ServiceOrder.Invoice.NONE
            if not cleaned.get("settle"):
                self.add_error("settle", "请选择即付还是月结。")
            elif cleaned["settle"] == Settle.MONTH and self.record.unit_id is None:
                self.add_error("settle", "月结要记在房号上；没有房号的客户请即付。")
        if not cleaned.get("refused") and not cleaned.get("opinion"):
            self.add_error("opinion", "请选择客户的意见。")
        return cleaned
