"""What is asked when a card goes out, is stopped, lives again, is replaced or comes back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.cards import rules
from yihu.areas.cards.models import Issue, Kind
from yihu.ground.estate.models import Occupancy, Party, Unit
from yihu.kernel.forms import PickField, SignatureField, StepForm, is_row_number
from yihu.kernel.money_forms import MoneyField

FEE = ("fee_note", "fee_fen", "receipt_no")


class _FeeForm(StepForm):
    """No ledger yet: what was charged stands here with the number of the receipt that finance wrote."""

    fee_fen = MoneyField(label="金额（元）")
    signature = SignatureField(label="领取人签名")

    def today(self) -> Any:
        return timezone.localdate(self.at or timezone.now())

    def check_fee(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("fee_fen") and not cleaned.get("receipt_no"):
            self.add_error("receipt_no", "收了钱请填写收据号；没有收钱，金额留空。")
        if cleaned.get("fee_fen") and not cleaned.get("fee_note"):
            self.add_error("fee_note", "请写明收的是押金还是工本费。")

    def check_number(self, kind: str, number: str) -> None:
        said = rules.free(self.record.community_id, kind, number) if kind and number else ""
        if said:
            self.add_error("card_no", said)

    def check_until(self, unit: Any, party: Any, cleaned: dict[str, Any]) -> None:
        """A card ends with the lease at the latest; of whose end nobody knows, it holds until it is given back."""
        until, last = cleaned.get("valid_until"), rules.latest_day(unit.pk, party.pk, self.today())
        if until and until < self.today():
            self.add_error("valid_until", "有效期不能早于今天。")
        elif last and (until is None or until > last):
            if until:
                self.add_error("valid_until", f"{party}在这一户到 {last:%Y-%m-%d} 为止，有效期不能更晚。")
            cleaned["valid_until"] = self.record.valid_until = last


class IssueForm(_FeeForm):
    """A card goes out to somebody who belongs to the household."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    party = PickField("estate.Party", url="estate:pick_party", label="持卡人")
    optional = ("party", "receiver", "valid_until", *FEE)
    starred = ("party",)
    sections = (
        ("", ("unit", "party", "card_kind", "card_no", "receiver", "valid_until")),
        ("押金、工本费（没收不填）", FEE),
        ("签收", ("signature",)),
    )

    class Meta:
        model = Issue
        fields = ["unit", "party", "card_kind", "card_no", "receiver", "valid_until", *FEE]
        widgets = {"card_kind": forms.RadioSelect}
        help_texts = {
            "receiver": "持卡人本人来领就不填",
            "valid_until": "租户不填就到租约结束为止",
            "fee_note": "例如：押金 20 元、补卡工本费",
        }
        error_messages = {"card_no": {"required": "请填写卡上印的号码。"}}

    def prepare(self) -> None:
        """Of a household that is known the members are offered; otherwise a name is typed."""
        self.initial["card_kind"] = self.initial.get("card_kind") or Kind.ACCESS
        given = str(self.data.get("unit") or self.initial.get("unit") or self.record.unit_id or "")
        unit = (
            Unit.objects.filter(pk=given, community_id=self.record.community_id).first()
            if is_row_number(given)
            else None
        )
        if unit is None:
            return
        here = Occupancy.objects.on(self.today()).filter(unit=unit).select_related("party").order_by("place", "pk")
        members = {stay.party_id: f"{stay.party}（{stay.get_role_display()}）" for stay in here}
        if members:
            field = forms.TypedChoiceField(
                label="持卡人", choices=list(members.items()), coerce=int, empty_value=None, widget=forms.RadioSelect, required=False
            )  # fmt: skip
            field.starred, field.when = True, ""  # type: ignore[attr-defined]
            self.fields["party"], self.initial["party"] = field, next(iter(members))

    def clean_party(self) -> Any:
        chosen = self.cleaned_data.get("party")
        return Party.objects.get(pk=chosen) if isinstance(chosen, int) else chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, party = cleaned.get("unit"), cleaned.get("party")
        if unit and not party:
            self.add_error("party", "请选这一户里由谁持卡。")
        elif unit and party and not rules.stays(unit.pk, party.pk, self.today()):
            self.add_error("party", f"{party}现在不在 {unit} 的住户里，请先登记住户。")
        elif unit and party:
            self.check_until(unit, party, cleaned)
            cleaned["receiver"] = cleaned.get("receiver") or str(party)
        self.check_number(cleaned.get("card_kind", ""), cleaned.get("card_no", ""))
        self.check_fee(cleaned)
        return cleaned


