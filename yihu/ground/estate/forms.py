"""What is asked for a roll's import, and for corrections of units and people."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils import timezone

from yihu.ground.estate.models import RollImport
from yihu.ground.estate.roll import headings, merge, reader, staging
from yihu.kernel.forms import StepForm

_MOST_TICKS = 500


class HandInForm(StepForm):
    """The file. What cannot be read is refused here, with a sentence, and nothing is kept."""

    roll_file = forms.FileField(
        label="业主名册文件", help_text="Excel（.xlsx、.xls）或 CSV，最大 20 MB。导入前先核对，确认后才生效。"
    )

    class Meta:
        model = RollImport
        fields = []

    def clean_roll_file(self) -> Any:
        upload = self.cleaned_data["roll_file"]
        if upload.size > reader.MAX_FILE_BYTES:
            raise forms.ValidationError("文件超过 20 MB，请按组团分成几个文件导入。")
        content = upload.read()
        upload.seek(0)
        self.cleaned_data["content"], self.cleaned_data["handed_in"] = content, None
        self.instance.file_name = PurePath(upload.name).name[-120:]
        self.instance.file_sha256 = hashlib.sha256(content).hexdigest()
        if len(content) <= staging.AT_ONCE:
            known = upload.handed_in if isinstance(upload, staging.ReadUpload) else None
            self.cleaned_data["handed_in"] = known or self._read(content, upload.name)
        return upload

    def _read(self, content: bytes, name: str) -> staging.HandedIn:
        today = timezone.localdate()
        handed_in = staging.hand_in(content, name, self.record.mapping, today)
        roll = handed_in.roll
        for found in roll.errors:
            if found.kind in ("unreadable_file", "nothing_found") and not handed_in.needs_mapping:
                raise forms.ValidationError(f"{found.reason}{found.remedy}")
        if not roll.errors:
            plan = merge.plan(self.record.community, roll.rows, today)
            if not plan.created and not plan.updated and not plan.kept:
                raise forms.ValidationError(f"名册中的 {plan.unchanged} 户与现有资料完全一致，不需要导入。")
        return handed_in


class MapForm(StepForm):
    """Each sheet's cluster and each column's meaning, as they were recognised, to be corrected by a person."""

    class Meta:
        model = RollImport
        fields = []

    def prepare(self) -> None:
        self.keys: dict[str, str] = {}
        choices = [("", "— 请选择 —"), *((field.name, field.label) for field in headings.FIELDS)]
        groups = []
        for number, sheet in enumerate(self.record.questions):
            names = [self._ask_sheet(number, sheet)]
            for column in sheet["columns"]:
                name = f"c{number}_{column['letters']}"
                self.keys[name] = f"{sheet['sheet']}!{column['letters']}"
                samples = "、".join(column["samples"])
                self.fields[name] = forms.ChoiceField(
                    label=column["heading"], choices=choices, required=False, initial=column["field"] or column["guess"],
                    help_text=f"例：{samples}" if samples else "",
                )  # fmt: skip
                names.append(name)
            groups.append((f"工作表“{sheet['sheet']}”", tuple(names)))
        self.sections = tuple(groups)

    def _ask_sheet(self, number: int, sheet: dict[str, Any]) -> str:
        name = f"s{number}"
        self.keys[name] = f"{sheet['sheet']}!"
        self.fields[name] = forms.CharField(
            label="组团", max_length=60, required=False, initial="" if sheet["left_out"] else sheet["cluster"],
            help_text="这张表属于哪个组团，如“A组团”；没有组团或表中有组团列就留空。写“不导入”则跳过这张表。",
        )  # fmt: skip
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        told = {key: cleaned.get(name, "") for name, key in self.keys.items()}
        cleaned["mapping"] = {key: word for key, word in told.items() if word or not key.endswith("!")}
        for name, key in self.keys.items():
            sheet = key.partition("!")[0]
            if not key.endswith("!") and not cleaned.get(name) and told.get(f"{sheet}!") != "不导入":
                self.add_error(name, "请说明这一列是什么；不需要的列选“不导入”。")
        return cleaned


class UndoForm(StepForm):
    """Why a whole batch is taken back."""

    reason = forms.CharField(label="撤销原因", max_length=100, help_text="例如：传错了文件。")

    class Meta:
        model = RollImport
        fields = []


class GoLiveForm(StepForm):
    """Which of the fields that a person changed are to be overwritten all the same."""

    optional = ("overwrite",)
    overwrite = forms.MultipleChoiceField(
        label="以表中为准的项目", widget=forms.CheckboxSelectMultiple,
        help_text="这些项目在上次导入后有人更正过，不勾选就保留人工更正。",
    )  # fmt: skip

    class Meta:
        model = RollImport
        fields = []

    def prepare(self) -> None:
        kept = self.record.problems.filter(kind="kept").order_by("id")[:_MOST_TICKS] if self.record.kept else []
        choices = [
            (str(found.pk), f"{found.sheet} 第{found.row_no}行 {found.column}：表中 {found.value}；{found.reason}")
            for found in kept
        ]
        if choices:
            self.fields["overwrite"].choices = choices
        else:
            del self.fields["overwrite"]
