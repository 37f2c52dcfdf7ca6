"""What a person's request asks: who comes, that he is who he says; then item by item what is decided and why (PIPL 45–49)."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.archives.holding import WORDS, items_of
from yihu.areas.archives.models import DataRequest
from yihu.areas.archives.reach import reach_of
from yihu.basics.identity import mask_free_text
from yihu.ground.estate.models import Party
from yihu.kernel.forms import FilesField, PickField, SignatureField, StepForm
from yihu.kernel.personal import match_last4

R = DataRequest.Asker
REASON = 120


class RequestForm(StepForm):
    """At the desk: whose data, what he asks, who comes; the document is looked at and its last four compared."""

    party = PickField("estate.Party", url="estate:pick_party", label="谁的信息")
    letter = FilesField(label="委托书或亲属关系证明的扫描件", max_files=5)
    signature = SignatureField(label="请求人签名")
    optional = ("asker_name", "said", "letter", "also_called")
    starred = ("asker_name", "letter")
    only_when = {"asker_name": "asker=proxy kin", "letter": "asker=proxy kin", "also_called": "asks=erase"}
    sections = (
        ("", ("party", "asks", "said", "also_called")),
        ("核对身份", ("asker", "asker_name", "letter", "id_type", "id_last4", "signature")),
    )

    class Meta:
        model = DataRequest
        fields = ["party", "asks", "asker", "asker_name", "id_type", "id_last4", "said", "also_called"]
        widgets = {
            "asks": forms.RadioSelect,
            "asker": forms.RadioSelect,
            "id_type": forms.RadioSelect,
            "said": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "said": "更正：哪里不对、应该是什么；删除：要删哪些。号码本身不写在这里",
            "id_last4": "看原件，填来人证件的最后四位",
        }

    def clean_id_last4(self) -> str:
        plain = "".join(self.cleaned_data["id_last4"].upper().split())
        if len(plain) != 4 or not plain.isalnum() or not plain.isascii():
            raise forms.ValidationError("请填证件号码的最后四位。")
        return plain

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asker, party = cleaned.get("asker"), cleaned.get("party")
        if asker == R.SELF:
            cleaned["asker_name"] = ""
            if party and cleaned.get("id_last4") and not self._is_he(party, cleaned["id_last4"]):
                self.add_error("id_last4", f"与登记的{party}的证件号码后四位不一样，请核对；不是本人的，请选受托人。")
        elif asker:
            if not cleaned.get("asker_name"):
                self.add_error("asker_name", "请写代办人的姓名。")
            if not cleaned.get("letter"):
                self.add_error("letter", "请上传委托书（近亲属：死亡证明和亲属关系证明）。")
        if cleaned.get("asks") in (DataRequest.Asks.CORRECT, DataRequest.Asks.ERASE) and not cleaned.get("said"):
            self.add_error("said", "请写清楚要更正或删除什么。")
        if cleaned.get("said") and mask_free_text(cleaned["said"]) != cleaned["said"]:
            self.add_error("said", "这里不要写号码本身，只写是哪一项。")
        if party and cleaned.get("asks") == DataRequest.Asks.UNLOCK and party.locked_at is None:
            self.add_error("asks", f"{party} 的个人信息没有锁定，不用解除。")
        return cleaned

    def _is_he(self, party: Any, typed: str) -> bool:
        """Only where a number is known can it be compared; else the document was looked at, and that is all."""
        return not party.id_no or Party.objects.filter(match_last4(Party, "id_no", typed), pk=party.pk).exists()


class DecideForm(StepForm):
    """Each item with what may be decided of it, and the reason that the answer will give. What the law makes us keep cannot be
    erased here by anybody."""

    class Meta:
        model = DataRequest
        fields: list[str] = []

    def prepare(self) -> None:
        party = self.record.party
        self.listed = items_of(self.record.asks, party, self.at or timezone.now(), self.record) if party else []
        sections = []
        for item in self.listed:
            options = [(one, WORDS[one]) for one in item.options]
            choice = forms.ChoiceField(label="决定", choices=options, widget=forms.RadioSelect, initial=item.options[0])
            reason = forms.CharField(
                label="理由", max_length=REASON, initial=item.reason, widget=forms.Textarea(attrs={"rows": 2})
            )
            for name, field in ((f"decide_{item.code}", choice), (f"why_{item.code}", reason)):
                field.starred, field.when = False, ""  # type: ignore[attr-defined]
                self.fields[name] = field
            sections.append((item.what, (f"decide_{item.code}", f"why_{item.code}")))
        self.sections = tuple(sections)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        decided = []
        for item in self.listed:
            choice, why = cleaned.get(f"decide_{item.code}"), cleaned.get(f"why_{item.code}") or ""
            if choice and choice != item.options[0] and why == item.reason:
                self.add_error(f"why_{item.code}", f"决定{WORDS[choice]}，请写明理由。")
            if mask_free_text(why) != why:
                self.add_error(f"why_{item.code}", "理由里不要写号码。")
            decided.append({"code": item.code, "what": item.what, "decision": choice, "reason": why})
        if not decided:
            raise forms.ValidationError("没有可以决定的内容。")
        self.record.items = decided
        return cleaned


class CarryOutForm(StepForm):
    """Every place that is going to be masked or locked, as far as the handler may see it. Ticked is what is about somebody
    else of that name; it stays as it is."""

    others = forms.MultipleChoiceField(
        label="写的是别人的，勾上就不动",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choice-row"}),
        help_text="没有勾的全部按每行后面写的办",
    )
    shown = forms.CharField(widget=forms.HiddenInput)
    optional = ("others", "shown")

    class Meta:
        model = DataRequest
        fields: list[str] = []

    def prepare(self) -> None:
        choices = self._choices() if self.record.asks == DataRequest.Asks.ERASE and self.by is not None else []
        self.digest = hashlib.sha256("\n".join(key for key, _ in choices).encode()).hexdigest()[:16]
        self.initial = {**self.initial, "shown": self.digest}
        self.fields["others"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["others"]

    def _choices(self) -> list[tuple[str, str]]:
        reach = reach_of(self.record.party, self.at or timezone.now(), self.record)
        found: list[tuple[str, str]] = []
        if self.record.decision("scans") == "erase":
            for paper in reach.papers:
                keep, until = reach.paper_term(paper)
                fate = f"锁定到 {until}" if keep else "删除"
                found.append((f"paper.{paper.pk}", f"{paper.unit} {paper.title} 的扫描件 → {fate}"))
        if self.record.decision("texts") == "erase":
            found += [(one.key, f"{one.where}：{one.excerpt} → {one.fate}") for one in reach.shown_to(self.by)]
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("shown") and cleaned["shown"] != self.digest:
            self.data = self.data.copy()
            self.data["shown"] = self.digest
            raise forms.ValidationError("这期间又有别的地方写到他，下面已经重新列出，请再看一遍。")
        return cleaned


class CorrectedForm(StepForm):
    """What was corrected, in words for the answer."""

    class Meta:
        model = DataRequest
        fields = ["outcome"]
        widgets = {"outcome": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"outcome": "例如：备用电话已改为新号码。号码本身不写"}

    def clean_outcome(self) -> str:
        said = str(self.cleaned_data["outcome"])
        if mask_free_text(said) != said:
            raise forms.ValidationError("这里不要写号码本身，只写改了哪一项。")
        return said


class AnswerForm(StepForm):
    """The printed answer reaches him: how, and who signed for it."""

    signature = SignatureField(label="签收人签名")
    optional = ("signature", "received_by")
    starred = ("signature", "received_by")
    only_when = {"signature": "delivery=hand", "received_by": "delivery=hand"}

    class Meta:
        model = DataRequest
        fields = ["delivery", "received_by"]
        widgets = {"delivery": forms.RadioSelect}

    def prepare(self) -> None:
        who = self.record.asker_name or str(self.record.party or "")
        self.initial = {**self.initial, "delivery": DataRequest.Delivery.HAND, "received_by": who}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("delivery") == DataRequest.Delivery.HAND:
            if not cleaned.get("received_by"):
                self.add_error("received_by", "请写签收人。")
            if not cleaned.get("signature"):
                self.add_error("signature", "当面交付的，请签收人在屏幕上签名。")
        return cleaned
