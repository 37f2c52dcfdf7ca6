"""The cards on paper, ten to a sheet, to be cut: where it hangs, the code, what to do. No name stands on any (SEC-04)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yihu.basics.charts import Drawing
from yihu.fronts.online.models import Card
from yihu.fronts.online.pages.shared import to_ring
from yihu.kernel.prints.declare import Print
from yihu.kernel.prints.plain import qr_svg


def sheet(cards: Sequence[tuple[Card, str]], by: Any) -> dict[str, Any]:
    """``cards``: each with the address in its code."""
    here = cards[0][0].community
    rings = to_ring(here)
    return {
        "community": here.name,
        "number": "",
        "ring": "\n".join(f"{one['name']} {one['text']}" for one in rings[:2]),
        "cards": [
            {"where": str(card), "home": card.unit_id is not None, "code": Drawing(qr_svg(address))}
            for card, address in cards
        ],
    }


# the desk's own number is meant to be read; no copy is kept, for it would hold codes that open something
CARDS = Print("online_card", "报修卡", data=sheet, says_numbers=True)
