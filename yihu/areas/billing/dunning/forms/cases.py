"""The forms of a case: opening, calls, disputes, instalments, letters, the court."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.dunning.forms.shared import delivery_form, words_form
from yihu.areas.billing.dunning.models import Call, DunningCase
from yihu.areas.billing.dunning.reckon import recount, undisputed
from yihu.areas.billing.dunning.rounds import steward_of
from yihu.areas.billing.dunning.standing import overdue
from yihu.basics.money import MoneyError, fen, share, yuan
from yihu.basics.worktime import add_months
from yihu.ground.sending.guarded import Guarded
from yihu.kernel.forms import FilesField, PickField, SignatureField, StepForm, is_row_number

REASONABLE = 15  # days to pay (民法典第944条)
MOST_PARTS = 24
_PART = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?[\s:：,，]+([\d,.]+)元?$")


def _today(form: StepForm) -> date:
    return timezone.localdate(form.at or timezone.now())


class CaseField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The case from whose page a paper is opened; what cannot be the number of a row never gets as far as the database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DunningCase.objects.none(), widget=forms.HiddenInput, label="催缴", **kwargs)

    def to_python(self, value: Any) -> Any:
        if value and not isinstance(value, DunningCase) and not is_row_number(str(value)):
            raise forms.ValidationError("请从一户的催缴页面打开这张表。")
        return super().to_python(value)


class OpenForm(StepForm):
    """Only who is late with something, and only once at a time."""

    party = PickField("estate.Party", url="estate:pick_party", label="付款人")

    class Meta:
        model = DunningCase
        fields = ["party"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        party = cleaned.get("party")
        if party is None:
            return cleaned
        late = list(overdue(self.record.community_id, _today(self), party=party.pk))
        if not late:
            self.add_error("party", "这位付款人没有到期未缴的账单，不用催。")
            return cleaned
        there = DunningCase.objects.filter(open_of=party, closed_at__isnull=True).first()
        if there is not None:
            self.add_error("party", f"已经在催了：{there.number}。请到那里登记。")
        self.record.party, self.record.open_of = party, party
        self.record.unit = max(late, key=lambda charge: (charge.unit_id is not None, charge.open)).unit
        self.record.handler = steward_of(self.record.unit)
        recount(self.record, self.at or timezone.now())
        return cleaned


class CallForm(Guarded, StepForm):
    """What was said and explained. ``said`` is the payer's own word and may name anything."""

    way = forms.ChoiceField(label="方式", choices=Call.Way.choices, widget=forms.RadioSelect, initial=Call.Way.PHONE)
    reached = forms.ChoiceField(
        label="结果", choices=[("yes", "找到本人"), ("no", "没找到人")], widget=forms.RadioSelect, initial="yes"
    )
    said = forms.CharField(label="客户怎么说", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)
    explained = forms.CharField(label="解释了什么", widget=forms.Textarea(attrs={"rows": 2}), max_length=500)
    promised_on = forms.DateField(
        label="答应哪天缴", widget=forms.DateInput(attrs={"type": "date"}), help_text="没有答应的不填"
    )
    optional = ("reason", "said", "explained", "promised_on")
    starred = ("reason", "said", "explained")
    only_when = dict.fromkeys(("reason", "said", "explained", "promised_on"), "reached=yes")
    guarded = ("explained",)
    field_order = ("way", "reached", "reason", "said", "explained", "promised_on")

    class Meta:
        model = DunningCase
        fields = ["reason"]
        widgets = {"reason": forms.RadioSelect}

    def prepare(self) -> None:
        self.fields["reason"].choices = DunningCase.Reason.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reached") == "no":
            cleaned |= {"reason": self.initial.get("reason") or "", "said": "", "explained": "", "promised_on": None}
            return cleaned
        for name, words in (
            ("reason", "请选择未缴的原因。"),
            ("said", "请写下客户怎么说。"),
            ("explained", "请写下解释了什么。"),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        promised = cleaned.get("promised_on")
        if promised and promised < _today(self):
            self.add_error("promised_on", "答应的日子不能在今天以前。")
        return cleaned


class PlanForm(StepForm):
    """分期: dates and amounts that add up to what is owed and not contested, with the payer's own signature."""

    parts = forms.CharField(label="各期", widget=forms.Textarea(attrs={"rows": 6}), max_length=1200)
    signature = SignatureField(label="付款人签名")
    agreement = FilesField(label="或：签过字的分期协议")
    optional = ("signature", "agreement")
    starred = ("signature",)

    class Meta:
        model = DunningCase
        fields: list[str] = []

    def prepare(self) -> None:
        owed, today = self._owed(), _today(self)
        if not self.is_bound and owed:
            thirds = share(owed, [1, 1, 1])
            told = [f"{add_months(today, place + 1):%Y-%m-%d}　{yuan(part)}" for place, part in enumerate(thirds)]
            self.initial["parts"] = "\n".join(told)
        self.fields[
            "parts"
        ].help_text = f"每行一期：日期、空格、金额。合计要等于没有争议的欠费 {yuan(owed)} 元，最多 {MOST_PARTS} 期。"

    def _owed(self) -> int:
        return sum(charge.open for charge in undisputed(self.record, _today(self)))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("signature") and not cleaned.get("agreement"):
            self.add_error("signature", "分期要有付款人的书面同意：请他在屏幕上签名，或附上签过字的协议。")
        if cleaned.get("parts"):
            cleaned["parts"] = self._parts(str(cleaned["parts"]))
        return cleaned

    def _parts(self, text: str) -> list[tuple[date, int]]:
        found: list[tuple[date, int]] = []
        for line in filter(None, (one.strip() for one in text.splitlines())):
            told = _PART.match(line)
            try:
                day = date(*map(int, told.groups()[:3])) if told else None
                amount = fen(told[4]) if told else 0
            except (ValueError, MoneyError):
                day = None
            if day is None or amount <= 0:
                self.add_error("parts", f"“{line[:30]}”看不懂。请写成：2026-12-10 500.00")
                return []
            found.append((day, amount))
        days, owed = [day for day, _ in found], self._owed()
        total = sum(amount for _, amount in found)
        if days != sorted(set(days)) or (days and days[0] < _today(self)):
            self.add_error("parts", "日期要从早到晚、不重复，第一期不能在今天以前。")
        elif len(found) < 2 or len(found) > MOST_PARTS:
            self.add_error("parts", f"分期至少两期，最多 {MOST_PARTS} 期。")
        elif total != owed:
            self.add_error("parts", f"各期合计 {yuan(total)} 元，与欠费 {yuan(owed)} 元不符，请改到相等。")
        return found


class LetterForm(Guarded, StepForm):
    """催告函: who writes, until when is to be paid."""

    writer = forms.CharField(label="由谁发出", max_length=80)
    on = forms.DateField(label="落款日期", widget=forms.DateInput(attrs={"type": "date"}))
    pay_by = forms.DateField(label="要求缴清日期", widget=forms.DateInput(attrs={"type": "date"}))
    words = forms.CharField(label="另外说明", widget=forms.Textarea(attrs={"rows": 2}), max_length=300)
    scan = FilesField(label="函件扫描件")
    optional = ("words", "scan")
    guarded = ("words", "writer")
    given = ""

    class Meta:
        model = DunningCase
        fields: list[str] = []

    def prepare(self) -> None:
        if not self.is_bound:
            today = _today(self)
            self.initial |= {"writer": self.given, "on": today, "pay_by": today + timedelta(days=REASONABLE)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        on, pay_by = cleaned.get("on"), cleaned.get("pay_by")
        if on and pay_by and (pay_by - on).days < 7:
            self.add_error("pay_by", "请给付款人合理的期限：至少七天，一般十五天。")
        if not undisputed(self.record, _today(self)):
            self.add_error(None, "没有无争议的到期欠费，不能发函。")
        return cleaned


class ClientLetterForm(LetterForm):
    given = "业主委员会"


class CourtForm(StepForm):
    papers = FilesField(label="立案材料、受理通知书")
    optional = ("papers",)

    class Meta:
        model = DunningCase
        fields = ["court_way", "court", "court_no", "filed_on"]
        widgets = {"court_way": forms.RadioSelect, "filed_on": forms.DateInput(attrs={"type": "date"})}

    def prepare(self) -> None:
        self.fields["court_way"].choices = DunningCase.CourtWay.choices  # type: ignore[attr-defined]

    def clean_filed_on(self) -> date:
        on: date = self.cleaned_data["filed_on"]
        if on > _today(self):
            raise forms.ValidationError("立案日期不能在今天以后。")
        return on


class _WithPapers(StepForm):
    papers = FilesField(label="裁判文书")
    optional = ("papers",)


OutcomeForm = words_form(DunningCase, "outcome", _WithPapers, outcome="例如：支付令已生效；判决书主文")
LetterDeliveryForm = delivery_form(DunningCase)
