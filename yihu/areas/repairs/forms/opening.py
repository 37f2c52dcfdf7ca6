"""What is asked when a repair is opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from yihu.areas.repairs.models import StandardFault, WorkOrder
from yihu.kernel.forms import PhotosField, PickField, StepForm

Level, Trade, System = WorkOrder.Level, WorkOrder.Trade, WorkOrder.System
BASEMENTS, STOREYS = 4, 60
FLOORS = [
    ("", "不限"),
    *((name, name) for name in (f"地下{number}层" for number in range(BASEMENTS, 0, -1))),
    *((name, name) for name in (f"{number}层" for number in range(1, STOREYS + 1))),
    ("屋面", "屋面"),
    ("室外", "室外"),
]
# of what nobody said the system, the trade tells it
SYSTEM_OF = {
    Trade.WATER: System.WATER, Trade.POWER: System.POWER, Trade.LOW_VOLTAGE: System.LOW_VOLTAGE,
    Trade.CARPENTRY: System.STRUCTURE, Trade.MASONRY: System.STRUCTURE, Trade.DOORS: System.STRUCTURE,
}  # fmt: skip


class FaultField(PickField):
    """One of the standard faults; picking it fills trade, level and charge, and says what to tell the caller."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("repairs.StandardFault", url="repairs:pick_fault", **kwargs)

    def bind_to(self, record: Any, by: Any) -> None:
        here = Q(community_id=record.community_id) | Q(community__isnull=True)
        self.queryset = StandardFault.objects.filter(here, shown=True)
        self.widget.choices = self.choices


class OrderForm(StepForm):
    """Opening; where it comes of a contact, all but level and trade is there already."""

    fault = FaultField(label="常见故障")
    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    appointment_from = forms.DateTimeField(label="预约开始")
    appointment_to = forms.DateTimeField(label="预约结束")
    floor = forms.ChoiceField(label="楼层", choices=FLOORS)
    photos = PhotosField(label="现场照片")
    optional = (
        "unit", "party", "common_area", "location", "reporter", "phone", "appointment_from", "appointment_to", "photos",
        "chargeable", "responsibility", "fault", "ability", "building", "floor", "system",
    )  # fmt: skip
    taken_over = ("symptom", "unit", "party", "reporter", "phone")
    sections = (
        ("", ("fault", "symptom", "level", "trade", "unit", "location")),
        ("公共部位（不是哪一户的，在这里选）", ("building", "floor", "system", "common_area")),
        (
            "预约、收费、照片（可不填）",
            (
                "appointment_from",
                "appointment_to",
                "reporter",
                "phone",
                "chargeable",
                "responsibility",
                "ability",
                "photos",
            ),
        ),
    )

    class Meta:
        model = WorkOrder
        fields = [
            "fault", "symptom", "level", "trade", "unit", "party", "building", "floor", "system", "common_area",
            "location", "reporter", "phone", "appointment_from", "appointment_to", "chargeable", "responsibility", "ability",
        ]  # fmt: skip
        widgets = {
            "symptom": forms.Textarea(attrs={"rows": 2}),
            "level": forms.RadioSelect,
            "trade": forms.RadioSelect,
            "chargeable": forms.RadioSelect,
            "responsibility": forms.RadioSelect,
            "ability": forms.RadioSelect,
            "system": forms.RadioSelect,
            "party": forms.HiddenInput,
        }
        labels = {"building": "楼栋", "common_area": "具体部位"}
        help_texts = {"common_area": "例如：电梯厅、中庭喷泉", "system": "不选的按工种归类"}

    def prepare(self) -> None:
        for name in ("party", "building"):
            self.fields[name].queryset = self.fields[name].queryset.filter(community_id=self.record.community_id)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.record.team = "engineering"
        fault = cleaned.get("fault")
        usual = fault.chargeable if fault else WorkOrder.Chargeable.UNDECIDED
        if cleaned.get("chargeable") in (None, "", WorkOrder.Chargeable.UNDECIDED):
            cleaned["chargeable"] = usual
        cleaned["responsibility"] = cleaned.get("responsibility") or WorkOrder.Responsibility.OWN
        if any(cleaned.get(name) for name in ("building", "floor", "common_area")):
            cleaned["unit"] = None  # no household's repair, whoever reported it; its sheet goes into nobody's file
            cleaned["system"] = cleaned.get("system") or SYSTEM_OF.get(cleaned.get("trade", ""), System.OTHER)
        elif not cleaned.get("unit"):
            self.add_error("unit", "请选择房号；公共部位的报修请填写公共部位。")
        first, last = cleaned.get("appointment_from"), cleaned.get("appointment_to")
        if first and last and last < first:
            self.add_error("appointment_to", "预约结束不能早于预约开始。")
        if first and not last:
            cleaned["appointment_to"] = first
        return cleaned
