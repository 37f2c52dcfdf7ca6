"""回访 as a step of any register: where it leads, and what is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from yihu.ground.contact.models import CallBack
from yihu.kernel.procedure import Branch

TRIES = 3


def attempts(record: Any) -> int:
    return CallBack.objects.filter(record_id=record.pk).count()


def settled(outcomes: Iterable[str]) -> bool:
    """Nobody is called a fourth time, nor after he was reached or can never be."""
    tries = list(outcomes)
    return len(tries) >= TRIES or any(outcome != CallBack.Outcome.MISSED for outcome in tries)


def after_call(closed: str, tried: str) -> Branch:
    """Reached: closed. Never to be reached, or missed for the third time: tried. Else it stays on the list."""

    def choose(act: Any) -> str:
        outcome = act.data["outcome"]
        if outcome == CallBack.Outcome.REACHED:
            return closed
        if outcome == CallBack.Outcome.IMPOSSIBLE or attempts(act.record) + 1 >= TRIES:
            return tried
        return ""

    return Branch(choose, (closed, tried))


def write_down(unhappy: Callable[[Any], None]) -> Callable[[Any], None]:
    """The effect of the step: keep the sheet; ``unhappy(act)`` opens the second round (DESK-14)."""

    def effect(act: Any) -> None:
        if keep_sheet(act.record, act).feedback == CallBack.Feedback.UNSATISFIED:
            unhappy(act)

    return effect


def keep_sheet(record: Any, act: Any) -> CallBack:
    """The sheet of one attempt, as it was filled in, with the record that it is about."""
    sheet = CallBack(
        record_id=record.pk,
        community_id=record.community_id,
        attempt=attempts(record) + 1,
        caller=act.by,
        at=act.at,
    )
    for name in (
        "outcome",
        "method",
        "interviewee",
        "feedback",
        "score",
        "words",
        "quality",
        "attitude",
        "timeliness",
        "cleanliness",
    ):
        setattr(sheet, name, act.data[name])
    sheet.save(force_insert=True)
    return sheet
