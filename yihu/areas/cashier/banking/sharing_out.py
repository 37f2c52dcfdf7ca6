"""A line of the statement goes over what a person chose for it, in his order, each as far as both reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yihu.kernel.errors import Conflict, Refused


def shared_out(
    wanted: Sequence[int], found: Mapping[int, Any], rest: int, *, gone: str, too_much: str
) -> Iterator[tuple[Any, int]]:
    """Each of ``found`` (with ``rest`` in 分) with its part. Conflict with ``gone`` where one is no longer to be had, Refused
    with ``too_much`` where nothing is left for one."""
    for key in wanted:
        one = found.get(key)
        if one is None:
            raise Conflict(gone, [])
        amount = min(rest, one.rest)
        if not amount:
            raise Refused(too_much)
        yield one, amount
        rest -= amount
