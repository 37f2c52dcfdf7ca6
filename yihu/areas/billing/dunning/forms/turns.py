"""转由业主清偿: which bills, on what ground, and how long the owner is given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.dunning import turning
from yihu.areas.billing.dunning.forms.cases import REASONABLE, CaseField
from yihu.areas.billing.dunning.forms.shared import words_form
from yihu.areas.billing.dunning.models import DunningCase, ToOwner
from yihu.basics.money import yuan
from yihu.ground.estate.models import Party
from yihu.ground.ledger.in_check import in_check
from yihu.ground.ledger.models import Charge
from yihu.ground.ledger.pay_days import PAY_BY
from yihu.ground.sending.guarded import Guarded
from yihu.kernel.forms import RowsField, StepForm, is_row_number

LEAST_DAYS = 7
LAW = "物业管理条例第四十一条"


class ToOwnerForm(Guarded, StepForm):
    """What the lessee owes in the owner's stead is ticked already; the ground names the agreement."""

    case = CaseField()
    charges = RowsField(queryset=Charge.objects.none(), label="转哪些账单", widget=forms.CheckboxSelectMultiple)
    guarded = ("ground",)
    field_order = ("case", "charges", PAY_BY, "ground")

    class Meta:
        model = ToOwner
        fields = ["case", "pay_by", "ground"]
        widgets = {"pay_by": forms.DateInput(attrs={"type": "date"})}
        help_texts = {"pay_by": "给业主合理的期限，一般十五天；这一天以前对业主不计违约金"}

    def prepare(self) -> None:
        field: Any = self.fields["case"]
        field.queryset = DunningCase.objects.filter(community_id=self.record.community_id, closed_at__isnull=True)
        field.error_messages["required"] = "请从租户的催缴页面打开这张表。"
        case, today = self._case(), self._day()
        self.found = turning.liable(case, today) if case else {}
        offered = [charge for rows in self.found.values() for charge in rows]
        rows: Any = self.fields["charges"]
        rows.queryset = Charge.objects.filter(pk__in=[one.pk for one in offered]).select_related("item", "unit")
        rows.label_from_instance = lambda one: f"{one.unit} {one}　未缴 {yuan(one.open)} 元"
        rows.error_messages["required"] = "没有选账单。只有约定由租户替业主缴、租户到期没缴的，才能转向业主。"
        if not self.is_bound:
            agreed = turning.agreed_in(offered)
            self.initial["charges"] = [one.pk for one in next(iter(self.found.values()), [])]
            self.initial["pay_by"] = today + timedelta(days=REASONABLE)
            self.initial["ground"] = f"{LAW}{f'；收费约定 {agreed}' if agreed else ''}"

    def _case(self) -> DunningCase | None:
        given = str((self.data or self.initial).get(self.add_prefix("case") if self.data else "case") or "")
        rows = DunningCase.objects.filter(community_id=self.record.community_id)
        return rows.filter(pk=given).first() if is_row_number(given) else None

    def _day(self) -> date:
        return timezone.localdate(self.at or timezone.now())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        case, charges, pay_by = cleaned.get("case"), list(cleaned.get("charges") or ()), cleaned.get("pay_by")
        if case is None:
            return cleaned
        if why := turning.why_not_yet(case, self._day()) or in_check(case.community_id).get(case.party_id, ""):
            self.add_error(None, why)
        there = case.turns.filter(closed_at__isnull=True).first()
        if there is not None:
            self.add_error(None, f"已经有一张在办：{there.number}。")
        if pay_by and (pay_by - self._day()).days < LEAST_DAYS:
            self.add_error("pay_by", "请给业主合理的期限：至少七天，一般十五天。")
        owners = {owner for owner, rows in self.found.items() if {one.pk for one in rows} & {one.pk for one in charges}}
        if len(owners) > 1:
            self.add_error("charges", "选中的账单分属几位业主，请一位业主一张。")
        elif charges and owners:
            self.record.owner = Party.objects.get(pk=owners.pop())
            self.record.total = sum(charge.open for charge in charges)
            self.record.unit, self.record.party = charges[0].unit, case.party
        return cleaned


RefuseForm = words_form(ToOwner, "rejection")
