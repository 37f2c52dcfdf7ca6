"""A cell of a sum, declared in one word: its unit stands in the heading, its figures at the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from yihu.basics.money import yuan

Sum = Callable[[Any, Any], "int | None"]
Cell = Callable[[Any, Any], str]


def money(label: str) -> Callable[[Sum], Cell]:
    """``@money("欠费")`` over a method of a screen that gives 分, or None where there is nothing to say yet."""

    def declare(found: Sum) -> Cell:
        @wraps(found)
        def shown(screen: Any, record: Any) -> str:
            amount = found(screen, record)
            return "" if amount is None else yuan(amount)

        shown.label = f"{label}（元）"  # type: ignore[attr-defined]
        shown.of_money = True  # type: ignore[attr-defined]
        return shown

    return declare


def is_money(screen: Any, name: str) -> bool:
    """Whether a column of the screen is a sum."""
    return bool(getattr(getattr(screen, f"cell_{name}", None), "of_money", False))
