"""Who is named in a praise."""

from __future__ import annotations

from typing import Any

from yihu.areas.relations.models import Merit
from yihu.kernel.who import Who


def _is_praised(person: Any, record: Any, grants: Any) -> bool:
    named = {person.pk, *grants.deputises()}
    return Merit.objects.filter(praise_id=record.pk, person_id__in=named).exists()


praised = Who(_is_praised, "受表扬人")
