"""《收费公示表》 on A4 and A3."""

from __future__ import annotations

from yihu.areas.billing.tariffs.showing import public_list
from yihu.kernel.prints.declare import Print

PRICE_LISTS = {
    "a4": Print(
        "price_list", "收费公示表", data=public_list, paper="a4-landscape", of_one=False, says_numbers=True, issued=True
    ),
    "a3": Print("price_list", "收费公示表", data=public_list, paper="a3", of_one=False, says_numbers=True, issued=True),
}
