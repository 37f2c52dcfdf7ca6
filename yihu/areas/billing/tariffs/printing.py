"""《收费公示表》 on A4 and A3; 《开发商付费更正单》."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.tariffs.changing import rows_of
from yihu.areas.billing.tariffs.models import PayerChange
from yihu.areas.billing.tariffs.showing import public_list
from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.prints.declare import Print

MOST = 600  # lines of one sheet

PRICE_LISTS = {
    "a4": Print(
        "price_list", "收费公示表", data=public_list, paper="a4-landscape", of_one=False, says_numbers=True, issued=True
    ),
    "a3": Print("price_list", "收费公示表", data=public_list, paper="a3", of_one=False, says_numbers=True, issued=True),
}


def payer_change(record: PayerChange, by: Any) -> dict[str, Any]:
    rows = rows_of(record, MOST)
    return {
        "community": record.community.name,
        "number": record.number,
        "where": str(record.cluster or "整个项目"),
        "party": mask_free_text(str(record.party or "")),
        "period": record.period,
        "state": record.state_word,
        "reason": mask_free_text(record.reason),
        "touched": record.touched,
        "lines": [
            [row["unit"], row["what"], row["period"], mask_free_text(row["payer"]), row["amount"], row["paid"]]
            for row in rows
        ],
        "left-off": max(0, record.bills - MOST),
        "rejection": mask_free_text(record.rejection),
        "asked_by": str(record.opened_by),
        "asked_at": moments.stamp(record.opened_at),
        "approved": str(record.approved_by or ""),
        "approved_at": moments.formal(record.approved_at),
    }


PAYER_CHANGE = Print("payer_change", "开发商付费更正单", data=payer_change)
