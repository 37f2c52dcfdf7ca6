"""Pages that are not registers and still have a place in the navigation: a price list, a board, a settings page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """``name`` is the address's name; ``may`` lists capabilities of which one will do (none: everybody on staff)."""

    order: float
    label: str
    name: str
    may: tuple[str, ...] = ()
    icon: str = ""


_places: dict[str, Place] = {}


def place(order: float, label: str, name: str, *may: str, icon: str = "") -> None:
    """Put a page into the navigation. The order's ten says in which group, as with ``Screens.nav``.

    Said twice of one page, whoever either names may go there.
    """
    before = _places.get(name)
    _places[name] = Place(
        order, label, name, (*(before.may if before else ()), *may), icon or (before.icon if before else "")
    )


def places() -> list[Place]:
    return list(_places.values())


_inside: dict[str, tuple[str, tuple[str, ...]]] = {}


def inside(prefix: str, name: str, *args: str) -> None:
    """Pages whose address does not say to which entry of the navigation they belong: ``/cashier/slips/`` is no till."""
    _inside[prefix] = (name, args)


def entry_over(path: str) -> tuple[str, tuple[str, ...]] | None:
    """The entry's address (its name, its arguments) of such a page; None where the address itself says it."""
    found = max((prefix for prefix in _inside if path.startswith(prefix)), key=len, default="")
    return _inside.get(found)
