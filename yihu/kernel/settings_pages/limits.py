"""Every clock that the procedures declare, once per case: what it is, who uses it, what the company made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yihu.kernel import clocks
from yihu.kernel.authority import authority
from yihu.kernel.procedure import DAYS, PROMISED, WORKING, Clock, Limit, Procedure, procedures


@dataclass(frozen=True)
class Entry:
    """One clock in one case. The same number in two registers is one rule."""

    code: str
    variant: str
    label: str
    case: str
    declared: Limit
    uses: tuple[tuple[str, Clock], ...]

    @property
    def registers(self) -> tuple[str, ...]:
        return tuple(title for title, _ in self.uses)

    @property
    def warn(self) -> int:
        return self.uses[0][1].warn

    @property
    def name(self) -> str:
        return clocks.parameter_name(self.code, self.variant)

    @property
    def fixed(self) -> bool:
        """The time stands on each record, mostly agreed with the caller; there is no number to set."""
        return self.declared.calendar == PROMISED

    @property
    def in_days(self) -> bool:
        return self.declared.calendar in (WORKING, DAYS)

    def at(self, community: Any, moment: datetime) -> Limit:
        return clocks.in_force(self.declared, self.code, self.variant, community.pk, moment)

    def limit(self, value: dict[str, int]) -> Limit:
        return Limit(self.declared.calendar, minutes=value.get("minutes", 0), days=value.get("days", 0))


def entries() -> list[Entry]:
    """In the order of their numbers, cases as they are declared."""
    found: dict[tuple[str, str], Entry] = {}
    for procedure in procedures():
        for clock in procedure.clocks:
            for variant, limit in clock.variants().items():
                if limit is not None:
                    _add(found, procedure, clock, variant, limit)
    return sorted(found.values(), key=lambda entry: entry.code)


def _add(found: dict[tuple[str, str], Entry], procedure: Procedure, clock: Clock, variant: str, limit: Limit) -> None:
    same = found.get((clock.code, variant))
    labels = (*same.label.split("、"), clock.label) if same else (clock.label,)
    found[clock.code, variant] = Entry(
        clock.code,
        variant,
        "、".join(dict.fromkeys(labels)),
        _case(procedure, clock, variant),
        limit,
        (*(same.uses if same else ()), (procedure.title, clock)),
    )


def _case(procedure: Procedure, clock: Clock, variant: str) -> str:
    """急修, 零修 …; nothing where the limit does not vary or only one case has a limit."""
    if sum(limit is not None for limit in clock.variants().values()) < 2:
        return ""
    field = next((one for one in procedure.model._meta.get_fields() if one.name == clock.vary), None)
    words = dict(getattr(field, "flatchoices", ())) or clock.cases
    return str(words.get(variant, variant))


def find(code: str, variant: str) -> Entry | None:
    return next((entry for entry in entries() if (entry.code, entry.variant) == (code, variant)), None)


def words(limit: Limit) -> str:
    """服务时间 30 分钟; 按单上写的时间."""
    return "按单上写的时间" if limit.calendar == PROMISED else limit.words()


def told(entry: Entry) -> list[str]:
    """Who is told when it is due, and who later; register by register where they differ."""
    ladders = {title: _ladder(clock) for title, clock in entry.uses}
    if len(set(map(tuple, ladders.values()))) == 1:
        return next(iter(ladders.values()))
    return [f"{title}——{'；'.join(lines)}" for title, lines in ladders.items()]


def _ladder(clock: Clock) -> list[str]:
    at_once, later = ["责任人"], []
    for rung in clock.escalate:
        post = authority().post_title(rung.post)
        if rung.after.minutes or rung.after.days:
            later.append(f"超过{_joined(rung.after.words())}：{post}")
        else:
            at_once.append(post)
    return [f"到时：{'、'.join(at_once)}", *later]


def _joined(words: str) -> str:
    """No gap between two Chinese words, one before a figure."""
    return words if words[0] >= "\u4e00" else f" {words}"
