"""The vocabulary in which a register's law is written. Plain data; the doors carry it out. Undeclared means forbidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from yihu.kernel.unspoken import unspoken

if TYPE_CHECKING:
    from yihu.kernel.prints.declare import Print
    from yihu.kernel.sight import Sight
    from yihu.kernel.who import Who

NATURAL, SERVICE, WORKING, DAYS, PROMISED = "N", "S", "W", "D", "P"


class DeclarationError(Exception):
    """A procedure says something that cannot be; start-up stops and names the place."""


@dataclass(frozen=True)
class Limit:
    """A span on one calendar: natural minutes, service minutes, working days or natural days."""

    calendar: str
    minutes: int = 0
    days: int = 0

    def words(self) -> str:
        where = {NATURAL: "", SERVICE: "服务时间", WORKING: "工作日", DAYS: "天", PROMISED: "承诺时间"}[self.calendar]
        if self.calendar == PROMISED:
            return where
        if self.calendar in (WORKING, DAYS):
            return f"{self.days} 个工作日" if self.calendar == WORKING else f"{self.days} 天"
        if not self.minutes and self.calendar == SERVICE:
            return "当日服务时间"
        span = f"{self.minutes // 60} 小时" if self.minutes and self.minutes % 60 == 0 else f"{self.minutes} 分钟"
        return f"{where} {span}".strip()


@dataclass(frozen=True)
class Rung:
    """Who is told when a clock is due, and again how long after."""

    post: str
    after: Limit = Limit(NATURAL)


@dataclass(frozen=True)
class Clock:
    """One deadline of domain.md §3. ``limit`` may vary by a field of the record; ``due_field`` names a promised time.

    ``warn`` is minutes: after the start on the clock's own calendar, or before the due time of a promise (0 = no warning).
    The company may change the amounts (Parameter ``clock.<code>[.<variant>]``), not the clock.
    ``cases`` says the variants in words where ``vary`` is no field with choices.
    """

    code: str
    label: str
    limit: Limit | Mapping[str, Limit | None]
    vary: str = ""
    due_field: str = ""
    warn: int = 0
    escalate: tuple[Rung, ...] = ()
    cases: Mapping[str, str] = field(default_factory=dict)

    def variants(self) -> dict[str, Limit | None]:
        return {"": self.limit} if isinstance(self.limit, Limit) else dict(self.limit)


@dataclass(frozen=True)
class Branch:
    """A target that depends on what was written down: ``choose(act)`` gives one of ``states``, or "" to stay."""

    choose: Callable[[Any], str]
    states: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """Hand-over at the opening: the value of ``field`` decides which register's opening form is asked for as well."""

    field: str
    to: Mapping[str, str]
    unless: Callable[[Any], bool] = lambda data: False

    def kind_for(self, value: str) -> str:
        return self.to.get(value, "")


@dataclass(frozen=True)
class Step:
    """One move: from which states to which, who, what is asked, which clocks, what is printed, what else happens.

    ``when_closed`` may start where the matter was over: what it leads to may open the record again (money that the bank
    sent back), or leave it closed and open another one (a published sheet is corrected).
    """

    name: str
    label: str
    source: tuple[str, ...]
    target: str | Branch | None
    who: Who
    form: Any = None
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()
    opens: str = ""
    files: str = ""
    then: Callable[[Any], None] | None = None
    refuses: Callable[[Any, Any], str] | None = None
    says: str = ""
    primary: bool = False
    when_closed: bool = False

    def targets(self) -> tuple[str, ...]:
        if isinstance(self.target, Branch):
            return self.target.states
        return (self.target,) if self.target else ()


@dataclass(frozen=True, eq=False)
class Procedure:
    """The law of one register on one page. ``held(record, by)`` says why it must not be withdrawn or merged now, or ""."""

    model: Any
    slug: str
    code: str
    opens_in: str | Branch
    opened_by: Who
    seen_by: Sight
    opening_form: Any
    steps: tuple[Step, ...]
    closed: tuple[str, ...]
    opening_starts: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    prints: tuple[Print, ...] = ()
    route: Route | None = None
    opening_from: Callable[[Any], dict[str, Any]] | None = None
    tied_by: str = "came_of"  # the link to what it is opened out of (``Link.Why``)
    then_opened: Callable[[Any], None] | None = None
    opening_says: str = "{by} 登记 {number}"
    tones: Mapping[str, str] = field(default_factory=dict)
    corrects: tuple[str, ...] = ()
    # what 更正 must leave alone just now: {column: sentence to the clerk}
    locked: Callable[[Any], Mapping[str, str]] = lambda record: {}
    # what urging, merging, splitting and withdrawing mean to this register beyond what the kernel does
    then_urged: Callable[[Any], None] | None = None
    then_merged: Callable[[Any], None] | None = None
    then_split: Callable[[Any], None] | None = None
    then_withdrawn: Callable[[Any], None] | None = None
    transfer_to: str = ""
    held: Callable[[Any, Any], str] | None = None
    clauses: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def area(self) -> str:
        return str(self.model._meta.app_label)

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)

    def opening_states(self) -> tuple[str, ...]:
        return self.opens_in.states if isinstance(self.opens_in, Branch) else (self.opens_in,)

    @cached_property
    def states(self) -> dict[str, str]:
        return {str(value): str(label) for value, label in self.model.State.choices}

    def state_word(self, state: str) -> str:
        return self.states.get(state, state)

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def clock(self, code: str) -> Clock:
        return next(clock for clock in self.clocks if clock.code == code)

    def open_steps(self, state: str) -> list[Step]:
        return [step for step in self.steps if state in step.source]


