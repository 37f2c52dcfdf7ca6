"""Joins each register's sight into one condition. Bars are applied by ``RecordQuerySet.seen_by``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from yihu.kernel.authority import grants_of, is_system
from yihu.kernel.procedure import is_register, procedure_of, procedures


@dataclass(frozen=True)
class PersonsSight:
    condition: Q
    stands_in_for: frozenset[int]


def sight_of(person: Any, model: Any) -> PersonsSight | None:
    """What the person may see of ``model`` (one register, or Record for all). None means all: only the system itself."""
    if is_system(person):
        return None
    grants = grants_of(person)
    label = model._meta.label_lower
    if is_register(label):
        return PersonsSight(procedure_of(label).seen_by.condition(person, grants), grants.deputises())
    alike: list[tuple[Q, list[str]]] = []  # what is seen under the same condition is asked for at once
    for procedure in procedures():
        here = procedure.seen_by.condition(person, grants)
        kinds = next((kinds for known, kinds in alike if known == here), None)
        if kinds is None:
            alike.append((here, [procedure.kind]))
        else:
            kinds.append(procedure.kind)
    condition = Q(pk__in=[])
    for here, kinds in alike:
        condition |= Q(kind__in=kinds) & here
    return PersonsSight(condition, grants.deputises())
