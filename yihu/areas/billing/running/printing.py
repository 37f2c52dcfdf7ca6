"""《出账核对表》: what is to be billed, beside last month, and what is odd, for the one who checks and signs (FEE-05)."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.running.models import Finding
from yihu.areas.billing.running.showing import finding_groups, item_rows, kind_word, samples
from yihu.basics.identity import mask_free_text
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel.moments import stamp
from yihu.kernel.prints.declare import Print

MOST = 200


def check_sheet(run: Any, by: Any) -> dict[str, Any]:
    rows = item_rows(run)
    found = Finding.objects.filter(run=run).select_related("unit").order_by("-stops", "kind", "pk")
    total, figures = found.count(), run.figures
    return {
        "community": run.community.name,
        "number": run.number,
        "qr": run.number,
        "month": str(run.month),
        "sources": run.source_words,
        "drawn": stamp(run.drawn_at) if run.drawn_at else "正在试算",
        "units": f"{figures.get('units', 0)} 户，共 {run.units_total} 户",
        "left_out": f"{figures.get('left_out', 0)} 户",
        "already": f"{figures.get('already', 0)} 行",
        "rows": [[one["name"], str(one["lines"]), one["amount"], one["before"], one["moved"], one["percent"]] for one in rows],
        "total": yuan(run.amount),
        "capitals": rmb_capitals(run.amount),
        "groups": [[one["title"], "不出账" if one["stops"] else "照出", str(one["count"])] for one in finding_groups(run)],
        "findings": [
            [str(one.unit or "整个项目"), kind_word(one.kind), mask_free_text(one.words), "不出账" if one.stops else ""]
            for one in found[:MOST]
        ],
        "left": max(0, total - MOST),
        "bills": [
            {
                "unit": str(bill["unit"]),
                "total": bill["total"],
                "lines": [[one.item, one.period, mask_free_text(one.words), one.yuan] for one in bill["lines"]],
            }
            for bill in samples(run)
        ],
        "drawer": str(run.opened_by),
        "checker": str(run.checker or ""),
        "checked": stamp(run.checked_at) if run.checked_at else "",
        "note": run.check_note,
        "posted": f"{run.lines_posted} 行，{yuan(run.amount_posted)} 元" if run.posted_at else "",
        "digest": run.digest if run.posted_at else "",
    }  # fmt: skip


CHECK_SHEET = Print("check_sheet", "出账核对表", data=check_sheet)
