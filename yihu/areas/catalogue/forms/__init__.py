"""What the department's archive asks."""

from __future__ import annotations

from typing import Any


def preset(form: Any, **values: Any) -> None:
    """What is usual stands there already, where neither the record nor the address says otherwise."""
    for name, value in values.items():
        if form.initial.get(name) in (None, ""):
            form.initial[name] = value
