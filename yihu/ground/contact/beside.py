"""The jobs beside a form, as its template shows them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from yihu.ground.contact.jobs import Asked, Job, jobs
from yihu.ground.estate.models import Unit
from yihu.kernel.screens.cells import state_cell, when

PLACE = ("trade", "fault", "building", "common_area", "category", "about_dept")


def jobs_beside(request: Any, prefix: str = "", category: str = "") -> list[dict[str, Any]]:
    """What may be the same, of what stands in the form: unit, words, and (under ``prefix``) where and of which kind."""
    given, community = request.GET, request.community
    if community is None:
        return []
    pk = given.get("unit", "")
    known = pk.isascii() and pk.isdigit() and len(pk) < 10
    unit = Unit.objects.filter(pk=pk, community=community).first() if known else None
    words = given.get("content", "") or given.get("symptom", "") or given.get(f"{prefix}symptom", "")
    place = {name: given.get(f"{prefix}{name}", "")[:60] for name in PLACE}
    if unit is None and len(words.strip()) < 2 and not place["building"]:
        return []
    said = f"{words[:400]} {place['common_area']}"
    return shown(jobs(Asked(community.pk, request.user, unit=unit, words=said, place=place, category=category)))


def shown(found: list[Job]) -> list[dict[str, Any]]:
    """What ``contact/_jobs.html`` needs."""
    now = timezone.now()
    return [
        {
            "url": one.record.get_absolute_url(),
            "number": one.record.number,
            "word": one.record.state_word,
            "css": state_cell(one.record)["css"],
            "where": one.where,
            "what": one.what,
            "category": one.category,
            "urges": one.urges,
            "sub": " · ".join(
                part
                for part in (
                    one.who,
                    f"{when(one.record.opened_at, now)} {one.word}",
                    one.many,
                    f"催 {one.urged} 次" if one.urged else "",
                )
                if part
            ),
        }
        for one in found
    ]
