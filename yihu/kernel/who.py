"""Who may do something: small answers that combine with ``|``, ``&`` and ``~``, and say themselves in words for a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yihu.kernel.authority import Grants, grants_of, is_system

Test = Callable[[Any, Any, Grants], bool]


@dataclass(frozen=True)
class Who:
    """``test(person, record, grants)``; ``words`` completes 只有…可以这样做; ``capabilities`` is what it asks of the matrix.

    ``apart``: whoever had a hand in this record is kept out, whatever the matrix lets him (drafter ≠ approver).
    """

    test: Test
    words: str
    capabilities: frozenset[str] = frozenset()
    apart: bool = False

    def allows(self, person: Any, record: Any) -> bool:
        return self.test(person, record, grants_of(person))

    def __or__(self, other: Who) -> Who:
        return Who(
            lambda person, record, grants: self.test(person, record, grants) or other.test(person, record, grants),
            f"{self.words}或{other.words}",
            self.capabilities | other.capabilities,
            self.apart and other.apart,
        )

    def __and__(self, other: Who) -> Who:
        return Who(
            lambda person, record, grants: self.test(person, record, grants) and other.test(person, record, grants),
            f"{self.words}（{other.words}）",
            self.capabilities | other.capabilities,
            self.apart or other.apart,
        )

    def __invert__(self) -> Who:
        return Who(
            lambda person, record, grants: not self.test(person, record, grants),
            f"非{self.words}",
            self.capabilities,
            apart=not self.capabilities,
        )


def may(capability: str, words: str = "") -> Who:
    """Has the capability in the record's community."""
    return Who(
        lambda person, record, grants: grants.may(capability, record.community_id),
        words or "有此项权限的岗位",
        frozenset({capability}),
    )


def post(code: str, words: str) -> Who:
    """Holds the post, or stands in for its holder, in the record's community today."""
    return Who(lambda person, record, grants: code in grants.posts(record.community_id), words)


def did(step: str, words: str) -> Who:
    """Took this step of this record; used negated, for separation of duties."""
    return Who(
        lambda person, record, grants: record.pk is not None and record.journal.filter(step=step, by=person).exists(),
        words,
    )


def _is_handler(person: Any, record: Any, grants: Grants) -> bool:
    return record.handler_id is not None and (record.handler_id == person.pk or record.handler_id in grants.deputises())


def as_whom(who: Who, person: Any, record: Any) -> str:
    """The person as the journal names him: with 代 and for whom, where he may only because he stands in for another."""
    grants = grants_of(person)
    if is_system(person) or not grants.deputises() or who.test(person, record, grants.alone()):
        return str(person)
    absent = [str(one) for one in grants.absentees() if who.test(one, record, grants_of(one))]
    return f"{person}（代{'、'.join(absent)}）" if absent else str(person)


handler = Who(_is_handler, "责任人")
opener = Who(lambda person, record, grants: record.opened_by_id == person.pk, "登记人")
team_member = Who(
    lambda person, record, grants: bool(record.team) and record.team in grants.teams(record.community_id),
    "责任部门的人",
)
anyone_on_staff = Who(lambda person, record, grants: record.community_id in grants.communities, "本项目员工")
system = Who(lambda person, record, grants: is_system(person), "系统")
