"""The jobs beside a form, as its template shows them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.ground.contact.jobs import Asked, jobs
from yihu.ground.estate.models import Unit
from yihu.kernel.screens.cells import state_cell, when


def jobs_beside(request: Any, prefix: str = "") -> list[dict[str, Any]]:
    """What may be the same, of what stands in the form: unit, words, and (under ``prefix``) where and which trade."""
    given, community = request.GET, request.community
    if community is None:
        return []
    pk = given.get("unit", "")
    known = pk.isascii() and pk.isdigit() and len(pk) < 10
    unit = Unit.objects.filter(pk=pk, community=community).first() if known else None
    words = given.get("content", "") or given.get("symptom", "") or given.get(f"{prefix}symptom", "")
    place = {name: given.get(f"{prefix}{name}", "")[:60] for name in ("trade", "fault", "building", "common_area")}
    if unit is None and len(words.strip()) < 2 and not place["building"]:
        return []
    now = timezone.now()
    said = f"{words[:400]} {place['common_area']}"
    return [
        {
            "url": one.record.get_absolute_url(),
            "number": one.record.number,
            "word": one.record.state_word,
            "css": state_cell(one.record)["css"],
            "where": one.where,
            "what": one.what,
            "who": one.who,
            "since": when(one.record.opened_at, now),
            "callers": one.callers,
            "urged": one.urged,
        }
        for one in jobs(Asked(community.pk, request.user, unit=unit, words=said, place=place))
    ]
