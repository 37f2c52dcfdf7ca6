"""What an area says about its pages: columns, filters, panels. Labels come from the models."""

from __future__ import annotations

from typing import Any, ClassVar

from yihu.kernel.procedure import Procedure, procedure_of


class Screens:
    """One register's pages. Override a method for a cell of your own; override a template block for the rest."""

    model: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]] = ("number", "summary", "unit", "handler", "state", "next_due_at", "opened_at")
    filters: ClassVar[tuple[str, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ()
    panels: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    nav: ClassVar[tuple[str, int] | None] = None
    guides: ClassVar[Any] = None

    @property
    def procedure(self) -> Procedure:
        return procedure_of(self.model)

    @property
    def slug(self) -> str:
        return self.procedure.slug

    @property
    def title(self) -> str:
        return self.procedure.title

    def cell(self, record: Any, name: str) -> str | None:
        """The text of a column that is not a field; None = take the field."""
        found = getattr(self, f"cell_{name}", None)
        return str(found(record)) if found else None

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """Panels with a template of their own: {title, template, …context}."""
        return []

    def label(self, name: str) -> str:
        found = getattr(self, f"cell_{name}", None)
        if found:
            return str(found.label)
        return str(self.model._meta.get_field(name).verbose_name)


_screens: dict[str, Screens] = {}


def screens(declared: type[Screens]) -> type[Screens]:
    """Register a declaration."""
    _screens[declared.model._meta.label_lower] = declared()
    return declared


def screens_of(kind: str) -> Screens:
    return _screens[kind]


def all_screens() -> list[Screens]:
    return list(_screens.values())
