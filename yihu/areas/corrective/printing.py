"""《纠正预防措施表》 (F25) and the case as a sheet for training."""

from __future__ import annotations

from datetime import date
from typing import Any

from yihu.areas.corrective.models import CorrectiveAction
from yihu.basics.identity import mask_free_text
from yihu.kernel import moments
from yihu.kernel.models import Link, Record


def action_sheet(action: Any, by: Any) -> dict[str, Any]:
    """One action; the rounds before the present one as the journal has them."""
    grounds = Link.objects.filter(target_id=action.pk).values("origin_id")
    seen = Record.objects.seen_by(by).filter(pk__in=grounds).order_by("number")
    closed = action.journal.filter(step="close").select_related("by").last()
    earlier = action.journal.filter(step__in=("plan", "done", "check")).order_by("seq") if action.round_no > 1 else ()
    return {
        "community": action.community.name,
        "number": action.number,
        "title": "纠正预防措施表",
        "sources": CorrectiveAction.Source.labels,
        "source": action.get_source_display(),
        "opened_on": moments.day(action.opened_at),
        "department": action.department,
        "owner": str(action.handler or ""),
        "due_on": _day(action.due_on),
        "grounds": "、".join(seen.values_list("number", flat=True)),
        "nonconformity": mask_free_text(action.nonconformity),
        "cause": mask_free_text(action.cause),
        "correction": mask_free_text(action.correction),
        "prevention": mask_free_text(action.prevention),
        "planned_by": str(action.planned_by or ""),
        "result": mask_free_text(action.result),
        "done_by": str(action.done_by or ""),
        "done_on": moments.day(action.done_at),
        "check_on": _day(action.check_on),
        "effects": CorrectiveAction.Effect.labels,
        "effect": action.get_effect_display(),
        "effect_words": mask_free_text(action.effect_words),
        "checked_by": str(action.checked_by or ""),
        "checked_on": moments.day(action.checked_at),
        "round": action.round_no,
        "earlier": [{"at": moments.day(entry.at), "said": entry.sentence} for entry in earlier],
        "closing_words": action.closing_words,
        "closed_by": str(closed.by) if closed else "",
        "closed_on": moments.day(closed.at) if closed else "",
    }


def case_sheet(case: Any, by: Any) -> dict[str, Any]:
    return {
        "community": case.community.name,
        "number": case.number,
        "title": "投诉案例",
        "name": case.title,
        "happened": case.happened,
        "lesson": case.lesson,
        "published_on": moments.day(case.published_at),
    }


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
