"""Columns, filters and panels of the outages."""

from __future__ import annotations

from typing import Any

from yihu.areas.outages import standing  # noqa: F401  (says what stands over a unit)
from yihu.areas.outages.callers import callers
from yihu.areas.outages.models import Outage
from yihu.areas.outages.telling import course
from yihu.ground.contact.calling import settled
from yihu.ground.contact.models import CallBack
from yihu.kernel.models import Record
from yihu.kernel.screens import Screens, Tab, screens

MOST = 300


@screens
class OutageScreens(Screens):
    model = Outage
    word = "停用"
    tabs = (Tab("now", "停用中", (Outage.State.RUNNING,)),)
    columns = (
        "number",
        "state",
        "supply",
        "place_words",
        "cause",
        "begins_at",
        "expected_at",
        "handler",
        "next_due_at",
    )
    filters = ("supply", "side", "state")
    related = ("opened_by",)
    panels = (
        ("停用", ("supply", "sort", "place_words", "begins_at", "expected_at", "recovered_at", "explanation")),
        ("原因与处理", ("side", "cause", "responsible", "measures", "handler", "utility_at")),
        ("通知与告知", ("notice_by", "notified_at", "advice", "told_how", "told_words")),
    )
    nav = ("停水停电", 36)

    def extra_panels(self, record: Any, person: Any) -> list[dict[str, Any]]:
        found = [{"title": "来电人", "template": "outages/_callers.html", **self._callers(record, person)}]
        if written := course(record):
            found.append({"title": "发给住户的消息", "template": "outages/_said.html", "said": written})
        if record.state in Outage.STANDING and record.closed_at is None:
            found.insert(0, {"title": "前台这样答复", "template": "outages/_said.html", "said": record.said})
        return found

    def _callers(self, record: Any, person: Any) -> dict[str, Any]:
        rows = callers(record)
        total = rows.count()
        seen = list(
            Record.objects.seen_by(person)
            .filter(pk__in=rows.values("pk"))
            .select_related("unit")
            .order_by("opened_at", "pk")[:MOST]
        )
        said: dict[int, list[CallBack]] = {}
        for call in CallBack.objects.filter(record_id__in=[row.pk for row in seen]).order_by("attempt"):
            said.setdefault(call.record_id, []).append(call)
        lines = [_line(row, said.get(row.pk, []), record) for row in seen]
        return {"callers": lines, "total": total, "hidden": total - len(lines)}


def _line(row: Any, calls: list[CallBack], outage: Any) -> dict[str, Any]:
    if calls:
        told = f"{calls[-1].get_outcome_display()} {calls[-1].get_feedback_display()}".strip()
    else:
        told = "群发告知" if outage.told_how else "待回访" if outage.state == Outage.State.CALLING else ""
    done = settled([call.outcome for call in calls]) or bool(outage.told_how)
    return {
        "url": row.get_absolute_url(),
        "number": row.number,
        "unit": str(row.unit or "未登记房号"),
        "at": row.opened_at,
        "told": told,
        "done": done,
    }
