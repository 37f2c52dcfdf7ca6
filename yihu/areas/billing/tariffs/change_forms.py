"""开发商付费更正: the entry, and beside it what it would change of bills that were posted."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.billing.tariffs import late_entry
from yihu.areas.billing.tariffs.late_entry import Entry, Touch
from yihu.areas.billing.tariffs.models import PayerChange
from yihu.ground.estate.models import Cluster
from yihu.kernel.forms import PickField, StepForm, is_row_number

DAY = {"type": "date"}
NOT_IN_THE_ROLL = "在本项目没有房屋的，先请前台、主管或档案管理员在“房屋 → 往来单位”里登记"


class ChangeForm(StepForm):
    """Filled in from the list of developers; why it comes so late is asked."""

    party = PickField("estate.Party", url="estate:pick_party", label="开发商", help_text=NOT_IN_THE_ROLL)
    optional = ("cluster", "to_on")
    field_order = ("party", "cluster", "from_on", "to_on", "reason")

    class Meta:
        model = PayerChange
        fields = ["party", "cluster", "from_on", "to_on", "reason"]
        widgets = {
            "from_on": forms.DateInput(attrs=DAY),
            "to_on": forms.DateInput(attrs=DAY),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"cluster": "不选就是整个项目", "to_on": "全部交付以后再填"}

    def prepare(self) -> None:
        field: Any = self.fields["cluster"]
        field.queryset = Cluster.objects.filter(community_id=self.record.community_id).order_by("pk")
        field.empty_label = "整个项目"
        if self.is_bound:
            return
        entry = self._given()
        if entry is not None:
            self.fields[
                "reason"
            ].help_text = f"{late_entry.touching(entry).words}。批准以前什么都不变；批准以后，下一次出账从原付款人退掉、开给开发商。"

    def _given(self) -> Entry | None:
        """What the list of developers handed over, where it makes sense."""
        told = {name: self.initial.get(name) or "" for name in ("party", "cluster", "from_on", "to_on")}
        if not all(is_row_number(str(told[name])) for name in ("party", "cluster") if told[name]):
            return None
        try:
            clean = {name: self.fields[name].clean(value) for name, value in told.items()}
        except forms.ValidationError:
            return None
        cluster, last = clean.get("cluster"), clean.get("to_on")
        if last and last < clean["from_on"]:
            return None
        return Entry(
            self.record.community_id, cluster.pk if cluster else None, clean["party"].pk, clean["from_on"], last
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        party, first, last = cleaned.get("party"), cleaned.get("from_on"), cleaned.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", f"截止日期不能早于 {first:%Y-%m-%d}。")
        if party is None or first is None or self.errors:
            return cleaned
        cluster = cleaned.get("cluster")
        entry = Entry(self.record.community_id, cluster.pk if cluster else None, party.pk, first, last)
        if (there := late_entry.in_its_way(entry)) is not None:
            self.add_error(
                "from_on", f"{there} 从 {there.from_on:%Y-%m-%d} 起已经登记，请把这一条的截止日期填在它以前。"
            )
            return cleaned
        found = late_entry.touching(entry)
        if not found:
            self.add_error("from_on", "这样登记不影响已经出的账单，直接在“开发商付费”里登记就行。")
        elif found.orphans:
            said = f"有 {found.orphans} 笔已出的账单在截止以后没有人付：截止日期请不填，或先登记以后由谁付。"
            self.add_error("to_on", said)
        self._keep(found)
        return cleaned

    def _keep(self, found: Touch) -> None:
        record = self.record
        record.bills, record.unbilled, record.bills_fen = found.bills, len(found.unbilled), found.total


class RejectForm(StepForm):
    class Meta:
        model = PayerChange
        fields = ["rejection"]
        widgets = {"rejection": forms.Textarea(attrs={"rows": 2})}