_procedures: dict[str, Procedure] = {}

TONES = {"new", "busy", "wait", "check", "done", "void"}


def register(procedure: Procedure) -> Procedure:
    """Enter a procedure; a wrong declaration stops start-up with the place named."""
    _check(procedure)
    _procedures[procedure.kind] = procedure
    return procedure


def _refuse(procedure: Procedure, what: str) -> None:
    raise DeclarationError(f"{procedure.model.__module__}: {procedure.kind}: {what}")


def _check(procedure: Procedure) -> None:
    states = set(procedure.states)
    codes = {clock.code for clock in procedure.clocks}
    prints = {print_.name for print_ in procedure.prints}
    _check_words(procedure, states, codes)
    seen: set[str] = set()
    for step in procedure.steps:
        if step.name in seen:
            _refuse(procedure, f"step {step.name} is declared twice")
        seen.add(step.name)
        for state in (*step.source, *step.targets()):
            if state not in states:
                _refuse(procedure, f"step {step.name} names the unknown state {state!r}")
        for state in step.source:
            if state in procedure.closed and not step.when_closed:
                _refuse(procedure, f"step {step.name} starts from the closed state {state!r}")
        for code in (*step.starts, *step.stops, *step.pauses, *step.resumes):
            if code not in codes:
                _refuse(procedure, f"step {step.name} names the unknown clock {code}")
        for name in step.prints:
            if name not in prints:
                _refuse(procedure, f"step {step.name} names the unknown print {name}")
    reached = set(procedure.opening_states())
    for _ in states:
        for step in procedure.steps:
            if reached & set(step.source):
                reached |= set(step.targets())
    for state in sorted(states - reached):
        _refuse(procedure, f"state {state!r} can never be reached")
    for state in sorted(states - set(procedure.closed)):
        if not any(state in step.source and (set(step.targets()) - {state}) for step in procedure.steps):
            _refuse(procedure, f"state {state!r} is a dead end")


def _check_words(procedure: Procedure, states: set[str], codes: set[str]) -> None:
    if procedure.kind in _procedures and _procedures[procedure.kind].model is not procedure.model:
        _refuse(procedure, "is registered twice")
    for other in _procedures.values():
        if other.kind != procedure.kind and other.code == procedure.code:
            _refuse(
                procedure, f"has the letters {procedure.code} of {other.kind}: two registers would share their numbers"
            )
    if len(codes) != len(procedure.clocks):
        _refuse(procedure, "a clock is declared twice")
    for clock in procedure.clocks:
        if not re.fullmatch(r"D\d\d", clock.code):
            _refuse(procedure, f"clock {clock.code!r} carries no D-number of domain.md §3")
    for code in procedure.opening_starts:
        if code not in codes:
            _refuse(procedure, f"the opening starts the unknown clock {code}")
    for state in (*procedure.opening_states(), *procedure.closed, *procedure.tones):
        if state not in states:
            _refuse(procedure, f"unknown state {state!r}")
    for state in states:
        if procedure.tones.get(state) not in TONES:
            _refuse(procedure, f"state {state!r} has no tone of {sorted(TONES)}")
    names = unspoken(procedure.model)
    for said in (procedure.opening_says, *(step.says for step in procedure.steps)):
        for name in sorted(names & set(re.findall(r"{(\w+)}", said))):
            _refuse(procedure, f"the journal would repeat the name in {name!r}: {said}")
    for clause in procedure.clauses:
        if not re.fullmatch(r"[A-Z]{3,4}-\d\d", clause):
            _refuse(procedure, f"clause {clause!r} is not one of clauses.md")


def check_names() -> None:
    """Once all areas are loaded: every hand-over names a register that exists."""
    for procedure in procedures():
        named = {step.opens for step in procedure.steps if step.opens not in ("", "route")}
        if procedure.route:
            named |= set(procedure.route.to.values())
        for kind in sorted(named):
            if kind not in _procedures:
                _refuse(procedure, f"hands over to the unknown register {kind!r}")


def procedures() -> Iterable[Procedure]:
    return list(_procedures.values())


def procedure_of(model_or_kind: Any) -> Procedure:
    kind = model_or_kind if isinstance(model_or_kind, str) else model_or_kind._meta.label_lower
    return _procedures[kind]


def is_register(kind: str) -> bool:
    return kind in _procedures


def by_slug(slug: str) -> Procedure | None:
    return next((procedure for procedure in _procedures.values() if procedure.slug == slug), None)
