"""An amount typed in 元 that a form hands on in 分."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.basics.money import fen, yuan

MOST_FEN = 100_000_000


class MoneyField(forms.CharField):
    """元 on the screen, integer 分 in ``cleaned_data``; nothing typed is 0. Refuses what is no amount, and sums beyond
    ``most`` (a million, where nothing else is said).
    """

    def __init__(self, *, most: int = MOST_FEN, **options: Any) -> None:
        self.most = most
        widget = forms.TextInput(attrs={"inputmode": "decimal", "data-money": ""})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> int:
        typed = super().clean(value)
        try:
            amount = fen(typed or "0")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 <= amount <= self.most:
            raise forms.ValidationError(f"金额应在 0 至 {yuan(self.most)} 元之间。")
        return amount
