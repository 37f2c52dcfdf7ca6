"""The forms of F85: which optional services, on what ground, who agreed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Sum
from django.utils import timezone

from yihu.areas.billing.dunning.forms.cases import CaseField
from yihu.areas.billing.dunning.forms.shared import arrived_form, delivery_form, words_form
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, Suspension
from yihu.areas.billing.dunning.reckon import undisputed
from yihu.areas.billing.tariffs.models import Tariff
from yihu.areas.billing.tariffs.models.prices import AREAS, Kind
from yihu.basics.money import yuan
from yihu.ground.ledger.models import Charge, FeeItem
from yihu.ground.sending.guarded import Guarded
from yihu.kernel.forms import FilesField, RowsField, StepForm, asking, is_row_number

LONGEST = 180  # days
# of these no name makes an optional service: they are the twin of heating, or the way in (domain.md §6.2)
_NEVER = re.compile(
    r"[水电气暖热]|空调|冷气|电梯|门禁|门卡|钥匙|出入|车位|停车|通行|放行|消防|维修资金|物业服务费|物业管理|物业费|公摊|公共|共用|邮件|信报|网络"
    r"|保洁|清洁|绿化|保安|安保|秩序|监控|装修管理"
)
_BUT = re.compile(r"加时空调|空调加时|热饮|水吧|电子|(?:入户|室内|家政|上门)(?:保洁|清洁)")
# what each unit is billed for by its area, its meter, its share or for being there, nobody ordered: that is no option
_EVERYBODYS = (*AREAS, Kind.HOUSEHOLD, Kind.METER, Kind.SHARE)


def may_be_suspended(item: FeeItem) -> bool:
    """Optional, separately priced, our own service; what only calls itself so is none."""
    if item.legal_class != FeeItem.Legal.OPTIONAL or item.nature != FeeItem.Nature.INCOME:
        return False
    if _NEVER.search(_BUT.sub("", item.name)):
        return False
    return not Tariff.objects.filter(item=item, kind__in=_EVERYBODYS, unit__isnull=True).exists()


def owed_for(case: DunningCase, day: Any) -> dict[int, int]:
    """Undisputed arrears by item, for what may be suspended at all."""
    owed = undisputed(case, day)
    may = {item for item in {one.item for one in owed} if may_be_suspended(item)}
    charges = [one for one in owed if one.item in may]
    rows = Charge.objects.filter(pk__in=[one.pk for one in charges]).values_list("item")
    return dict(rows.annotate(total=Sum("open")).order_by("item"))


class DraftForm(Guarded, StepForm):
    """Only what may be suspended is offered; what must hold before is checked here, and again when it comes into force."""

    case = CaseField()
    services = RowsField(queryset=FeeItem.objects.none(), label="暂停哪些可选服务", widget=forms.CheckboxSelectMultiple)
    optional = ("words",)
    guarded = ("words", "clause")
    field_order = ("case", "services", "clause", "ends_on", "words")

    class Meta:
        model = Suspension
        fields = ["case", "clause", "ends_on", "words"]
        widgets = {"ends_on": forms.DateInput(attrs={"type": "date"}), "words": forms.Textarea(attrs={"rows": 2})}

    def prepare(self) -> None:
        field: Any = self.fields["case"]
        field.queryset = DunningCase.objects.filter(community_id=self.record.community_id, closed_at__isnull=True)
        field.error_messages["required"] = "请从一户的催缴页面起草。"
        self.initial["ends_on"] = self.initial.get("ends_on") or self._day() + timedelta(days=90)
        case = self._case()
        owed = owed_for(case, self._day()) if case else {}
        offered: Any = self.fields["services"]
        offered.queryset = FeeItem.objects.filter(pk__in=owed).order_by("pk")
        offered.label_from_instance = lambda item: f"{item}　欠 {yuan(owed[item.pk])} 元"
        offered.help_text = "只列出欠费的可选有偿服务。水、电、气、暖、空调、电梯、门禁、车位和公共服务，法律不许为催费停，这里没有也不能加。"
        offered.error_messages["required"] = (
            "没有可以暂停的服务。水电气暖和公共服务不能为催费停（民法典第944条），请走催缴的合法步骤。"
        )

    def _case(self) -> DunningCase | None:
        given = str((self.data or self.initial).get(self.add_prefix("case") if self.data else "case") or "")
        return (
            DunningCase.objects.filter(pk=given, community_id=self.record.community_id).first()
            if is_row_number(given)
            else None
        )

    def _day(self) -> Any:
        return timezone.localdate(self.at or timezone.now())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        case, services, ends = cleaned.get("case"), cleaned.get("services"), cleaned.get("ends_on")
        if case is None:
            return cleaned
        if why := why_not_yet(case, self._day()):
            self.add_error(None, why)
        there = case.suspensions.filter(closed_at__isnull=True).first()
        if there is not None:
            self.add_error(None, f"已经有一张在办：{there.number}。")
        if ends and not 7 < (ends - self._day()).days <= LONGEST:
            self.add_error("ends_on", f"最迟恢复日期要在八天以后、{LONGEST} 天以内。")
        if services:
            owed = owed_for(case, self._day())
            self.record.arrears = sum(owed[item.pk] for item in services)
            self.record.unit, self.record.party = case.unit, case.party
        return cleaned


def why_not_yet(case: DunningCase, day: Any) -> str:
    """At least one dunning notice must provably have reached the payer."""
    for notice in DunningNotice.objects.filter(case=case, delivered_at__isnull=False):
        if (on := notice.served_on(day, case.community_id)) is not None and on <= day:
            return ""
    return "还没有一张催款通知单证明送达，不能起草暂停服务通知书。"


class LegalForm(StepForm):
    """法务: the opinion in a file."""

    review = FilesField(label="法务审查意见（文件）")

    class Meta:
        model = Suspension
        fields = ["legal_opinion"]
        widgets = {"legal_opinion": forms.Textarea(attrs={"rows": 2})}


class ClientForm(StepForm):
    """委托方: the client who mandated us, never the lessee."""

    approval = FilesField(label="委托方的批复（文件）")

    class Meta:
        model = Suspension
        fields = ["client_words"]
        help_texts = {"client_words": "委托方是签物业服务合同的业主方，不是承租人。写明谁批的、怎么批的"}


RefuseForm = words_form(Suspension, "rejection")
DeliverSuspensionForm = delivery_form(Suspension)
ArrivedForm = arrived_form(Suspension)
LiftForm = asking(Suspension, "lift_why")
