"""A cell of a sum, declared in one word: on a list its unit stands in the heading, its figures at the right; on a record's
page the unit stands behind the sum."""

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
        shown.of_money = label  # type: ignore[attr-defined]
        return shown

    return declare


def beside(screen: Any, name: str, text: str) -> tuple[str, str] | None:
    """A sum as a record's page says it, label and words; None where the column is no sum."""
    label = getattr(getattr(screen, f"cell_{name}", None), "of_money", "")
    return (str(label), f"{text} 元" if text else "") if label else None


def is_money(screen: Any, name: str) -> bool:
    """Whether a column of the screen is a sum."""
    return bool(getattr(getattr(screen, f"cell_{name}", None), "of_money", False))
