"""What to say and do, beside the form (DESK-10)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from yihu.areas.reception.models import Guide


def guides_for(community: Any) -> list[dict[str, Any]]:
    """The company's guides and the community's own, in order."""
    rows = Guide.objects.filter(Q(community=community) | Q(community__isnull=True))
    return [
        {
            "title": row.when,
            "lines": [line for line in row.lines.splitlines() if line.strip()],
            "channel": row.channel,
            "category": row.category,
        }
        for row in rows
    ]
