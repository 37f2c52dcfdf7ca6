"""《客户沟通登记表》 (F11) of a month, the answers for the notice board, and the praise for the board."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.areas.relations.models import Posting, Praise, Suggestion, Talk
from yihu.basics.identity import mask_free_text
from yihu.basics.months import Month
from yihu.kernel import moments
from yihu.kernel.models import Link, Record

MOST_LINES = 2000


def talk_register(record: Any, by: Any) -> dict[str, Any]:
    """The register of the business month in which the talk was written down, as far as ``by`` may see it."""
    return talks_of(record.community, Month.running(record.opened_at), by)


def talks_of(community: Any, month: Month, by: Any) -> dict[str, Any]:
    """The talks of one business month, oldest first, each with what was promised and how that stands."""
    start, end = month.bounds
    every = Talk.objects.filter(community=community, opened_at__gte=start, opened_at__lt=end).exclude(
        closed_as__in=("merged", "withdrawn")
    )
    seen = every.filter(pk__in=Talk.objects.seen_by(by).values("pk")).order_by("talked_on", "id")
    talks = list(seen.select_related("unit", "opened_by").prefetch_related("promises__handler")[:MOST_LINES])
    total = len(talks) if len(talks) < MOST_LINES else seen.count()
    came_of = _came_of(talks, by)
    return {
        "community": community.name,
        "number": f"{community.code}-GT-{month.year}{month.month:02d}",
        "month": str(month),
        "total": total,
        "left_off": total - len(talks),
        "hidden": every.count() - total,
        "lines": [_talk_line(talk, came_of.get(talk.pk, [])) for talk in talks],
    }


def _came_of(talks: list[Any], by: Any) -> dict[int, list[str]]:
    pairs = Link.objects.filter(origin_id__in=[talk.pk for talk in talks], why=Link.Why.CAME_OF)
    origin_of = dict(pairs.values_list("target_id", "origin_id"))
    found: dict[int, list[str]] = {}
    for record in Record.objects.seen_by(by).filter(pk__in=origin_of).order_by("pk"):
        found.setdefault(origin_of[record.pk], []).append(f"{record.number}（{record.state_word}）")
    return found


def _talk_line(talk: Any, came_of: list[str]) -> dict[str, str]:
    promises = [
        f"{mask_free_text(line.what)}（{timezone.localtime(line.due_at):%m-%d} 前，{line.handler}）"
        for line in talk.promises.all()
    ]
    return {
        "day": f"{talk.talked_on:%m-%d}",
        "method": talk.get_method_display(),
        "unit": str(talk.unit or ""),
        "interviewee": mask_free_text(talk.interviewee),
        "topics": mask_free_text(talk.topics),
        "needs": mask_free_text(talk.needs),
        "promises": "\n".join(promises),
        "follow_up": "\n".join(came_of),
        "by": str(talk.opened_by),
    }


def answer_board(record: Any, by: Any) -> dict[str, Any]:
    """Everything that was answered publicly in the business month of this record, for the notice board."""
    return answers_of(record.community, Month.running(record.answered_at or record.opened_at), by)


def answers_of(community: Any, month: Month, by: Any) -> dict[str, Any]:
    start, end = month.bounds
    lines = [
        {
            "day": f"{timezone.localtime(row.answered_at):%m月%d日}",
            "asked": _for_all(row.content, row),
            "answer": _for_all(row.public_answer, row),
        }
        for model in (Suggestion, Posting)
        for row in model.objects.seen_by(by)
        .select_related("unit", "party")
        .filter(community=community, answered_at__gte=start, answered_at__lt=end)
        .exclude(public_answer="")
        .order_by("answered_at", "pk")
    ]
    return {
        "community": community.name,
        "number": f"{community.code}-GS-{month.year}{month.month:02d}",
        "month": str(month),
        "lines": sorted(lines, key=lambda line: line["day"]),
    }


def _for_all(words: str, row: Any) -> str:
    """As it may hang where everybody passes: without numbers, and without the customer's own name and home (SEC-04)."""
    names = {getattr(row, "caller_name", ""), getattr(row, "author", ""), row.party.name if row.party else ""}
    homes = {str(row.unit), row.unit.room} if row.unit else set()
    for known, instead in ((names, "某住户"), (homes, "某户")):
        for one in sorted(known, key=len, reverse=True):
            words = words.replace(one, instead) if len(one) > 1 else words
    return mask_free_text(words)


def praise_board(praise: Praise, by: Any) -> dict[str, Any]:
    """What hangs on the board: who is praised and what for; nothing of the customer but how he is addressed."""
    return {
        "community": praise.community.name,
        "number": praise.number,
        "whom": praise.whom or "待核实",
        "content": _for_all(praise.content, praise),
        "confirmed": praise.state not in (praise.State.PENDING, praise.State.UNCONFIRMED),
        "day": moments.formal(praise.opened_at),
    }
