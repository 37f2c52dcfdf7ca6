"""The form field of a personal value: shows the mask, never the value; left empty it changes nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.kernel.masked import Masked
from yihu.kernel.personal_kinds import Kind

CLEARED = ("无", "-", "—")


class PersonalInput(forms.TextInput):
    """What was typed is shown again; what is kept stands behind it as a mask."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if isinstance(value, Masked):
            attrs = {**(attrs or {}), "placeholder": str(value)} if value else attrs
            value = ""
        return super().get_context(name, value, attrs)

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and not initial


class PersonalFormField(forms.CharField):
    """Empty keeps the old value, 无 removes it (where it may be missing), anything else replaces it."""

    widget = PersonalInput

    def __init__(self, *, kind: Kind, **options: Any) -> None:
        self.kind = kind
        options.setdefault("max_length", 40)
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off", "inputmode": self.kind.keyboard}

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return self.kind.normal(typed) if typed else ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial

    def has_changed(self, initial: Any, data: Any) -> bool:
        typed = _typed(data)
        if not typed or _is_the_mask(typed, initial):
            return False
        if typed in CLEARED:
            return bool(initial)
        return self.kind.tolerant(typed) != (initial or "")

    def _clean_bound_field(self, bf: Any) -> Any:
        if self.disabled:
            return bf.initial
        typed = _typed(bf.data)
        if bf.initial and (not typed or _is_the_mask(typed, bf.initial)):
            return bf.initial
        if typed in CLEARED and not self.required:
            return ""
        return self.clean(bf.data)


def _typed(data: Any) -> str:
    return str(data or "").strip()


def _is_the_mask(typed: str, initial: Any) -> bool:
    return isinstance(initial, Masked) and "*" in typed and typed == str(initial)
