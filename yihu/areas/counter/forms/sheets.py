"""The sheets that come round: one line for each thing on the community's list."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.counter.models import CheckItem, DeskCheck, StockCheck, StockItem
from yihu.kernel.forms import PersonChoice, PhotosField, SignatureField, StepForm

OK = (("ok", "合格"), ("not_ok", "不合格"))


class TurnForm(StepForm):
    """The program opens a sheet for each turn."""

    class Meta:
        model = DeskCheck
        fields = ["turn", "due_at"]


class StockTurnForm(TurnForm):
    class Meta(TurnForm.Meta):
        model = StockCheck


class _LinesForm(StepForm):
    """A signed sheet: the fields of each line, then what belongs to the whole."""

    items: Any = None
    signature = SignatureField(label="检查人签名")

    def prepare(self) -> None:
        self.listed = list(
            self.items.objects.filter(community_id=self.record.community_id, shown=True).order_by("position", "pk")
        )
        for item in self.listed:
            for name, field in self.line_fields(item).items():
                field.starred, field.when = False, self.when(name, item)
                self.fields[f"{name}_{item.pk}"] = field

    def line_fields(self, item: Any) -> dict[str, forms.Field]:
        raise AssertionError("each sheet has lines of its own")

    def field_sections(self) -> list[dict[str, Any]]:
        lines = [
            {"legend": self.legend(item), "fields": [self[f"{name}_{item.pk}"] for name in self.line_fields(item)]}
            for item in self.listed
        ]
        rest = [self[name] for name in self.fields if not name.rpartition("_")[2].isdigit()]
        return [*lines, {"legend": "", "fields": rest}]

    def when(self, name: str, item: Any) -> str:
        return ""

    def legend(self, item: Any) -> str:
        return str(item)

    def _line(self, item: Any) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{name}_{item.pk}") for name in self.line_fields(item)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.listed:
            raise forms.ValidationError("清单是空的，没有可检查的内容；请客服主管先填好清单。")
        return cleaned


class DeskCheckForm(_LinesForm):
    items = CheckItem
    photos = PhotosField(label="照片")
    handler = PersonChoice(label="不合格的由谁整改", capability="counter.receive")
    optional = ("photos", "handler")

    class Meta:
        model = DeskCheck
        fields = ["handler"]

    def line_fields(self, item: Any) -> dict[str, forms.Field]:
        return {
            "ok": forms.ChoiceField(label="检查", choices=OK, widget=forms.RadioSelect),
            "remark": forms.CharField(label="说明", max_length=100, required=False),
        }

    def when(self, name: str, item: Any) -> str:
        return f"ok_{item.pk}=not_ok" if name == "remark" else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        lines = [{"item": str(item), **self._line(item)} for item in self.listed]
        bad = [item for item, line in zip(self.listed, lines, strict=True) if line["ok"] == "not_ok"]
        for item in bad:
            if not cleaned.get(f"remark_{item.pk}"):
                self.add_error(f"remark_{item.pk}", "不合格的请写明情况。")
        if bad and not cleaned.get("handler"):
            self.add_error("handler", "有不合格的，请选由谁整改。")
        if not bad:
            cleaned["handler"] = None
        self.record.lines = lines
        self.record.found = (
            f"{len(bad)} 项不合格：{'、'.join(map(str, bad))}"[:200] if bad else f"{len(lines)} 项全部合格"
        )
        return cleaned


class StockCheckForm(_LinesForm):
    """Counted, never taken over: what differs from the list cannot be saved as agreement."""

    items = StockItem

    class Meta:
        model = StockCheck
        fields: list[str] = []

    def line_fields(self, item: Any) -> dict[str, forms.Field]:
        return {
            "counted": forms.IntegerField(label="实点", min_value=0, max_value=9999),
            "damaged": forms.IntegerField(label="其中损坏", min_value=0, max_value=9999, required=False),
            "remark": forms.CharField(label="差异说明", max_length=100, required=False),
        }

    def legend(self, item: Any) -> str:
        return f"{item}　应有 {item.quantity}{f'（{item.place}）' if item.place else ''}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        lines, words = [], []
        for item in self.listed:
            line = {"item": str(item), "expected": item.quantity, **self._line(item)}
            line["damaged"] = line["damaged"] or 0
            lines.append(line)
            if line["counted"] is None:
                continue
            if line["damaged"] > line["counted"]:
                self.add_error(f"damaged_{item.pk}", "损坏的不能多于实点的。")
            if said := difference(line):
                words.append(f"{item}{said}")
                if not line["remark"]:
                    self.add_error(f"remark_{item.pk}", f"应有 {item.quantity}，{said}，请写明情况。")
        self.record.lines = lines
        self.record.found = "；".join(words)[:200] or f"{len(lines)} 样全部相符"
        return cleaned


def difference(line: dict[str, Any]) -> str:
    """少 1、多 2、损坏 1; nothing where the count agrees with the list."""
    off = line["counted"] - line["expected"]
    parts = [
        f"少 {-off}" if off < 0 else f"多 {off}" if off else "",
        f"损坏 {line['damaged']}" if line["damaged"] else "",
    ]
    return "，".join(part for part in parts if part)


class RemedyForm(StepForm):
    class Meta:
        model = DeskCheck
        fields = ["remedy"]
        widgets = {"remedy": forms.Textarea(attrs={"rows": 2})}


class ResolveForm(StepForm):
    class Meta:
        model = StockCheck
        fields = ["how", "remedy"]
        widgets = {"how": forms.RadioSelect, "remedy": forms.Textarea(attrs={"rows": 2})}


class FollowForm(StepForm):
    words = forms.CharField(label="跟进情况", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = StockCheck
        fields: list[str] = []
