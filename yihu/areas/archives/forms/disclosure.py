"""What is asked before anything of an owner leaves the house, and when it does: to whom, what, by whose word (ARC-13, SEC-03)."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.archives.models import Disclosure
from yihu.basics.identity import mask_free_text
from yihu.ground.estate.models import Occupancy
from yihu.kernel.forms import FilesField, PickField, SignatureField, StepForm, asking

LAW = {
    "law": "请写法律依据，例如哪部法哪一条。",
    "letter_no": "请写公函文号；没有公函的不能提供。",
    "official_1": "请写第一名经办人的姓名。",
    "badge_1": "请写第一名经办人的工作证件号。",
    "official_2": "请写第二名经办人的姓名，要两人同来。",
    "badge_2": "请写第二名经办人的工作证件号。",
}


class DisclosureForm(StepForm):
    """The owner signs here or on paper, or the law's letter is scanned; the rest follows from the ground."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="涉及哪一户")
    party = PickField("estate.Party", url="estate:pick_party", label="谁的信息")
    data = forms.MultipleChoiceField(
        label="提供哪些", choices=Disclosure.Data.choices, widget=forms.CheckboxSelectMultiple
    )
    signature = SignatureField(label="本人签名")
    proof = FilesField(label="公函或同意书的扫描件", max_files=5)
    checked = forms.BooleanField(label="已核对两名经办人的工作证件")
    optional = ("party", "what", *LAW, "signature", "proof", "checked")
    starred = (*LAW, "checked")
    only_when = {**dict.fromkeys((*LAW, "checked"), "ground=law"), "party": "ground=word", "signature": "ground=word"}
    sections = (("", ("unit", "to_whom", "data", "what", "purpose", "ground", "party", *LAW, "checked", "signature", "proof")),)  # fmt: skip

    class Meta:
        model = Disclosure
        fields = ["unit", "party", "to_whom", "what", "purpose", "ground", *LAW]
        widgets = {"ground": forms.RadioSelect, "what": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "to_whom": "单位名称或姓名，例如某某派出所、某某保险公司",
            "what": "要说明的再写；不写号码本身",
            "law": "例如刑事诉讼法第五十四条",
        }

    def prepare(self) -> None:
        self.fields["proof"].help_text = "法律规定的必须上传公函；本人同意的，屏幕上签了名就不用"
        self.fields["party"].help_text = "不选就是这一户现在的业主"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ground = cleaned.get("ground")
        if ground == Disclosure.Ground.LAW:
            self._by_law(cleaned)
        elif ground == Disclosure.Ground.WORD:
            self._by_word(cleaned)
        for name in ("what", "purpose", "to_whom"):
            if cleaned.get(name) and mask_free_text(cleaned[name]) != cleaned[name]:
                self.add_error(name, "这里不要写号码本身，只写是哪一类内容。")
        self.record.kinds = cleaned.get("data") or []
        return cleaned

    def _by_law(self, cleaned: dict[str, Any]) -> None:
        for name, sentence in LAW.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        same_name = cleaned.get("official_1") and cleaned.get("official_1") == cleaned.get("official_2")
        same_badge = cleaned.get("badge_1") and cleaned.get("badge_1") == cleaned.get("badge_2")
        if same_name or same_badge:
            self.add_error("official_2", "要有两名不同的经办人。")
        if not cleaned.get("checked"):
            self.add_error("checked", "请核对两名经办人的工作证件后打勾。")
        if not cleaned.get("proof"):
            self.add_error("proof", "请上传公函的扫描件。")

    def _by_word(self, cleaned: dict[str, Any]) -> None:
        for name in LAW:
            cleaned[name] = ""
        if not cleaned.get("signature") and not cleaned.get("proof"):
            self.add_error("signature", "请本人在屏幕上签名，或者上传他签了名的同意书。")
        unit, party = cleaned.get("unit"), cleaned.get("party")
        if unit is None:
            return
        stays = Occupancy.objects.filter(unit=unit).select_related("party").order_by("to_on", "place", "pk")
        if party is None:
            owners = {stay.party_id: stay.party for stay in stays.filter(role="owner", to_on=None)}
            if len(owners) == 1:
                cleaned["party"] = next(iter(owners.values()))
            else:
                self.add_error("party", "这一户没有登记业主，或不止一位，请选是谁的信息、谁签的名。")
        elif not any(stay.party_id == party.pk for stay in stays):
            self.add_error("party", f"{party} 不是这一户登记的人，请核对房号或姓名。")


RefuseDisclosureForm = asking(Disclosure, "refusal")


class GiveForm(StepForm):
    """Handed over against a signature, on the screen or on the printed slip."""

    signature = SignatureField(label="签收人签名")
    slip = FilesField(label="签了字的签收单扫描件", max_files=2)
    optional = ("signature", "slip")
    starred = ("signature",)

    class Meta:
        model = Disclosure
        fields = ["way", "receiver"]
        widgets = {"way": forms.RadioSelect}

    def prepare(self) -> None:
        self.initial = {**self.initial, "way": self.record.way or Disclosure.Way.COPY}
        self.fields["slip"].help_text = "在打印的签收单上签字的，扫描上传"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("signature") and not cleaned.get("slip"):
            self.add_error("signature", "请签收人在屏幕上签名，或者上传签了字的签收单。")
        return cleaned