class LoseForm(StepForm):
    """Reported lost, by whom: stopped at once, nothing else is asked."""

    class Meta:
        model = Issue
        fields = ["stop_note"]
        labels = {"stop_note": "谁来挂失、怎么丢的"}
        help_texts = {"stop_note": "请同时在门禁或充值系统里停用这张卡"}

    def clean_stop_note(self) -> str:
        return _not_for_money(self.cleaned_data["stop_note"])


class StopForm(StepForm):
    optional = ("stop_note",)

    class Meta:
        model = Issue
        fields = ["stop_reason", "stop_note"]
        widgets = {"stop_reason": forms.RadioSelect}
        help_texts = {"stop_note": "请同时在门禁或充值系统里停用这张卡"}

    def prepare(self) -> None:
        self.fields["stop_reason"].choices = [  # type: ignore[attr-defined]
            choice for choice in Issue.Reason.choices if choice[0] != Issue.Reason.LOST
        ]

    def clean_stop_note(self) -> str:
        return _not_for_money(self.cleaned_data["stop_note"])


class ResumeForm(StepForm):
    reason = forms.CharField(label="恢复原因", max_length=200, help_text="例如：卡已找到")

    class Meta:
        model = Issue
        fields: list[str] = []

    def clean_reason(self) -> str:
        return _not_for_money(self.cleaned_data["reason"])


class CancelForm(ResumeForm):
    reason = forms.CharField(label="注销原因", max_length=200, help_text="例如：卡丢了，住户已搬走，不再补")


class ExtendForm(_FeeForm):
    """A lease that goes on: the card with it."""

    fee_fen = None
    signature = None

    class Meta:
        model = Issue
        fields = ["valid_until"]
        labels = {"valid_until": "新的有效期至"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("valid_until"):
            self.check_until(self.record.unit, self.record.party, cleaned)
        return cleaned


class ReplaceForm(_FeeForm):
    """Another card for the same holder; the old number never goes out again."""

    new_no = forms.CharField(label="新卡号", max_length=30)
    fee_note = forms.CharField(label="押金或工本费", max_length=80)
    receipt_no = forms.CharField(label="收据号", max_length=30)
    receiver = forms.CharField(label="领取人", max_length=40, help_text="持卡人本人来领就不填")
    optional = ("receiver", *FEE)
    field_order = ("new_no", "receiver", *FEE, "signature")

    class Meta:
        model = Issue
        fields: list[str] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = rules.free(self.record.community_id, self.record.card_kind, cleaned.get("new_no", ""))
        if said:
            self.add_error("new_no", said)
        self.check_fee(cleaned)
        return cleaned


class ReturnForm(StepForm):
    optional = ("returned_by",)

    class Meta:
        model = Issue
        fields = ["condition", "returned_by"]
        widgets = {"condition": forms.RadioSelect}
        help_texts = {"returned_by": "持卡人本人来退就不填"}

    def prepare(self) -> None:
        self.initial["condition"] = Issue.Condition.GOOD
        if self.record.fee_fen:
            self.fields["fee_back"] = forms.BooleanField(
                label=f"押金已按规定处理：{self.record.fee_note}，收据 {self.record.receipt_no}", required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "fee_back" in self.fields and not cleaned.get("fee_back"):
            self.add_error("fee_back", "发卡时收过钱：该退的请退还后勾选，不退的（工本费）向住户说明后勾选。")
        return cleaned


def _not_for_money(words: str) -> str:
    if said := rules.about_money(words):
        raise forms.ValidationError(said)
    return words
