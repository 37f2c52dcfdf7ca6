"""Every view says who may open it; a view that says nothing is refused, and fails the build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Policy:
    """Exactly one of the four holds. ``may`` is a capability in the current community; ``token`` asks another program for
    its token and knows no session.
    """

    public: bool = False
    signed_in: bool = False
    may: str = ""
    token: bool = False


def policy(*, public: bool = False, signed_in: bool = False, may: str = "") -> Callable[[View], View]:
    """Declare a view's policy; staff's middleware enforces it before the view runs."""
    if [public, signed_in, bool(may)].count(True) != 1:
        raise ValueError("a policy is public, signed_in or may=…, exactly one of them")

    def declare(view: View) -> View:
        view.policy = Policy(public, signed_in, may)  # type: ignore[attr-defined]
        return view

    return declare
