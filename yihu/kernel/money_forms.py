"""An amount typed in 元 that a form hands on in 分."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.basics.money import fen

MOST_FEN = 100_000_000


class MoneyField(forms.CharField):
    """元 on the screen, integer 分 in ``cleaned_data``; nothing typed is 0. Refuses what is no amount, and sums beyond a million."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "data-money": ""})
        super().__init__(max_length=14, widget=widget, **options)

    def clean(self, value: Any) -> int:
        typed = super().clean(value)
        try:
            amount = fen(typed or "0")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 <= amount <= MOST_FEN:
            raise forms.ValidationError("金额应在 0 至 1,000,000.00 元之间。")
        return amount
