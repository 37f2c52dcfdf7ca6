"""What is asked when a house or a person is corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from yihu.ground.estate.models import Building, Occupancy, Party, Unit
from yihu.kernel.forms import not_ahead, tidy

_REASON = forms.CharField(label="更正原因", max_length=80, help_text="例如：业主持房产证来更正。")


class _Tidy:
    """Typed text without control characters and direction marks."""

    def _clean_fields(self) -> None:
        self.data = tidy(self.data)
        super()._clean_fields()  # type: ignore[misc]

    def field_sections(self) -> list[dict[str, Any]]:
        return [{"legend": "", "fields": list(self.visible_fields())}]  # type: ignore[attr-defined]


class UnitForm(_Tidy, forms.ModelForm):
    """The facts of a unit and its areas."""

    gross_area = forms.DecimalField(
        label="建筑面积（㎡）", required=False, min_value=0.01, max_value=1_000_000, decimal_places=2
    )
    net_area = forms.DecimalField(
        label="套内面积（㎡）", required=False, min_value=0.01, max_value=1_000_000, decimal_places=2
    )
    billing_area = forms.DecimalField(
        label="计费面积（㎡）", required=False, min_value=0.01, max_value=1_000_000, decimal_places=2
    )
    from_on = forms.DateField(
        label="新面积自何日起",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="留空表示原来记错了，直接更正。",
    )
    checked = forms.BooleanField(label="今天已与业主核对本户资料", required=False)
    reason = _REASON

    class Meta:
        model = Unit
        fields = ("kind", "use", "handed_over_on", "renovation_begun_on", "moved_in_on", "remark")
        widgets = {
            "handed_over_on": forms.DateInput(attrs={"type": "date"}),
            "renovation_begun_on": forms.DateInput(attrs={"type": "date"}),
            "moved_in_on": forms.DateInput(attrs={"type": "date"}),
            "remark": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = {name: getattr(self.instance, name) for name in self._meta.fields or ()}
        area = self.instance.area
        for name in ("gross_area", "net_area", "billing_area"):
            self.fields[name].initial = getattr(area, name, None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        net, gross = cleaned.get("net_area"), cleaned.get("gross_area")
        if net and gross and net > gross:
            self.add_error("net_area", "套内面积不能大于建筑面积。")
        return cleaned

    def values(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return found | ({"verified_on": timezone.localdate()} if self.cleaned_data["checked"] else {})

    def figures(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("gross_area", "net_area", "billing_area")}


class BuildingForm(_Tidy, forms.ModelForm):
    """When a building was accepted as complete, and by whom it was built: the developer's warranty runs from there."""

    reason = _REASON

    class Meta:
        model = Building
        fields = ("completed_on", "design_years", "developer")
        widgets = {"completed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "completed_on": "开发商的保修期从这一天算起",
            "design_years": "主体结构的保修年限，普通住宅 50 年",
        }

    def clean_completed_on(self) -> Any:
        return not_ahead(self, "completed_on")

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class PartyForm(_Tidy, forms.ModelForm):
    """A person or a firm. Personal values are shown masked; left empty they stay as they are."""

    reason = _REASON

    class Meta:
        model = Party
        fields = ("kind", "name", "contact_name", "phone", "phone2", "id_no", "mailing_address", "remark")
        widgets = {"remark": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "phone2", "id_no"):
            self.fields[name].help_text = "留空不改；填“无”清除。"

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class NewPartyForm(_Tidy, forms.ModelForm):
    """A customer who belongs to no house here."""

    class Meta:
        model = Party
        fields = ("kind", "name", "contact_name", "phone", "phone2", "id_no", "mailing_address", "remark")
        widgets = {"kind": forms.RadioSelect, "remark": forms.Textarea(attrs={"rows": 2})}
        labels = {"name": "名称", "id_no": "统一社会信用代码或证件号码"}
        help_texts = {
            "name": "单位写全称，和合同、发票上一样",
            "remark": "是什么往来，例如：开发商（未交房的物业费由它付）；外墙广告",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in (Party.Kind.COMPANY, Party.Kind.PERSON)]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class PartySearch(forms.Form):
    q = forms.CharField(
        label="查找", required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "名称、拼音、电话"}),
    )  # fmt: skip


class OccupantForm(_Tidy, forms.ModelForm):
    """Somebody who belongs to a unit from now on."""

    role = forms.ChoiceField(label="身份", choices=Occupancy.Role.choices)
    since = forms.DateField(label="自何日起", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("role", "kind", "name")

    class Meta:
        model = Party
        fields = ("kind", "name", "contact_name", "phone", "phone2", "id_no", "mailing_address")

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class LeavingForm(_Tidy, forms.Form):
    """Somebody no longer belongs to a unit."""

    until = forms.DateField(label="至何日止", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="原因", max_length=80, help_text="例如：房屋过户；退租。")


class FilterForm(forms.Form):
    """What narrows the list of units."""

    q = forms.CharField(
        label="查找", required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "房号、姓名、拼音、电话"}),
    )  # fmt: skip
    cluster = forms.ChoiceField(required=False, label="组团")
    building = forms.ChoiceField(required=False, label="楼栋")
    use = forms.ChoiceField(required=False, label="使用情况", choices=[("", "全部使用情况"), *Unit.Use.choices])
    stage = forms.ChoiceField(
        required=False, label="阶段",
        choices=[("", "全部阶段"), ("not_handed", "未交房"), ("handed", "已交房"), ("begun", "已装修"), ("moved_in", "已入住")],
    )  # fmt: skip

    def __init__(self, data: Any, community: Any) -> None:
        super().__init__(data)
        clusters = community.clusters.order_by("code").values_list("code", "name")
        buildings = community.buildings.select_related("cluster").order_by("cluster__code", "pk")
        self.fields["cluster"].choices = [("", "全部组团"), *clusters]
        self.fields["building"].choices = [("", "全部楼栋"), *((str(found.pk), _called(found)) for found in buildings)]


def _called(building: Any) -> str:
    plain = str(building)
    cluster = building.cluster.code if building.cluster else ""
    return plain if not cluster or plain.startswith(cluster) else f"{cluster} {plain}"
