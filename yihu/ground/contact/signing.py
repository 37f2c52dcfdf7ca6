"""Somebody outside signs on the screen, or will not: then the reason, two colleagues who saw it and a photograph stand for it.

A refusal never stops the procedure (domain.md §2, ``sign``). Who did the work is no witness of its refusal.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from yihu.kernel.forms import PersonChoice, PhotosField, SignatureField, StepForm
from yihu.kernel.models import Attachment

WITNESS = "reception.open"
REFUSAL = ("refused", "witness_1", "witness_2", "photos")


class SigningForm(StepForm):
    """``whose`` is who signs, in a word; ``why`` the column that keeps the reason of a refusal; ``own_work``: what is signed
    for is the handler's own work, so he cannot be the one who saw it refused; ``needs_photo``: what was refused by telephone
    has no scene to be photographed."""

    signature = SignatureField(label="签名")
    refused = forms.BooleanField(label="拒签")
    witness_1 = PersonChoice(label="见证人一", capability=WITNESS)
    witness_2 = PersonChoice(label="见证人二", capability=WITNESS)
    photos = PhotosField(label="拒签现场照片")
    starred: tuple[str, ...] = ("signature",)
    whose: ClassVar[str] = "客户"
    why: ClassVar[str] = "sign_refused"
    own_work: ClassVar[bool] = True
    needs_photo: ClassVar[bool] = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.optional = (*self.optional, "signature", self.why, *REFUSAL)  # which must be there: see clean()
        super().__init__(*args, **kwargs)
        self.fields["signature"].label, self.fields["refused"].label = f"{self.whose}签名", f"{self.whose}拒签"

    def signed_otherwise(self, cleaned: dict[str, Any]) -> bool:
        """Whether it needs no signature on the screen, e.g. because paper was signed."""
        return False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("refused"):
            if not cleaned.get("signature") and not self.signed_otherwise(cleaned):
                self.add_error("signature", f"请{self.whose}在屏幕上签名；不肯签的，请勾选“{self.whose}拒签”。")
            return cleaned
        if not cleaned.get(self.why):
            self.add_error(self.why, f"请写明{self.whose}拒签的原因。")
        witnesses = {person.pk for person in (cleaned.get("witness_1"), cleaned.get("witness_2")) if person}
        if len(witnesses) != 2:
            self.add_error("witness_2", "拒签须有两名不同的员工见证。")
        elif self.own_work and self.record.handler_id in witnesses:
            self.add_error("witness_2", "干活的人自己不能作见证，请换一名同事。")
        if self.needs_photo and not cleaned.get("photos"):
            self.add_error("photos", "拒签须附现场照片。")
        return cleaned


def keep_signature(act: Any, form: type[SigningForm]) -> Attachment | None:
    """What was signed, kept with the record; None where it was refused, which the journal then tells with its witnesses."""
    if not act.data.get("refused"):
        setattr(act.record, form.why, "")
        drawn: Attachment = act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
        return drawn
    witnesses = f"{act.data['witness_1']}、{act.data['witness_2']}"
    act.command.note(act.record, f"{form.whose}拒签，见证人：{witnesses}", step="witness")
    for photo in act.data["photos"]:
        act.attach(photo)
    return None
