"""Who is named in a praise, and who leads which department."""

from __future__ import annotations

from typing import Any

from yihu.areas.relations.models import Merit
from yihu.ground.staff.models import Department
from yihu.kernel.who import Who


def _is_praised(person: Any, record: Any, grants: Any) -> bool:
    named = {person.pk, *grants.deputises()}
    return Merit.objects.filter(praise_id=record.pk, person_id__in=named).exists()


praised = Who(_is_praised, "受表扬人")


def departments(community_id: int) -> list[tuple[str, str]]:
    """The departments of a community under their own names, as choices."""
    rows = Department.objects.filter(community_id=community_id).order_by("pk")
    return list(rows.values_list("code", "name"))
