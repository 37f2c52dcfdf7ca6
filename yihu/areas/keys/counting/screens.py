"""Columns, tabs and panels of the counts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.counting.walk import COUNT
from yihu.kernel.authority import grants_of
from yihu.kernel.screens import Nearby, Screens, Tab, screens

S = KeyCount.State


@screens
class KeyCountScreens(Screens):
    model = KeyCount
    word = "核查"
    tabs = (
        Tab("due", "待核查", (S.DUE,)),
        Tab("witness", "待见证", (S.TO_WITNESS,)),
        Tab("differs", "有差异", (S.DIFFERS,)),
    )
    columns = ("number", "state", "cabinet", "turn", "rate", "off", "counted_by", "witness", "next_due_at")
    filters = ("state", "cabinet")
    related = ("cabinet__keeper", "counted_by", "witness")
    panels = (
        ("核查", ("cabinet", "keeper", "turn", "due_at", "rate", "on_loan", "off")),
        ("签字", ("counted_by", "counted_at", "witness", "witnessed_at")),
        ("差异", ("surplus", "reported_to", "reported_at", "remedy")),
    )
    nav = ("钥匙核查", 51)
    nearby = (Nearby("账实相符率", "counting:overview", "counting.see"),)

    def cell_rate(self, count: Any) -> str:
        return str(count.rate)

    cell_rate.label = "核到 / 账面"  # type: ignore[attr-defined]

    def cell_off(self, count: Any) -> str:
        return f"{count.off} 处" if count.off else "无" if count.counted_at else ""

    cell_off.label = "差异"  # type: ignore[attr-defined]

    def cell_keeper(self, count: Any) -> str:
        return str(count.cabinet.keeper)

    cell_keeper.label = "保管人"  # type: ignore[attr-defined]

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        rows = record.differences if record.counted_at else None
        return [{"title": "逐处差异", "template": "counting/_differences.html", "rows": rows}] if rows else []

    def beside(self, record: Any, person: Any, step: str = "") -> dict[str, Any]:
        """The way to the hooks, while they are still to be looked at."""
        walks = record.state == S.DUE and record.closed_at is None and grants_of(person).may(COUNT, record.community_id)
        return {"walk_url": reverse("counting:walk", args=[record.number]) if walks else ""}
