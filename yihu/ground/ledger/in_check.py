"""Whose money may have come in already: nobody knows yet whose receipt it is, and somebody is looking into it.

Who keeps the bank's statement says so; who asks for money asks here first (domain.md scenario 20).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Candidates = Callable[[int], Mapping[int, str]]
_asked: list[Candidates] = []


def candidates_from(candidates: Candidates) -> None:
    """``candidates(community_id)``: the parties whose money it may be, each with a sentence why."""
    _asked.append(candidates)


def in_check(community_id: int) -> dict[int, str]:
    """All of them, by party."""
    found: dict[int, str] = {}
    for candidates in _asked:
        found = {**candidates(community_id), **found}
    return found
