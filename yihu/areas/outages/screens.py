"""Columns, filters and panels of the outages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.outages import standing  # noqa: F401  (says what stands over a unit)
from yihu.areas.outages.callers import callers, calls, complained
from yihu.areas.outages.models import Outage
from yihu.areas.outages.telling import course
from yihu.ground.contact.calling import settled
from yihu.ground.contact.models import CallBack
from yihu.kernel import moments
from yihu.kernel.models import Record
from yihu.kernel.screens import Screens, Tab, screens

MOST = 300


@screens
class OutageScreens(Screens):
    model = Outage
    word = "停用"
    tabs = (
        Tab("now", "停用中", (Outage.State.RUNNING,)),
        Tab("remains", "遗留处理", (Outage.State.REMAINS,)),
    )
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

    def cell_notice_by(self, outage: Any) -> str:
        """Nobody is to be notified of what is left over for a few of them."""
        return moments.stamp(outage.notice_by) if outage.to_be_announced else ""

    cell_notice_by.label = "应通知时间"  # type: ignore[attr-defined]

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
        made = calls(record, [row.pk for row in seen])
        unhappy = complained(record, [row.pk for row in seen])
        step = record.procedure.step("call_back")
        calling = record.state in step.source and step.who.allows(person, record)
        page = reverse("kernel:step", args=[self.slug, record.number, step.name]) if calling else ""
        lines = [
            {**_line(row.typed, made.get(row.pk, []), record, page), "unhappy": unhappy.get(row.pk, "")} for row in seen
        ]
        return {"callers": lines, "total": total, "hidden": total - len(lines), "again": record.round_no > 1}


def _line(row: Any, made: list[CallBack], outage: Any, page: str) -> dict[str, Any]:
    """``page``: where he is called back, for whoever may."""
    facts = row.facts()
    if made:
        told = f"{made[-1].get_outcome_display()} {made[-1].get_feedback_display()}".strip()
    else:
        told = "群发告知" if outage.told_how else "待回访" if outage.state == Outage.State.CALLING else ""
    done = settled([call.outcome for call in made]) or bool(outage.told_how)
    return {
        "url": row.get_absolute_url(),
        "number": row.number,
        "unit": str(row.unit or "未登记房号"),
        "name": facts.get("caller_name") or "",
        "phone": str(facts.get("phone") or ""),
        "at": row.opened_at,
        "told": told,
        "made": bool(made),
        "done": done,
        "call_url": f"{page}?caller={row.pk}" if page and not done and row.closed_at is None else "",
    }
