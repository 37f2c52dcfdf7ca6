"""待办 of those whose day is not the telephone: which lists hold something that waits for one of their posts, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from yihu.fronts.workbench.groups import Look
from yihu.kernel.models import JournalEntry
from yihu.kernel.screens import Screens, Tab, all_screens


def of(look: Look) -> list[dict[str, Any]]:
    """Each list's own tab that says what is to be done next, where it is this person's to do.

    What he drew up himself and another must look at (drafter ≠ approver) is not counted. One query, whatever the day brings.
    """
    wanted = list(_tabs(look))
    counts: dict[tuple[str, str], tuple[int, int, int]] = {}
    if wanted:
        rows = look.open_records().filter(kind__in={screen.procedure.kind for screen, _ in wanted})
        his = JournalEntry.objects.filter(record=OuterRef("pk"), by=look.person)
        found = rows.order_by().values("kind", "state").annotate(
            all=Count("pk"), others=Count("pk", filter=~Exists(his)), late=Count("pk", filter=Q(next_due_at__lte=look.now))
        )  # fmt: skip
        counts = {(row["kind"], row["state"]): (row["all"], row["others"], row["late"]) for row in found}
    told = [_line(screen, tab, counts) for screen, tab in wanted]
    return [line for line in told if line["count"]]


def _tabs(look: Look) -> Iterator[tuple[Screens, Tab]]:
    """In the order of the navigation; a tab for those who only see is a view and asks nothing of them."""
    for screen in sorted(all_screens(), key=lambda one: one.nav[1] if one.nav else 0):
        for tab in screen.tabs:
            asks = tab.states and tab.may and tab.counted and not tab.only and tab.due_in is None
            if asks and not tab.may.rpartition(".")[2].startswith("see") and look.may(tab.may):
                yield screen, tab


def _line(screen: Screens, tab: Tab, counts: dict[tuple[str, str], tuple[int, int, int]]) -> dict[str, Any]:
    held = [counts.get((screen.procedure.kind, state), (0, 0, 0)) for state in tab.states]
    count = sum(others if _by_another(screen, tab) else every for every, others, _ in held)
    return {
        "what": screen.nav[0] if screen.nav else screen.title,
        "label": tab.label,
        "count": count,
        "late": min(sum(late for _, _, late in held), count),
        "url": f"{reverse('kernel:list', args=[screen.slug])}?tab={tab.name}",
    }


def _by_another(screen: Screens, tab: Tab) -> bool:
    """Every step that the tab is about keeps out somebody who had a hand in it."""
    steps = [
        step
        for step in screen.procedure.steps
        if tab.may in step.who.capabilities and set(step.source) & set(tab.states)
    ]
    return bool(steps) and all(step.who.apart for step in steps)
