"""《收费公示表》 on A4 and A3."""

from __future__ import annotations

from typing import Any

from yihu.kernel.prints.declare import Print


def price_list(told: Any, by: Any) -> dict[str, Any]:
    return dict(told)


PRICE_LISTS = {
    "a4": Print(
        "price_list", "收费公示表", data=price_list, paper="a4-landscape", of_one=False, says_numbers=True, issued=True
    ),
    "a3": Print("price_list", "收费公示表", data=price_list, paper="a3", of_one=False, says_numbers=True, issued=True),
}
