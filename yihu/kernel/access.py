"""Joins each register's sight into one condition. Bars (``bars.py``) are applied by ``RecordQuerySet.seen_by``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from yihu.kernel.authority import grants_of, is_system
from yihu.kernel.procedure import is_register, procedure_of, procedures


def sight_of(person: Any, model: Any, only: Collection[str] | None = None) -> Q | None:
    """What the person may see of ``model`` (one register, or Record for all). None means all: only the system itself.

    ``only``: asked of rows that are known by their keys, of these registers and no others. Then the shortest condition
    is the fastest; where it must choose the rows itself, it would lead SQLite to an index of all history.
    """
    if is_system(person):
        return None
    grants = grants_of(person)
    label = model._meta.label_lower
    if is_register(label):
        return procedure_of(label).seen_by.condition(person, grants)
    alike: list[tuple[Q, list[str]]] = []  # what is seen under the same condition is asked for at once
    for procedure in procedures() if only is None else map(procedure_of, sorted(only)):
        condition = procedure.seen_by.condition(person, grants)
        for here in (condition,) if only is None else _alternatives(condition):
            kinds = next((kinds for known, kinds in alike if known == here), None)
            if kinds is None:
                alike.append((here, [procedure.kind]))
            else:
                kinds.append(procedure.kind)
    return _any_of(Q(kind__in=kinds) & here for here, kinds in alike)


def _any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))


def _alternatives(condition: Q) -> list[Q]:
    """The ways in which a record of a register may come to be seen, without those that another one covers: who sees all of
    a community needs no second question there for what is his own."""
    ways = [way for way in _split(condition) if way.children != [("pk__in", [])]]
    whole = frozenset(community for way in ways for community in _whole_communities(way))
    rest = [way for way in ways if not _lies_within(way, whole)]
    return [Q(community_id__in=whole), *rest] if whole else rest


def _split(condition: Q) -> Iterator[Q]:
    if condition.connector != Q.OR or condition.negated or len(condition.children) < 2:
        yield condition
        return
    for child in condition.children:
        yield from _split(child if isinstance(child, Q) else Q(child))


def _whole_communities(way: Q) -> Iterable[int]:
    """Where this way opens everything."""
    if way.negated or len(way.children) != 1 or isinstance(way.children[0], Q):
        return ()
    name, value = _asked(way).popitem()
    return value if name == "community_id__in" else ()


def _lies_within(way: Q, communities: frozenset[int]) -> bool:
    if way.negated or way.connector != Q.AND:
        return False
    asked = _asked(way)
    return asked.get("community_id") in communities or (
        "community_id__in" in asked and communities.issuperset(asked["community_id__in"])
    )


def _asked(way: Q) -> dict[str, Any]:
    children: list[Any] = way.children
    return dict(child for child in children if not isinstance(child, Q))
