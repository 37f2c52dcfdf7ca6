"""Whose money the lines that nobody has claimed yet may be: nobody is pressed for it meanwhile (domain.md scenario 20)."""

from __future__ import annotations

from itertools import chain

from yihu.areas.cashier.banking.pages.matching import lines_of
from yihu.areas.cashier.banking.suggesting import suggest
from yihu.basics.money import yuan
from yihu.ground.estate.models import Community


def candidates(community_id: int) -> dict[int, str]:
    """By party: which line it may be. A suggestion is no more than that; a person confirms."""
    community = Community.objects.get(pk=community_id)
    lines = {line.pk: line for line in chain(lines_of(community, ""), lines_of(community, "parked"))}
    found: dict[int, str] = {}
    for pk, suggestions in suggest(list(lines.values())).items():
        line = lines[pk]
        for one in suggestions:
            found.setdefault(one.party.pk, f"{line.on:%Y-%m-%d} 有一笔 {yuan(line.amount)} 元转账未认领，可能是这户的")
    return found
