"""What a lease filing asks, and what is asked when the lease goes on, is given up or ends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.households.forms.transfers import DATE, BeforeShown, day_field
from yihu.areas.households.models import LeaseFiling
from yihu.basics.worktime import add_months
from yihu.ground.estate.models import Party, Unit
from yihu.kernel.forms import FilesField, PickField, StepForm
from yihu.kernel.money_forms import MoneyField

ONE_YEAR = 12


class FilingForm(StepForm):
    """《租户商住情况登记表》: the lessee is one who is entered already, or is entered with it."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    before = forms.CharField(label="现在的情况", widget=BeforeShown)
    party = PickField("estate.Party", url="estate:pick_party", label="已在册的租户")
    name = forms.CharField(label="租户姓名或单位", max_length=80)
    phone = Party._meta.get_field("phone").formfield(label="联系电话")
    id_no = Party._meta.get_field("id_no").formfield(label="证件号码", help_text="个人身份证号，单位统一社会信用代码")
    rent_fen = MoneyField(label="月租金（元）")
    consent_scan = FilesField(label="业主同意书、合同扫描件")
    optional = (
        "before", "party", "name", "phone", "id_no", "licence_no", "contact_name", "business", "persons", "owner_consent", "id_seen",
        "police_on", "rent_fen", "remark", "consent_scan",
    )  # fmt: skip
    starred = ("name", "phone", "persons")
    only_when = dict.fromkeys(("licence_no", "business"), "use=mixed office trade")
    sections = (
        ("", ("unit", "before", "party", "name", "phone", "contact_name", "id_no")),
        ("租约与用途", ("use", "business", "licence_no", "lease_from", "lease_to", "persons", "payer")),
        ("证件与备案", ("owner_consent", "id_seen", "police_on", "fit_out", "filed_on")),
        ("月租金、备注、扫描件（可不填）", ("rent_fen", "remark", "consent_scan")),
    )

    class Meta:
        model = LeaseFiling
        fields = [
            "unit", "party", "licence_no", "contact_name", "use", "business", "lease_from", "lease_to", "persons", "payer", "owner_consent",
            "id_seen", "police_on", "fit_out", "filed_on", "remark",
        ]  # fmt: skip
        widgets = {
            "use": forms.RadioSelect,
            "payer": forms.RadioSelect,
            "fit_out": forms.RadioSelect,
            **{
                name: forms.DateInput(attrs=DATE, format="%Y-%m-%d")
                for name in ("lease_from", "lease_to", "police_on", "filed_on")
            },
        }
        help_texts = {"police_on": "还没有备案就留空，会列为缺项", "contact_name": "单位租户写经办人"}

    def prepare(self) -> None:
        today = timezone.localdate(self.at) if self.at else timezone.localdate()
        usual = {
            "use": Unit.Use.LET, "payer": LeaseFiling.Payer.LESSEE, "fit_out": LeaseFiling.FitOut.NONE, "filed_on": today,
            "lease_from": today, "lease_to": add_months(today, ONE_YEAR),
        }  # fmt: skip
        for name, value in usual.items():
            self.fields[name].initial = value
            if not self.initial.get(name):
                self.initial[name] = value
        self.fields["party"].help_text = "业主名册里已有的租户选上即可，不用再填姓名、电话"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("lease_from"), cleaned.get("lease_to")
        if first and last and last < first:
            self.add_error("lease_to", "租期结束不能早于开始。")
        elif last and last < timezone.localdate(self.at):
            self.add_error("lease_to", "这份租约已经结束，不用再登记。")
        if cleaned.get("party") is None:
            if not cleaned.get("name") and "name" not in self.errors:
                self.add_error("name", "请写租户的姓名或单位名称，或从已在册的租户里选。")
            if not cleaned.get("phone") and "phone" not in self.errors:
                self.add_error("phone", "请写租户的联系电话。")
        return cleaned

    def clean_filed_on(self) -> Any:
        return self.not_to_come("filed_on")


class CompleteForm(StepForm):
    """What was missing has been brought."""

    scans = FilesField(label="扫描件")
    optional = ("licence_no", "persons", "owner_consent", "id_seen", "police_on", "scans")

    class Meta:
        model = LeaseFiling
        fields = ["owner_consent", "id_seen", "police_on", "licence_no", "persons", "fit_out"]
        widgets = {"police_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"), "fit_out": forms.RadioSelect}


class RenewForm(StepForm):
    """The lease goes on."""

    until = day_field("续租至")
    rent_fen = MoneyField(label="新的月租金（元）", help_text="没有变就留空")
    optional = ("rent_fen",)

    class Meta:
        model = LeaseFiling
        fields: list[str] = []

    def prepare(self) -> None:
        self.fields["until"].initial = add_months(self.record.lease_to, ONE_YEAR)

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= self.record.lease_to or until < timezone.localdate(self.at):
            raise forms.ValidationError(f"续租要晚于现在的租期 {self.record.lease_to:%Y-%m-%d} 和今天。")
        return until


class ShortenForm(StepForm):
    """Given up before its end, on a day to come."""

    until = day_field("提前到哪天终止")
    reason = forms.CharField(label="原因", max_length=200)

    class Meta:
        model = LeaseFiling
        fields: list[str] = []

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if not max(timezone.localdate(self.at), self.record.lease_from) <= until < self.record.lease_to:
            raise forms.ValidationError(
                f"终止日期要在今天以后、{self.record.lease_to:%Y-%m-%d} 以前；已经搬走的，请用“退租”。"
            )
        return until


class LeaveForm(StepForm):
    """The lessee has left."""

    left_on = day_field("退租日期")
    use_after = forms.ChoiceField(
        label="退租后房屋",
        widget=forms.RadioSelect,
        choices=[(use.value, use.label) for use in (Unit.Use.VACANT, Unit.Use.OWN, Unit.Use.LET)],
        initial=Unit.Use.VACANT,
    )
    reason = forms.CharField(label="说明", max_length=200, help_text="钥匙、门禁卡、车位、水电费是否都已交接")
    optional = ("reason",)

    class Meta:
        model = LeaseFiling
        fields = ["left_on"]
        widgets = {"left_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d")}

    def prepare(self) -> None:
        self.fields["left_on"].initial = min(self.record.lease_to, timezone.localdate(self.at))
        self.initial["left_on"] = self.record.left_on or self.fields["left_on"].initial

    def clean_left_on(self) -> Any:
        day = self.cleaned_data["left_on"]
        if not self.record.lease_from <= day <= timezone.localdate(self.at):
            raise forms.ValidationError(
                f"退租日期要在租期开始的 {self.record.lease_from:%Y-%m-%d} 到今天之间；以后才走的，请用“提前终止”。"
            )
        return day
