"""The forms of a 催款通知单: drawn up from a case, approved, delivered, arrived, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.dunning.forms.cases import REASONABLE, CaseField
from yihu.areas.billing.dunning.forms.shared import arrived_form, delivery_form
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice
from yihu.areas.billing.dunning.models.notices import Wrong
from yihu.areas.billing.dunning.reckon import undisputed
from yihu.areas.billing.dunning.rounds import steward_of
from yihu.areas.billing.dunning.standing import arrears_of
from yihu.ground.ledger.in_check import in_check
from yihu.ground.sending.guarded import Guarded
from yihu.kernel.forms import StepForm

N, S = DunningNotice.State, DunningCase.State
MAY_BE_ASKED = (S.REMIND, S.FIRST, S.SECOND, S.TALK, S.URGED)
LEAST_DAYS = 7


def why_no_notice(case: Any, day: date, checked: dict[int, str]) -> str:
    """Why nothing may be asked of this payer now, or "" (scenario 20: not while his money may be among the unclaimed)."""
    if case.state == S.PAUSED:
        return f"{case.get_pause_why_display()}：{case.pause_words}"[:100]
    if case.party_id in checked:
        return checked[case.party_id]
    if case.state == S.PLAN:
        return "正在按分期协议履行"
    if case.state not in MAY_BE_ASKED:
        return f"已到“{case.state_word}”，不再发催款单"
    waiting = case.notices.filter(state__in=(N.TO_APPROVE, N.ISSUED)).first()
    if waiting is not None:
        return f"{waiting.number} 还没有送达"
    return "" if undisputed(case, day) else "没有无争议的到期欠费"


class NoticeForm(Guarded, StepForm):
    """Everything on it is known; a reasonable time to pay is proposed."""

    case = CaseField()
    optional = ("words",)
    guarded = ("words",)

    class Meta:
        model = DunningNotice
        fields = ["case", "pay_by", "words"]
        widgets = {"pay_by": forms.DateInput(attrs={"type": "date"}), "words": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"pay_by": "民法典要求给合理期限，一般十五天", "words": "会印在通知单上，可以不填"}

    def prepare(self) -> None:
        field: Any = self.fields["case"]
        field.queryset = DunningCase.objects.filter(community_id=self.record.community_id, closed_at__isnull=True)
        field.error_messages["required"] = "请从一户的催缴页面开催款单。"
        self.initial["pay_by"] = self.initial.get("pay_by") or self._day() + timedelta(days=REASONABLE)

    def _day(self) -> date:
        return timezone.localdate(self.at or timezone.now())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        case, pay_by = cleaned.get("case"), cleaned.get("pay_by")
        if case is None:
            return cleaned
        if why := why_no_notice(case, self._day(), in_check(case.community_id)):
            self.add_error(None, f"现在不能发催款单：{why}。")
            return cleaned
        if pay_by and (pay_by - self._day()).days < LEAST_DAYS:
            self.add_error("pay_by", "请给付款人合理的期限：至少七天，一般十五天。")
        charges = undisputed(case, self._day())
        record = self.record
        record.unit, record.party, record.drawn_on = case.unit, case.party, self._day()
        record.handler = steward_of(case.unit)
        record.level = case.notices.exclude(state=N.VOID).count() + 1
        record.total = sum(one.open for one in arrears_of(charges, self._day()))
        return cleaned


class VoidForm(StepForm):
    """Before it has reached anybody: it is not needed, or something on it is wrong."""

    optional = ("wrong",)

    class Meta:
        model = DunningNotice
        fields = ["wrong", "void_why"]
        widgets = {"void_why": forms.Textarea(attrs={"rows": 2}), "wrong": forms.RadioSelect}
        help_texts = {"wrong": "单子本身有错的选一项，计入出错率；已缴、不用发的不选"}

    def prepare(self) -> None:
        self.fields["wrong"].choices = [("", "没有错，不用发了"), *Wrong.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.record.state == N.TO_APPROVE:
            cleaned["wrong"] = ""  # nobody has seen it yet
        return cleaned


class WrongForm(VoidForm):
    """It has reached the payer and is wrong: called back, counted, and no proof of a demand."""

    optional = ()

    class Meta(VoidForm.Meta):
        help_texts = {"void_why": "写明错在哪里、怎样告知了付款人；改好以后另开一张"}

    def prepare(self) -> None:
        self.fields["wrong"].choices = Wrong.choices  # type: ignore[attr-defined]


DeliverForm = delivery_form(DunningNotice)
ArrivedForm = arrived_form(DunningNotice)
