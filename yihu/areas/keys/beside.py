"""借钥匙 beside an order under way: from its page to the keys of that door, one press from the loan."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yihu.areas.keys.rules import JOBS
from yihu.kernel.authority import grants_of


def links(record: Any, person: Any) -> list[dict[str, Any]]:
    """Asks the database for nothing."""
    fits = record.kind in JOBS and record.unit_id and record.closed_at is None
    if not fits or not grants_of(person).may("keys.keep", record.community_id):
        return []
    return [{"label": "借钥匙", "url": f"{reverse('keys:desk')}?unit={record.unit_id}"}]
