"""A parcel goes: to whoever shows the code or signs, or back to its carrier."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms

from yihu.areas.parcels.models import ParcelCustody, Sort
from yihu.kernel.forms import RowsField, SignatureField, StepForm

R = ParcelCustody.Relation


def same_person(parcel: Any) -> Any:
    """What else lies here for the same person of the same household."""
    rows = ParcelCustody.objects.filter(
        held_in=parcel.community_id, state=ParcelCustody.State.HELD, unit_id=parcel.unit_id, party_id=parcel.party_id
    ).exclude(pk=parcel.pk)
    return rows.filter(addressee=parcel.addressee) if parcel.party_id is None else rows


def offer_the_others(form: StepForm, rows: Any) -> None:
    """Nobody carries one parcel away and comes back for the next."""
    field: Any = form.fields["also"]
    field.queryset = rows.order_by("shelf", "pk")
    field.label_from_instance = lambda parcel: f"{parcel.what} · {parcel.shelf}"
    form.initial["also"] = [parcel.pk for parcel in field.queryset]
    if not form.initial["also"]:
        del form.fields["also"]


class CodeForm(StepForm):
    """凭码取件: the code of this parcel, or of another that lies here for the same person."""

    shown_code = forms.CharField(label="取件码", max_length=12)
    also = RowsField(label="一起取走", queryset=ParcelCustody.objects.none(), widget=forms.CheckboxSelectMultiple)
    optional = ("also",)

    class Meta:
        model = ParcelCustody
        fields: list[str] = []

    def prepare(self) -> None:
        self.fields["shown_code"].widget.attrs.update(inputmode="numeric", autocomplete="off", autofocus="")
        offer_the_others(self, same_person(self.record).filter(sort=Sort.ORDINARY))

    def clean_shown_code(self) -> str:
        typed = "".join(filter(str.isalnum, self.cleaned_data["shown_code"]))
        known = {self.record.code, *same_person(self.record).values_list("code", flat=True)} - {""}
        if not any(secrets.compare_digest(typed.encode(), code.encode()) for code in known):
            raise forms.ValidationError("取件码不对，请核对；没有取件码的，用“签收取件”。")
        return typed


class SignForm(StepForm):
    """签收取件: whoever fetches signs; of a registered letter his document is looked at."""

    also = RowsField(label="一起取走", queryset=ParcelCustody.objects.none(), widget=forms.CheckboxSelectMultiple)
    signature = SignatureField(label="取件人签名")
    optional = ("also", "picked_by", "id_type", "id_last4")
    sections = (("", ("relation", "picked_by", "id_type", "id_last4", "also", "signature")),)

    class Meta:
        model = ParcelCustody
        fields = ["relation", "picked_by", "id_type", "id_last4"]
        widgets = {"relation": forms.RadioSelect, "id_type": forms.RadioSelect}
        help_texts = {"picked_by": "别人代取才填", "id_last4": "取件人出示的证件"}

    def prepare(self) -> None:
        self.fields["relation"].required = True
        self.initial["relation"] = self.initial.get("relation") or R.SELF
        others = " ".join(one.value for one in R if one != R.SELF)
        self.fields["picked_by"].when = f"relation={others}"  # type: ignore[attr-defined]
        self.fields["picked_by"].starred = True  # type: ignore[attr-defined]
        if self.record.sort == Sort.REGISTERED:
            self.initial["id_type"] = self.initial.get("id_type") or ParcelCustody.IdType.CARD
            self.fields["id_type"].required = self.fields["id_last4"].required = True
        else:
            del self.fields["id_type"], self.fields["id_last4"]
        rows = same_person(self.record)
        offer_the_others(self, rows if self.record.sort == Sort.REGISTERED else rows.filter(sort=Sort.ORDINARY))

    def clean_id_last4(self) -> str:
        plain = "".join(self.cleaned_data["id_last4"].upper().split())
        if len(plain) != 4 or not plain.isalnum() or not plain.isascii():
            raise forms.ValidationError("请填证件号码的最后四位。")
        return plain

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("id_type", "")
        cleaned.setdefault("id_last4", "")
        if cleaned.get("relation") == R.SELF:
            cleaned["picked_by"] = ""
        elif cleaned.get("relation") and not cleaned.get("picked_by"):
            self.add_error("picked_by", "别人代取，请填取件人的姓名。")
        return cleaned


class SendBackForm(StepForm):
    """Back to the carrier; to whom it was given."""

    optional = ("return_no",)

    class Meta:
        model = ParcelCustody
        fields = ["returned_to", "return_no"]
        labels = {"returned_to": "交给谁"}
        help_texts = {"returned_to": "例如：顺丰 小周", "return_no": "有新单号就填"}

    def prepare(self) -> None:
        self.fields["returned_to"].required = True


class BringBackForm(StepForm):
    reason = forms.CharField(label="怎么回事", max_length=200, help_text="例如：同名拿错，原封送回")

    class Meta:
        model = ParcelCustody
        fields: list[str] = []
