"""What an area says about its pages: columns, filters, panels. Labels come from the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from django.http import Http404

from yihu.kernel.procedure import Procedure, by_slug, procedure_of


@dataclass(frozen=True)
class Tab:
    """A tab above a list. A register may add one for open records in some states, for those who have a capability.

    ``only`` narrows it by columns of the register, ``closed_too`` lets closed records stand there as well.
    ``due_in`` narrows it to what is late or due within that time.
    ``step`` names what is done with such records: its rows lead straight to that step's page and back again.
    """

    name: str
    label: str
    states: tuple[str, ...] = ()
    may: str = ""
    step: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)
    closed_too: bool = False
    due_in: timedelta | None = None

    @property
    def counted(self) -> bool:
        """Something waits here, and the tab says how much."""
        return bool(self.states or self.only) and not self.closed_too


@dataclass(frozen=True)
class Nearby:
    """A page that belongs to a list (its price list, its stock of things), shown to those who may open it."""

    label: str
    name: str
    may: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gathered:
    """How a household's file sums up what waits for it in these states: ``words`` with the number at {}, ``page`` (asked with
    ``?unit=``) where it is handed over."""

    words: str
    states: tuple[str, ...]
    page: str


class Screens:
    """One register's pages. Override a method for a cell of your own; override a template block for the rest.

    ``word`` is what people call one record, where its title would be too long for a button.
    ``leaves``: the list may be taken out of the house as a workbook (by those who may export); a list of debtors never is.
    """

    model: ClassVar[Any]
    word: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ("number", "summary", "unit", "handler", "state", "next_due_at", "opened_at")
    filters: ClassVar[tuple[str, ...]] = ()
    tabs: ClassVar[tuple[Tab, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ()
    panels: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    nav: ClassVar[tuple[str, float] | None] = None
    leaves: ClassVar[bool] = True
    nearby: ClassVar[tuple[Nearby, ...]] = ()
    guides: ClassVar[Any] = None
    gathered: ClassVar[Gathered | None] = None

    @property
    def procedure(self) -> Procedure:
        return procedure_of(self.model)

    @property
    def slug(self) -> str:
        return self.procedure.slug

    @property
    def title(self) -> str:
        return self.procedure.title

    @property
    def short(self) -> str:
        return self.word or self.title

    def default_tab(self, person: Any, community: Any) -> str:
        """The name of the tab that this person sees first."""
        return "open"

    def cell(self, record: Any, name: str) -> str | None:
        """The text of a column that is not a field; None = take the field."""
        found = getattr(self, f"cell_{name}", None)
        return str(found(record)) if found else None

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        """Panels with a template of their own: {title, template, …context}."""
        return []

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """What the area's own template of the record (or of one step) needs beyond the generic context."""
        return {}

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


def screen_or_404(slug: str) -> Screens:
    """The register of an address; one that nobody declared is no page."""
    procedure = by_slug(slug)
    if procedure is None:
        raise Http404
    return screens_of(procedure.kind)


def all_screens() -> list[Screens]:
    return list(_screens.values())
