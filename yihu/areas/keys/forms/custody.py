"""委托、加收、解除 (F50, F54)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.keys.forms.fields import KeyLinesForm, last4
from yihu.areas.keys.models import Custody, folded_tag
from yihu.areas.keys.rules import knows, owners
from yihu.kernel.forms import PhotosField, PickField, SignatureField, StepForm

C = Custody.Capacity
STRANGER = "{name}不是这户现在的业主，也不是委托书的签署人，不能办理。请核对证件；过户的先更新房屋的业主。"


class _Signed(StepForm):
    """Signed on the screen, or on paper and photographed."""

    signature = SignatureField(label="业主签名")
    photos = PhotosField(label="签好的纸质件、授权书照片")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("signature") and not cleaned.get("photos"):
            self.add_error("signature", "请业主在屏幕上签名；签在纸上的，请拍照附上。")
        return cleaned


class CustodyForm(_Signed, KeyLinesForm):
    """Opening: which unit, who signs and in what capacity, which keys, for what."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    optional = ("phone", "purpose_note", "allowed", "to_on", "signature", "photos")
    starred = ("signature",)

    class Meta:
        model = Custody
        fields = [
            "unit", "signer", "capacity", "id_type", "id_last4", "phone", "purpose", "purpose_note", "allowed", "from_on", "to_on",
        ]  # fmt: skip
        widgets = {
            "capacity": forms.RadioSelect,
            "purpose": forms.RadioSelect,
            "from_on": forms.DateInput(attrs={"type": "date"}),
            "to_on": forms.DateInput(attrs={"type": "date"}),
        }
        help_texts = {
            "allowed": "除业主外，业主同意谁来领用，写姓名",
            "to_on": "没有说定就不填",
            "id_last4": "看过证件原件后填写",
        }

    def prepare(self) -> None:
        self.initial["from_on"] = self.initial.get("from_on") or timezone.localdate(self.at or timezone.now())
        self.add_lines(self.LINES)
        self.sections = (
            ("", ("unit", "signer", "capacity", "id_type", "id_last4", "phone")),
            ("用途", ("purpose", "purpose_note", "from_on", "to_on", "allowed")),
            *self.line_sections(self.LINES),
            ("签名", ("signature", "photos")),
        )

    def clean_id_last4(self) -> str:
        return last4(self.cleaned_data["id_last4"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, signer, at = cleaned.get("unit"), cleaned.get("signer"), self.at or timezone.now()
        if unit is not None and signer:
            known = owners(unit, at)
            named = next((party for party in known if party.name == signer), None)
            if cleaned.get("capacity") == C.OWNER and known and named is None:
                names = "、".join(party.name for party in known)
                self.add_error(
                    "signer", f"{signer}不是这户的业主（登记的是{names}）。受托人来办，请改选签署身份并附授权书。"
                )
            if (
                cleaned.get("capacity") == C.OWNER
                and named
                and cleaned.get("id_last4")
                and not knows(named, cleaned["id_last4"])
            ):
                self.add_error("id_last4", "与户内登记的证件后四位不符，请核对证件。")
            self.record.party = named or next(iter(known), None)
        if cleaned.get("capacity") in (C.AGENT, C.LESSEE) and not cleaned.get("photos"):
            self.add_error("photos", "不是业主本人签署的，请附业主的授权书或同意书照片。")
        if cleaned.get("to_on") and cleaned.get("from_on") and cleaned["to_on"] < cleaned["from_on"]:
            self.add_error("to_on", "委托至不能早于委托自。")
        cleaned["keys"] = self.clean_lines(cleaned, unit, self.LINES)
        return cleaned


class MoreKeysForm(_Signed, KeyLinesForm):
    """A further key of the same household under the same mandate."""

    optional = ("signature", "photos")
    starred = ("signature",)

    class Meta:
        model = Custody
        fields: list[str] = []

    def prepare(self) -> None:
        self.add_lines(1)
        self.fields["place_1"].initial = ""
        self.sections = (*self.line_sections(1), ("签名", ("signature", "photos")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["keys"] = self.clean_lines(cleaned, self.record.unit, 1)
        return cleaned


class ReleaseForm(_Signed):
    """《钥匙解除确认函》: who came, his document, the slip or why there is none (KEY-08)."""

    slip = forms.ChoiceField(
        label="回执", choices=(("back", "已收回回执"), ("none", "没有回执")), widget=forms.RadioSelect
    )  # fmt: skip
    receipt_no = forms.CharField(label="回执编号", max_length=50, help_text="照业主交回的回执抄写或扫码")
    optional = ("receipt_no", "no_receipt_reason", "signature", "photos")
    starred = ("signature", "receipt_no", "no_receipt_reason")
    only_when = {"receipt_no": "slip=back", "no_receipt_reason": "slip=none"}
    sections = (
        ("", ("released_to", "release_id_type", "release_id_last4", "slip", "receipt_no", "no_receipt_reason")),
        ("签名", ("signature", "photos")),
    )

    class Meta:
        model = Custody
        fields = ["released_to", "release_id_type", "release_id_last4", "no_receipt_reason"]
        help_texts = {
            "release_id_last4": "看过证件原件后填写",
            "no_receipt_reason": "由业主自己写明，例如：回执遗失",
        }

    def prepare(self) -> None:
        self.initial["released_to"] = self.record.signer
        self.initial["release_id_type"] = self.record.id_type

    def clean_release_id_last4(self) -> str:
        return last4(self.cleaned_data["release_id_last4"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._clean_person(cleaned)
        if cleaned.get("slip") == "back":
            if folded_tag(cleaned.get("receipt_no") or "") != self.record.receipt_no:
                self.add_error("receipt_no", f"回执编号与委托书不符：这份委托书的回执是 {self.record.receipt_no}。")
            cleaned["no_receipt_reason"] = ""
        elif cleaned.get("slip") == "none" and not cleaned.get("no_receipt_reason"):
            self.add_error("no_receipt_reason", "没有回执的，请业主写明原因。")
        self.record.receipt_returned = cleaned.get("slip") == "back"
        return cleaned

    def _clean_person(self, cleaned: dict[str, Any]) -> None:
        name, typed = cleaned.get("released_to"), cleaned.get("release_id_last4")
        if not name or not typed:
            return
        now_owner = next((one for one in owners(self.record.unit, self.at or timezone.now()) if one.name == name), None)
        signed = name == self.record.signer
        if now_owner is None and not signed:
            self.add_error("released_to", STRANGER.format(name=name))
        elif not (signed and typed == self.record.id_last4) and not (now_owner and _proves(now_owner, typed, signed)):
            self.add_error("release_id_last4", "与登记的证件后四位不符，不能解除。请核对证件原件。")


def _proves(owner: Any, typed: str, signed: bool) -> bool:
    """The document of today's owner; a file without a number proves nothing against what he showed when he signed."""
    return knows(owner, typed) if owner.id_no else not signed
