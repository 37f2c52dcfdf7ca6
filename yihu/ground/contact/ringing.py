"""Whom to ring: what goes out to a household says it. The area that keeps the published numbers registers here; nobody else imports it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Told = Callable[[Any, bool], list[tuple[str, str]]]
_told: list[Told] = []


def tells_numbers(told: Told) -> Told:
    """Register ``told(community, emergency)``: the (name, number) pairs that stand on the board today, the likeliest first;
    with ``emergency`` those for an emergency among them."""
    _told.append(told)
    return told


def to_ring(community: Any, *, emergency: bool = False) -> list[tuple[str, str]]:
    """The numbers by which a household reaches the desk; none as long as none are published."""
    return [pair for told in _told for pair in told(community, emergency)]


def in_words(community: Any) -> str:
    """The same on one line of a sheet: 前台 88886666；值班 88887777."""
    return "；".join(f"{name} {number}" for name, number in to_ring(community))
