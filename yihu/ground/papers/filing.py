"""Files a record's sheet under its unit, once."""

from datetime import datetime
from typing import Any

from yihu.ground.papers.models import Paper


def file_record(kind: str, record: Any, *, by: Any, at: datetime) -> None:
    """Only what belongs to a unit is filed; a sheet about a common area has no household."""
    if record.unit_id is None:
        return
    title = f"{Paper.Kind(kind).label} {record.number}"
    Paper.objects.get_or_create(
        record_id=record.pk,
        kind=kind,
        defaults={
            "community_id": record.community_id,
            "unit_id": record.unit_id,
            "title": title,
            "filed_at": at,
            "filed_by": by,
        },
    )
