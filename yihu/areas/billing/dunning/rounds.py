"""Who carries the papers of which building, and in which order (送达分工 of the payment notices)."""

from __future__ import annotations

from typing import Any

from yihu.areas.billing.notices.models import Round


def rounds_of(community_id: int) -> dict[int, Round]:
    """By building."""
    rows = Round.objects.filter(community_id=community_id, shown=True).select_related("steward")
    return {row.building_id: row for row in rows}


def steward_of(unit: Any) -> Any:
    """Who carries the papers of this unit's building, or None."""
    if unit is None:
        return None
    row = Round.objects.filter(building_id=unit.building_id, shown=True).select_related("steward").first()
    return row.steward if row else None


def in_order(papers: list[Any], community_id: int) -> list[Any]:
    """As they are carried: one deliverer after the other, his buildings in his order, each from its first door."""
    rounds = rounds_of(community_id)

    def place(paper: Any) -> tuple[Any, ...]:
        row = rounds.get(paper.unit.building_id) if paper.unit else None
        key = paper.unit.sort_key if paper.unit else ""
        return (row is None, row.steward_id if row else 0, row.position if row else 0, key, paper.pk)

    return sorted(papers, key=place)
