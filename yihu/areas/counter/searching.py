"""What the one search box finds here: service numbers and fees, the number in the line itself."""

from __future__ import annotations

from typing import Any

from yihu.areas.counter import numbers
from yihu.areas.counter.models import ServiceNumber
from yihu.basics.grams import folded
from yihu.kernel import search
from yihu.kernel.authority import grants_of
from yihu.kernel.search import Hit

KIND = "service_number"


def service_numbers(text: str, person: Any, limit: int) -> list[Hit]:
    places = grants_of(person).communities_with(numbers.READ)
    if not places:
        return []
    words = folded(text).split()  # the list is short and read anyway: it needs no index
    return [
        Hit(
            KIND,
            f"{one['name']}　{one['text']}",
            " · ".join(filter(None, (one["hours"], one["remark"]))),
            one["url"],
        )
        for one in numbers.in_force(places)
        if words and all(word in _said(one) for word in words)
    ][:limit]


def _said(one: dict[str, Any]) -> str:
    return folded(
        f"{ServiceNumber.Group(one['group']).label} {one['name']} {one['text']} {one['hours']} {one['remark']}"
    )


search.provider(KIND, "服务电话与收费", service_numbers)
