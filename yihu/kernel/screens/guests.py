"""What other apps hang on every record's page: links beside the steps, and panels. Registered when an app is ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Guest = Callable[[Any, Any], list[dict[str, Any]]]

_links: list[Guest] = []
_panels: list[Guest] = []


def on_every_record(*, links: Guest | None = None, panels: Guest | None = None) -> None:
    """``links(record, person)`` gives [{label, url}], ``panels(record, person)`` [{title, template, …}]."""
    for guest, guests in ((links, _links), (panels, _panels)):
        if guest is not None and guest not in guests:
            guests.append(guest)


def guest_links(record: Any, person: Any) -> list[dict[str, Any]]:
    return [found for guest in _links for found in guest(record, person)]


def guest_panels(record: Any, person: Any) -> list[dict[str, Any]]:
    return [found for guest in _panels for found in guest(record, person)]
