"""What is checked once all apps are loaded: declarations name things that exist."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from yihu.kernel.procedure import DeclarationError, check_names, procedures
from yihu.kernel.screens.declare import all_screens


def declarations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    try:
        check_names()
    except DeclarationError as error:
        found.append(Error(str(error), id="yihu.E001"))
    kinds = {screen.model._meta.label_lower for screen in all_screens()}
    found += [
        Error(f"{procedure.kind} has a procedure but no screens", id="yihu.E002")
        for procedure in procedures()
        if procedure.kind not in kinds
    ]
    for screen in all_screens():
        filters = [name.partition("__")[0] for name in screen.filters]
        for name in [*screen.columns, *filters, *(name for _, names in screen.panels for name in names)]:
            if not hasattr(screen, f"cell_{name}") and name not in {
                field.name for field in screen.model._meta.get_fields()
            }:
                found.append(
                    Error(f"{screen.model._meta.label}: screens name the unknown field {name!r}", id="yihu.E003")
                )
    return found
