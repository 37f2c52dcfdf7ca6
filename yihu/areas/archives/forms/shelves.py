"""What is asked when a file is compared with its catalogue, and when the archive room is entered and locked."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.archives.models import RoomEntry, ShelfCheck
from yihu.ground.papers.models import Paper
from yihu.kernel.forms import PickField, RowsField, StepForm, is_row_number


class ShelfCheckForm(StepForm):
    """Each paper that should stand there; what is not found is ticked, so that a difference is never saved as agreement."""

    unit = PickField("estate.Unit", url="estate:pick_unit", label="房号")
    absent = RowsField(label="没找到的", queryset=Paper.objects.none(), widget=forms.CheckboxSelectMultiple)
    optional = ("absent", "extra")

    class Meta:
        model = ShelfCheck
        fields = ["unit", "extra"]
        help_texts = {"extra": "柜里有、目录里没有的资料；没有就不填"}

    def prepare(self) -> None:
        chosen = self.data.get("unit") or self.initial.get("unit") or self.record.unit_id
        pk = str(getattr(chosen, "pk", chosen) or "")
        on_shelf = Paper.objects.filter(community_id=self.record.community_id).exclude(place="")
        self.on_shelf = (
            on_shelf.filter(unit_id=int(pk)).order_by("kind", "pk") if is_row_number(pk) else on_shelf.none()
        )
        self.fields["absent"].queryset = self.on_shelf
        self.fields["absent"].label_from_instance = lambda paper: f"{paper.title}（{paper.place}）"
        self.fields["absent"].help_text = "对着柜里的资料看一遍，没找到的打勾；都在就不用勾"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        absent = {paper.pk for paper in cleaned.get("absent") or ()}
        self.record.lines = [
            {"paper": paper.pk, "title": paper.title, "place": paper.place, "found": paper.pk not in absent}
            for paper in self.on_shelf
        ]
        self.record.absent_count = len(absent)
        return cleaned


class SettleForm(StepForm):
    class Meta:
        model = ShelfCheck
        fields = ["remedy"]
        widgets = {"remedy": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"remedy": "找到了放回原处、补齐了、改了目录，照实写"}


class EntryForm(StepForm):
    optional = ("others",)

    class Meta:
        model = RoomEntry
        fields = ["room", "purpose", "others"]


class LockForm(StepForm):
    locked = forms.BooleanField(label="柜和门都已锁好")
    emptied = forms.BooleanField(label="借出、翻看的资料都已放回")

    class Meta:
        model = RoomEntry
        fields: list[str] = []
