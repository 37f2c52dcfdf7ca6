"""What a form says about a wrong field, in the words of a colleague: what to do, not what the field is."""

from __future__ import annotations

from django import forms

DATE = "请按 2026-11-02 的样子填写日期。"
MOMENT = "请按 2026-11-02 09:30 的样子填写日期和时间。"
CHOOSE = "请选择一项。"
GONE = "选的这一项现在不能选了，请重新选择。"

SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "请填写这一项。"},
    forms.IntegerField: {"invalid": "请填写整数。"},
    forms.FloatField: {"invalid": "请填写数字。"},
    forms.DecimalField: {"invalid": "请填写数字。"},
    forms.DateField: {"invalid": DATE},
    forms.TimeField: {"invalid": "请按 09:30 的样子填写时间。"},
    forms.DateTimeField: {"invalid": MOMENT},
    forms.BooleanField: {"required": "请先勾选这一项。"},
    forms.ChoiceField: {"required": CHOOSE, "invalid_choice": GONE},
    forms.MultipleChoiceField: {"required": "请至少选择一项。", "invalid_choice": GONE},
    forms.ModelChoiceField: {"required": CHOOSE, "invalid_choice": GONE},
    forms.ModelMultipleChoiceField: {"required": "请至少选择一项。", "invalid_choice": GONE},
    forms.FileField: {
        "required": "请选择文件。",
        "missing": "没有收到文件，请重新选择。",
        "empty": "这个文件是空的，请换一个。",
    },
}


def speak_plainly() -> None:
    """Once, at start: every form of the house uses these sentences unless it has its own."""
    for field, sentences in SENTENCES.items():
        field.default_error_messages = {**getattr(field, "default_error_messages", {}), **sentences}
