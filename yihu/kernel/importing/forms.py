"""What is asked for an import: the file, what its columns are, what to overwrite, why it is taken back."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils import timezone

from yihu.kernel.forms import StepForm
from yihu.kernel.importing import reader, staging
from yihu.kernel.importing.declare import Import, import_of

_MOST_TICKS = 500


class HandInForm(StepForm):
    """The file. What cannot be read is refused here, with a sentence, and nothing is kept."""

    import_file = forms.FileField(
        label="文件", help_text="Excel（.xlsx、.xls）或 CSV，最大 20 MB。导入前先核对，确认后才生效。"
    )

    def prepare(self) -> None:
        self.fields["import_file"].label = import_of(self.record).file_label

    def clean_import_file(self) -> Any:
        upload = self.cleaned_data["import_file"]
        if upload.size > reader.MAX_FILE_BYTES:
            raise forms.ValidationError("文件超过 20 MB，请分成几个文件导入。")
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
        importing, today = import_of(self.record), timezone.localdate()
        handed_in = staging.hand_in(importing, content, name, self.record.mapping, today)
        checked = handed_in.checked
        for found in checked.errors:
            if found.kind in ("unreadable_file", "nothing_found") and not handed_in.needs_mapping:
                raise forms.ValidationError(f"{found.reason}{found.remedy}")
        if not checked.errors:
            plan = importing.plan(importing.place(self.record), checked.rows, today)
            if not plan.changes:
                raise forms.ValidationError(
                    f"{importing.word}中的 {plan.unchanged} {importing.unit}与现有资料完全一致，不需要导入。"
                )
        return handed_in


class MapForm(StepForm):
    """What each sheet is about and what each column means, as they were recognised, to be corrected by a person."""

    def prepare(self) -> None:
        self.keys: dict[str, str] = {}
        shape = import_of(self.record).shape
        choices = [("", "— 请选择 —"), *((field.name, field.label) for field in shape.words.fields)]
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
        name, shape = f"s{number}", import_of(self.record).shape
        self.keys[name] = f"{sheet['sheet']}!"
        self.fields[name] = forms.CharField(
            label=shape.words.label(shape.of_sheet) if shape.of_sheet else "这张表", max_length=60, required=False,
            initial="" if sheet["left_out"] else sheet.get("about", ""),
            help_text=shape.sheet_help or "写“不导入”则跳过这张表，否则留空。",
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


class GoLiveForm(StepForm):
    """Which of the fields that a person changed are to be overwritten all the same."""

    optional = ("overwrite",)
    overwrite = forms.MultipleChoiceField(
        label="以表中为准的项目", widget=forms.CheckboxSelectMultiple,
        help_text="这些项目在上次导入后有人更正过，不勾选就保留人工更正。",
    )  # fmt: skip

    def prepare(self) -> None:
        kept = self.record.problems.filter(kind="kept").order_by("id")[:_MOST_TICKS] if self.record.kept else []
        choices = [
            (str(found.pk), f"{found.sheet} 第{found.row_no}行 {found.column}：表中 {found.value}；{found.reason}")
            for found in kept
        ]
        if choices:
            overwrite: Any = self.fields["overwrite"]
            overwrite.choices = choices
        else:
            del self.fields["overwrite"]


def form_of(importing: type[Import], base: type[StepForm]) -> type[StepForm]:
    """The form for this sort's own run."""
    meta = type("Meta", (), {"model": importing.model, "fields": []})
    return type(base.__name__, (base,), {"Meta": meta})
