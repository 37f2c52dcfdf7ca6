"""What an integration can be let in for: reading, opening and each single step of each register, and three things beside.

From these follow the capabilities that its account has; nothing else gives it any.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone

from yihu.fronts.api.models import Integration
from yihu.kernel.builtin import built_in_steps
from yihu.kernel.procedure import Procedure, Step, procedures
from yihu.kernel.who import system

READ, OPEN = "read", "open"
UNITS, PARTIES, REVEAL = "units:read", "parties:read", "personal:reveal"
BESIDE = {
    UNITS: ("查房号", frozenset[str]()),
    PARTIES: ("查房屋与业户（电话只有掩码）", frozenset({"estate.see"})),
    REVEAL: ("查看完整电话、证件号（须写原因，留痕）", frozenset({"personal.reveal"})),
}


def scope(procedure: Procedure, what: str) -> str:
    """``what`` is read, open or the name of a step."""
    return f"{procedure.slug}:{what if what in (READ, OPEN) else 'do.' + what}"


def every_step(procedure: Procedure) -> tuple[Step, ...]:
    """The declared ones, then what every record can do; those that only the program itself takes are nobody's."""
    return tuple(step for step in (*procedure.steps, *built_in_steps(procedure)) if step.who is not system)


@cache
def of_register(procedure: Procedure) -> dict[str, tuple[str, frozenset[str]]]:
    """Each scope of a register: its words, and the capabilities that it takes."""
    found = {scope(procedure, READ): ("读取", procedure.seen_by.capabilities)}
    if procedure.opened_by is not system:
        found[scope(procedure, OPEN)] = ("登记", procedure.opened_by.capabilities)
    for step in every_step(procedure):
        found[scope(procedure, step.name)] = (step.label, step.who.capabilities)
    return found


def every_scope() -> dict[str, tuple[str, frozenset[str]]]:
    found = dict(BESIDE)
    for procedure in procedures():
        found |= of_register(procedure)
    return found


def capabilities_of(scopes: Iterable[str]) -> frozenset[str]:
    known = every_scope()
    return frozenset(capability for one in scopes if one in known for capability in known[one][1])


def granted(account: Any, day: date) -> tuple[list[Any], frozenset[str]]:
    """For the one Authority: where this account may work today and what it may do there."""
    found = Integration.objects.filter(account=account).first()
    if found is None or not found.works(timezone.now()):
        return [], frozenset()
    return list(found.communities.order_by("pk")), capabilities_of(found.scopes)
