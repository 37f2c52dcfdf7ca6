"""What the one search box finds here: service numbers and fees, the number in the line itself."""

from __future__ import annotations

from typing import Any

from yihu.areas.counter import numbers
from yihu.kernel import search
from yihu.kernel.authority import grants_of
from yihu.kernel.search import Hit


def service_numbers(text: str, person: Any, limit: int) -> list[Hit]:
    places = grants_of(person).communities_with(numbers.READ)
    if not places:
        return []
    found = set(search.matching(text, [numbers.KIND], places).values_list("object_id", flat=True))
    return [
        Hit(
            numbers.KIND,
            f"{one['name']}　{one['text']}",
            " · ".join(filter(None, (one["hours"], one["remark"]))),
            one["url"],
        )
        for one in numbers.in_force(places)
        if one["pk"] in found or text in one["name"]
    ][:limit]


search.provider(numbers.KIND, "服务电话与收费", service_numbers)
