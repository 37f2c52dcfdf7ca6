"""What the one search box finds here: answers of the knowledge list, with the answer in the line beneath."""

from __future__ import annotations

from typing import Any

from yihu.areas.reception import knowledge
from yihu.basics.text import clean_line
from yihu.kernel import search
from yihu.kernel.authority import grants_of
from yihu.kernel.search import Hit


def answers(text: str, person: Any, limit: int) -> list[Hit]:
    places = grants_of(person).communities_with(knowledge.READ)
    if not places:
        return []
    return [
        Hit(knowledge.KIND, row.question, clean_line(row.answer, 60, cut=True), row.get_absolute_url())
        for row in knowledge.find(text, places)[:limit]
    ]


search.provider(knowledge.KIND, "知识库", answers)
