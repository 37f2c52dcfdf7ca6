"""A wrong declaration stops start-up and names the place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from yihu.areas.reception.procedure import CONTACT
from yihu.areas.repairs.procedure import ORDER
from yihu.kernel.procedure import Clock, DeclarationError, Limit, Step, _check, procedures
from yihu.kernel.who import anyone_on_staff


def step(name: str, **more: Any) -> Step:
    given = {"label": name, "source": ("to_assign",), "target": "assigned", "who": anyone_on_staff, **more}
    return Step(name, **given)


def _without_a_way_out(declared: Step) -> Step:
    return replace(declared, source=tuple(state for state in declared.source if state != "on_hold"))


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("unknown state 'nowhere'", {"opens_in": "nowhere"}),
    ("step lost names the unknown state 'limbo'", {"steps": (*ORDER.steps, step("lost", target="limbo"))}),
    ("step assign is declared twice", {"steps": (*ORDER.steps, step("assign"))}),
    ("starts from the closed state 'closed'", {"steps": (*ORDER.steps, step("wake", source=("closed",)))}),
    ("step ring names the unknown clock D99", {"steps": (*ORDER.steps, step("ring", starts=("D99",)))}),
    ("names the unknown print poster", {"steps": (*ORDER.steps, step("show", prints=("poster",)))}),
    ("clock 'soon' carries no D-number", {"clocks": (*ORDER.clocks, Clock("soon", "", Limit("N", minutes=5)))}),
    ("the opening starts the unknown clock D77", {"opening_starts": ("D77",)}),
    ("clause 'REPAIR-1' is not one", {"clauses": ("REPAIR-1",)}),
    (
        "state 'false_alarm' can never be reached",
        {"steps": tuple(one for one in ORDER.steps if one.name != "false_alarm")},
    ),
    (
        "state 'on_hold' is a dead end",
        {"steps": tuple(_without_a_way_out(one) for one in ORDER.steps if one.name != "resume")},
    ),
    ("has no tone", {"tones": {}}),
    ("has the letters JD of reception.contact", {"code": CONTACT.code}),
]


@pytest.mark.parametrize(("said", "wrong"), WRONG, ids=[said for said, _ in WRONG])
def test_it_is_refused_and_named(said: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match=r"yihu\.areas\.repairs\.models\S*: repairs\.workorder: ") as error:
        _check(replace(ORDER, **wrong))
    assert said in str(error.value)


def test_a_step_that_says_so_may_start_where_the_matter_was_over() -> None:
    _check(replace(ORDER, steps=(*ORDER.steps, step("wake", source=("closed",), when_closed=True))))


def test_what_stands_is_right() -> None:
    for procedure in procedures():
        _check(procedure)
    assert CONTACT in procedures()
