"""Columns and panels of the service bills."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.handing.models import ServiceBill
from yihu.basics.money import rmb_capitals, yuan
from yihu.kernel.screens import Screens, Tab, screens
from yihu.kernel.screens.money_cells import money

S = ServiceBill.State
UNPAID = {"way": ServiceBill.Way.SPOT, "lines__charge__open__gt": 0}


@screens
class ServiceBillScreens(Screens):
    model = ServiceBill
    word = "有偿服务进账单"
    tabs = (
        Tab("charge", "待出账", (S.PENDING,), may="ledger.bill", step="charge"),
        Tab("reverse", "待冲销", (S.TO_REVERSE,), may="ledger.reverse"),
        Tab("unpaid", "即付未收", may="ledger.collect", only=UNPAID, closed_too=True),
    )
    columns = ("number", "state", "way", "summary", "period", "total", "item", "due_on", "opened_at")
    filters = ("state", "way")
    related = ("source", "item", "takes_back__record")
    panels = (("进账", ("way", "source", "period", "total", "takes_back", "item", "due_on", "refusal")),)
    nav = ("有偿服务进账", 75.4)

    @money("合计")
    def cell_total(self, bill: Any) -> int | None:
        return bill.total_fen

    def cell_takes_back(self, bill: Any) -> str:
        line = bill.takes_back
        return f"{line.record.number} {yuan(line.amount_fen)} 元" if line else ""

    cell_takes_back.label = "冲销哪一笔"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = record.lines.select_related("unit", "party", "record").order_by("unit__sort_key", "pk")
        lines = [line.words for line in rows]
        if not lines:
            return []
        title = f"逐笔 {len(lines)} 笔，{rmb_capitals(record.total_fen)}"
        return [{"title": title, "template": "handing/_lines.html", "lines": lines}]
