"""公摊方案: what is shared, among whom, how; the guard of the contract stands before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.meters.models import Meter
from yihu.areas.billing.sharing.members import read_parts
from yihu.areas.billing.sharing.models import SharePool
from yihu.areas.billing.sharing.models.terms import why_no_shares
from yihu.ground.estate.models import Building, Cluster
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import StepForm

S, M = SharePool.Scope, SharePool.Method
EMPTY_WEIGHS = (M.AREA, M.HOUSEHOLD, M.LIFT)


class PoolForm(StepForm):
    optional = (
        "cluster", "building", "entrance", "unit_kind", "vacant_percent", "first_floor_free", "agreed_parts", "measure",
        "meter", "usage_kind",
    )  # fmt: skip
    starred = ("cluster", "building", "entrance", "vacant_percent", "usage_kind")
    only_when = {
        "cluster": "scope=cluster",
        "building": "scope=building entrance",
        "entrance": "scope=entrance",
        "vacant_percent": "method=area household lift",
        "first_floor_free": "method=lift",
        "agreed_parts": "method=fixed",
        "usage_kind": "method=usage",
        "meter": "origin=meter",
    }
    sections = (
        ("分摊什么", ("name", "item", "origin", "meter", "measure")),
        ("摊给谁", ("scope", "cluster", "building", "entrance", "unit_kind")),
        ("怎么摊", ("method", "vacant_percent", "first_floor_free", "usage_kind", "agreed_parts", "clause", "from_on")),
        ("何时应缴", ("due_months", "due_day")),
    )

    class Meta:
        model = SharePool
        fields = [
            "name", "item", "origin", "measure", "scope", "cluster", "building", "entrance", "unit_kind", "method",
            "vacant_percent", "first_floor_free", "agreed_parts", "clause", "from_on", "meter", "usage_kind", "due_months",
            "due_day",
        ]  # fmt: skip
        widgets = {
            "origin": forms.RadioSelect,
            "scope": forms.RadioSelect,
            "method": forms.RadioSelect,
            "agreed_parts": forms.Textarea(attrs={"rows": 5}),
            "clause": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "meter": "选了总表，每月的读数自动填好；表还没有登记的不选，用量手工填",
            "due_months": "0 是出账当月，1 是下个月",
            "name": "例如“A1栋楼道照明电”。同名的新方案批准后，旧的用到上个月为止",
            "measure": "度、吨、立方米；没有用量的费用不填",
            "unit_kind": "不选就是范围里的全部房屋",
            "entrance": "写房号里的单元，例如 1",
            "vacant_percent": "100 就是空置房照摊；办理装修起算入住",
            "first_floor_free": "按本项目的约定",
            "agreed_parts": "每行一户：房号 份数，例如“A1-1-0101 1.5”。没有写的户不摊",
            "clause": "合同条款、业主大会决定或公示过的约定",
            "from_on": "填这个月里的任何一天，从那个月算起",
        }

    def prepare(self) -> None:
        here = self.record.community_id
        items = FeeItem.objects.filter(community_id=here, shown=True, nature=FeeItem.Nature.PASS_THROUGH)
        narrow = {
            "item": items.order_by("pk"),
            "building": Building.objects.filter(community_id=here).order_by("code"),
            "meter": Meter.objects.filter(community_id=here, shown=True)
            .exclude(scope=Meter.Scope.UNIT)
            .order_by("walk_key", "pk"),
            "cluster": Cluster.objects.filter(community_id=here).order_by("code"),
        }
        for name, rows in narrow.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["unit_kind"].choices = [("", "全部房屋"), *SharePool._meta.get_field("unit_kind").choices]  # type: ignore[attr-defined,list-item]
        if self.record.pk is None:
            today = timezone.localdate(self.at or timezone.now())
            self.initial["from_on"] = self.initial.get("from_on") or today.replace(day=1)
            if items.count() == 1:
                self.initial["item"] = self.initial.get("item") or items.get().pk

    def clean_from_on(self) -> date:
        day: date = self.cleaned_data["from_on"]
        return day.replace(day=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("from_on") and (sentence := why_no_shares(self.record.community_id, cleaned["from_on"])):
            self.add_error(None, sentence)
        self._check_place(cleaned)
        method = cleaned.get("method")
        if method not in EMPTY_WEIGHS or cleaned.get("vacant_percent") is None:
            cleaned["vacant_percent"] = 100
        cleaned["first_floor_free"] = bool(cleaned.get("first_floor_free")) and method == M.LIFT
        self._check_parts(cleaned, method)
        if cleaned.get("origin") != SharePool.Origin.METER:
            cleaned["meter"] = None
        if method == M.USAGE and not cleaned.get("usage_kind"):
            self.add_error("usage_kind", "请选按哪种表的用量分摊。")
        cleaned["usage_kind"] = (cleaned.get("usage_kind") or "") if method == M.USAGE else ""
        if cleaned.get("origin") == SharePool.Origin.METER and not cleaned.get("measure"):
            self.add_error("measure", "按总表算的，请填计量单位，例如“度”。")
        return cleaned

    def _check_place(self, cleaned: dict[str, Any]) -> None:
        scope = cleaned.get("scope")
        if scope == S.CLUSTER and not cleaned.get("cluster"):
            self.add_error("cluster", "请选是哪个组团。")
        if scope in (S.BUILDING, S.ENTRANCE) and not cleaned.get("building"):
            self.add_error("building", "请选是哪一栋。")
        if scope == S.ENTRANCE and not cleaned.get("entrance"):
            self.add_error("entrance", "请填是哪个单元。")
        cleaned["cluster"] = cleaned.get("cluster") if scope == S.CLUSTER else None
        cleaned["building"] = cleaned.get("building") if scope in (S.BUILDING, S.ENTRANCE) else None
        cleaned["entrance"] = (cleaned.get("entrance") or "") if scope == S.ENTRANCE else ""

    def _check_parts(self, cleaned: dict[str, Any], method: Any) -> None:
        self.record.parts = {}
        if method != M.FIXED:
            cleaned["agreed_parts"] = ""
            return
        parts, wrong = read_parts(cleaned.get("agreed_parts") or "", self.record.community_id)
        if wrong:
            self.add_error("agreed_parts", "\n".join(wrong[:5]))
        elif not parts:
            self.add_error("agreed_parts", "请写明各户的份数，每行一户。")
        self.record.parts = parts


class OpinionForm(StepForm):
    class Meta:
        model = SharePool
        fields = ["opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}


class EndForm(StepForm):
    class Meta:
        model = SharePool
        fields = ["to_on"]
        help_texts = {"to_on": "填最后一个要摊的月份里的任何一天"}

    to_on = forms.DateField(label="用到", widget=forms.DateInput(attrs={"type": "date"}))

    def prepare(self) -> None:
        self.initial["to_on"] = self.initial.get("to_on") or timezone.localdate(self.at or timezone.now())

    def clean_to_on(self) -> date:
        day: date = self.cleaned_data["to_on"]
        if day < self.record.from_on:
            raise forms.ValidationError(f"这个方案从 {self.record.from_on:%Y年%m月} 才开始用。")
        return day
