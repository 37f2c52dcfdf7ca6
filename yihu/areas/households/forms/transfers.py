"""What a transfer of title asks: which proof was seen, from which day, and who the owners are then."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from yihu.areas.households.models import Transfer
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.estate.tenure import holders
from yihu.kernel.forms import FilesField, PickField, StepForm

HEIRS = 4
DATE = {"type": "date"}
WHOLE = Decimal(100)
FIRMS = ("公司", "厂", "中心", "事务所", "合伙企业", "委员会", "研究院", "学校", "医院", "集团", "工作室")


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"), **options)


def party_kind(name: str) -> str:
    """A firm is known by how its name ends."""
    return Party.Kind.COMPANY if name.endswith(FIRMS) else Party.Kind.PERSON


class BeforeShown(forms.Widget):
    """Not asked: who holds the unit now and what is still open there, shown as soon as the unit is known."""

    template_name = "households/before_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(url=reverse("households:before"))
        return context


def _line(number: int) -> dict[str, Any]:
    """The fields of one new owner."""
    word = "新业主" if number == 1 else f"共有人 {number}"
    return {
        f"party_{number}": PickField("estate.Party", url="estate:pick_party", label=f"{word}：已在册的人"),
        f"name_{number}": forms.CharField(label=f"{word}姓名或单位", max_length=80),
        f"phone_{number}": Party._meta.get_field("phone").formfield(label="联系电话"),
        f"id_no_{number}": Party._meta.get_field("id_no").formfield(label="证件号码"),
        f"share_{number}": forms.DecimalField(
            label="份额（%）", min_value=Decimal("0.01"), max_value=WHOLE, max_digits=5, decimal_places=2
        ),
    }


LINES = [_line(number) for number in range(1, HEIRS + 1)]
_Heirs: Any = type("_Heirs", (StepForm,), {"__module__": __name__, **{k: v for line in LINES for k, v in line.items()}})


class TransferForm(_Heirs):
    """Title passes on a day: past, today or still to come. The proof must have been seen in the original."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    before = forms.CharField(label="现在的情况", widget=BeforeShown)
    proof_seen = forms.BooleanField(label="已查看证明原件")
    scans = FilesField(label="证明扫描件")
    optional = ("before", "proof_no", "scans", "arrears_note", *(name for line in LINES for name in line))
    starred = ("name_1",)
    sections = (
        ("", ("unit", "before", "how", "on", "proof", "proof_no", "proof_seen")),
        ("", tuple(LINES[0])[1:]),
        ("新业主已在册，或有共有人（可不填）", ("party_1", *(name for line in LINES[1:] for name in line))),
        ("费用约定与扫描件（可不填）", ("arrears_note", "scans")),
    )

    class Meta:
        model = Transfer
        fields = ["unit", "how", "proof", "proof_no", "on", "arrears_note"]
        widgets = {
            "how": forms.RadioSelect,
            "proof": forms.RadioSelect,
            "on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        }
        help_texts = {
            "on": "证书登记的日期；也可以是以后的日期，到那天自动生效",
            "arrears_note": "之前的欠费仍由原业主承担；新业主书面承诺承担的，写在这里",
        }

    field_order = ("unit", "before", "how", "on", "proof", "proof_no", "proof_seen")

    def prepare(self) -> None:
        usual = {"on": timezone.localdate(self.at), "how": Transfer.How.SALE, "proof": Transfer.Proof.TITLE}
        self.initial |= {name: value for name, value in usual.items() if not self.initial.get(name)}
        self.fields["share_1"].help_text = "一位业主留空；共同共有都留空；按份共有合计 100%"
        self.fields["party_1"].help_text = "在册的人选上即可，不用再填姓名"

    def clean_on(self) -> Any:
        day, today = self.cleaned_data["on"], timezone.localdate(self.at)
        if not today - timedelta(days=3653) <= day <= today + timedelta(days=366):
            raise forms.ValidationError("生效日期请填最近十年到今后一年之间的日期。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit = cleaned.get("unit")
        if unit is not None:
            self._still_as_seen(unit)
        heirs = [heir for number in range(1, HEIRS + 1) if (heir := self._heir(number, cleaned))]
        if not heirs and "name_1" not in self.errors:
            self.add_error("name_1", "请写新业主的姓名或单位名称，或从已在册的人里选。")
        known = [heir["party"].pk for heir in heirs if heir["party"]]
        if len(known) != len(set(known)):
            self.add_error("name_1", "同一个人写了两次，请合成一行。")
        self._shares(heirs)
        cleaned["heirs"] = heirs
        return cleaned

    def _still_as_seen(self, unit: Any) -> None:
        seen = str(self.data.get("owners_seen", ""))
        now = ",".join(str(stay.pk) for stay in current(unit, timezone.localdate(self.at)))
        if seen and seen != (now or "none"):
            self.add_error("unit", "您填写期间，这户的业主登记已被别人改过。请看过下面“现在的情况”，确认后再保存。")

    def _heir(self, number: int, cleaned: dict[str, Any]) -> dict[str, Any] | None:
        party, name = cleaned.get(f"party_{number}"), cleaned.get(f"name_{number}") or ""
        share = cleaned.get(f"share_{number}")
        values = {field: cleaned.get(f"{field}_{number}") or "" for field in ("phone", "id_no")}
        if party is None and not name:
            if share or any(values.values()):
                self.add_error(f"name_{number}", "这一行没有写姓名。")
            return None
        return {"party": party, "values": {"name": name, "kind": party_kind(name), **values}, "share": share}

    def _shares(self, heirs: list[dict[str, Any]]) -> None:
        told = [heir["share"] for heir in heirs if heir["share"] is not None]
        if len(heirs) == 1 and not told:
            heirs[0]["share"] = WHOLE
        elif told and len(told) < len(heirs):
            self.add_error("share_1", "按份共有请写明每一位的份额；共同共有都留空。")
        elif told and sum(told) != WHOLE:
            self.add_error("share_1", f"各人份额合计应为 100%，现在是 {sum(told).normalize():f}%。")


def current(unit: Any, day: Any) -> list[Occupancy]:
    """The owners of today and those who are entered for later, as a transfer would find them."""
    rows = Occupancy.objects.filter(unit=unit, role="owner").exclude(to_on__lt=day)
    return list(rows.select_related("party").order_by("from_on", "place", "pk"))


class UndoForm(StepForm):
    reason = forms.CharField(label="撤销原因", max_length=200, help_text="例如：交易取消，双方到场说明")

    class Meta:
        model = Transfer
        fields: list[str] = []


class PutOffForm(StepForm):
    reason = forms.CharField(label="原因", max_length=200)

    class Meta:
        model = Transfer
        fields = ["on"]
        labels = {"on": "新的生效日期"}
        widgets = {"on": forms.DateInput(attrs=DATE, format="%Y-%m-%d")}

    def clean_on(self) -> Any:
        day, today = self.cleaned_data["on"], timezone.localdate(self.at)
        if not today < day <= today + timedelta(days=366):
            raise forms.ValidationError("新的生效日期要在明天到今后一年之间。")
        self.cleaned_data["former"] = Transfer.objects.values_list("on", flat=True).get(pk=self.record.pk)
        return day


__all__ = ["PutOffForm", "TransferForm", "UndoForm", "current", "day_field", "holders", "party_kind"]
