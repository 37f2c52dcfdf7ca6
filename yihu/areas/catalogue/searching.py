"""What the one search box finds here: entries of the department's catalogue."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from yihu.areas.catalogue.models import Item
from yihu.areas.catalogue.words import SEE
from yihu.basics.identity import mask_free_text
from yihu.kernel import search
from yihu.kernel.authority import grants_of
from yihu.kernel.search import Hit

KIND = "catalogue_item"


def entries(text: str, person: Any, limit: int) -> list[Hit]:
    places, words = grants_of(person).communities_with(SEE), text.split()
    if not places or not words or len(text) < 2:
        return []
    rows = Item.objects.filter(community_id__in=places, shown=True).select_related("section", "box")
    for word in words[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(period__icontains=word))
    return [
        Hit(
            KIND,
            mask_free_text(str(item)),
            mask_free_text(
                " · ".join(filter(None, (str(item.section), item.box and f"盒 {item.box.number}", item.place)))
            ),
            item.get_absolute_url(),
        )
        for item in rows.order_by("section_id", "position")[:limit]
    ]


search.provider(KIND, "部门档案", entries)
