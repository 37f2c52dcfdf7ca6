"""A meter: what it measures, where it is, under which it stands; with it, when it is new, its first device."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from yihu.areas.billing.meters.billing import surcharge
from yihu.areas.billing.meters.models import Meter, MeterItem
from yihu.areas.billing.meters.recording import Device
from yihu.areas.billing.meters.rounds import month_of
from yihu.ground.estate.models import Building, Cluster
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.forms import PickField
from yihu.kernel.plain_pages import RowForm

NEEDS = {
    "unit": ("unit", "房号"),
    "building": ("building", "楼栋"),
    "entrance": ("building", "楼栋"),
    "cluster": ("cluster", "组团"),
}
WHERE = {"unit": "unit", "building": "building entrance", "entrance": "entrance", "cluster": "cluster"}
PLACES = ("unit", "building", "entrance", "cluster")
DAY = {"type": "date"}


class MeterForm(RowForm):
    """``shown`` and where it is may change; kind, number and multiplier stand for what was read with them."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号", required=False)
    verified_until = forms.DateField(label="检定有效期至", required=False, widget=forms.DateInput(attrs=DAY))

    class Meta:
        model = Meter
        fields = [
            "scope",
            "unit",
            "building",
            "entrance",
            "cluster",
            "name",
            "place",
            "parent",
            "verified_until",
            "shown",
        ]
        widgets = {"scope": forms.RadioSelect}
        help_texts = {
            "name": "公共表写用途，例如：生活水泵",
            "place": "例如：3 层管井",
            "parent": "这块表的用量包含在哪块总表里",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = self.instance.community_id
        self.fields["unit"].bind_to(self.instance, None)
        self.fields["scope"].choices = Meter.Scope.choices
        for name, rows in (("building", Building), ("cluster", Cluster)):
            self.fields[name].queryset = rows.objects.filter(community_id=here).order_by("pk")
            self.fields[name].required = False
        above = (
            Meter.objects.filter(community_id=here, shown=True)
            .exclude(scope=Meter.Scope.UNIT)
            .exclude(pk=self.instance.pk)
        )
        self.fields["parent"].queryset = above.order_by("walk_key", "pk")
        for name, scopes in WHERE.items():
            self.fields[name].when = f"scope={scopes}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        scope = cleaned.get("scope") or Meter.Scope.UNIT
        name, word = NEEDS.get(scope, ("", ""))
        if name and not cleaned.get(name) and name not in self.errors:
            self.add_error(name, f"请选{word}。")
        if scope == Meter.Scope.ENTRANCE and not cleaned.get("entrance"):
            self.add_error("entrance", "请填是哪个单元。")
        keeps = {
            "unit": ("unit",),
            "building": ("building",),
            "entrance": ("building", "entrance"),
            "cluster": ("cluster",),
        }.get(scope, ())
        for place in PLACES:
            if place not in keeps:
                cleaned[place] = "" if place == "entrance" else None
        parent = cleaned.get("parent")
        kind = cleaned.get("kind") or self.instance.kind
        if parent is not None and parent.kind != kind:
            self.add_error("parent", "总表和分表要是同一类。")
        return cleaned


class NewMeterForm(MeterForm):
    multiplier = forms.DecimalField(label="倍率", min_value=Decimal("0.001"), max_digits=9, decimal_places=3, initial=1)
    digits = forms.IntegerField(label="表盘整数位数", min_value=3, max_value=9, initial=5, help_text="小数点前有几位")
    opening = forms.DecimalField(label="起数", min_value=0, max_digits=13, decimal_places=3, initial=0)
    since = forms.DateField(label="装表日期", widget=forms.DateInput(attrs=DAY))

    class Meta(MeterForm.Meta):
        fields = ["kind", "number", *(name for name in MeterForm.Meta.fields if name != "shown")]
        widgets = {**MeterForm.Meta.widgets, "kind": forms.RadioSelect}

    field_order = (
        "kind",
        "number",
        "scope",
        "unit",
        "building",
        "entrance",
        "cluster",
        "name",
        "place",
        "parent",
        "multiplier",
        "digits",
        "opening",
        "since",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Meter.Kind.choices
        self.fields["since"].initial = month_of(timezone.localdate()).business[0]

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > timezone.localdate():
            raise forms.ValidationError("装表日期不能在今天以后。")
        return since

    def device(self) -> Device:
        told = self.cleaned_data
        return Device(told["number"], told["opening"], told["multiplier"], told["digits"], told["verified_until"])


class MeterItemForm(RowForm):
    """Which item a kind of meter is billed as; the guard against any add-on stands here too (电力法第44条)."""

    class Meta:
        model = MeterItem
        fields = ["kind", "item", "shown"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Meter.Kind.choices
        items = FeeItem.objects.filter(community_id=self.instance.community_id, shown=True)
        self.fields["item"].queryset = items.exclude(nature=FeeItem.Nature.DEPOSIT).order_by("code")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, item = cleaned.get("kind"), cleaned.get("item")
        if kind and item and (guard := surcharge(item, kind)):
            self.add_error("item", guard)
        return cleaned
