"""Who belongs to a unit, and the units that belong to a person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from yihu.areas.reception.forms import RELATION_OF
from yihu.areas.reception.models import Contact
from yihu.ground.estate.models import Occupancy

ROLES = list(Occupancy.Role.values)


def people(unit: Any, today: date) -> list[dict[str, Any]]:
    """Those of today first, by role and place on the roll; then those who have left, the last first."""
    rows = list(Occupancy.objects.filter(unit=unit).select_related("party"))
    now = [row for row in rows if row.to_on is None or row.to_on >= today]
    past = [row for row in rows if row.to_on is not None and row.to_on < today]
    now.sort(key=lambda row: (ROLES.index(row.role), row.place, row.pk))
    past.sort(key=lambda row: row.to_on, reverse=True)
    here = {row.party_id for row in now}
    return [_person(row, today, here) for row in (*now, *past)]


def _person(row: Any, today: date, here: set[int]) -> dict[str, Any]:
    party = row.party
    return {
        "pk": party.pk,
        "name": party.name,
        "contact_name": party.contact_name,
        "role": row.get_role_display(),
        "relation": RELATION_OF.get(row.role, Contact.Relation.OWNER),
        "note": _note(row, today),
        "past": row.to_on is not None and row.to_on < today,
        "former": row.party_id not in here,
        "locked": party.locked_at is not None,
        "phones": [
            {"field": field, "mask": str(value), "second": field == "phone2"}
            for field in ("phone", "phone2")
            if (value := getattr(party, field))
        ],
        "url": reverse("unitfile:party", args=[party.pk]),
    }


def _note(row: Any, today: date) -> str:
    """60% · 至 2027-05-31"""
    words = [percent(row.share)] if row.share is not None and row.share != 1 else []
    if row.from_on and row.from_on > today:
        words.append(f"自 {row.from_on:%Y-%m-%d}")
    if row.to_on:
        words.append(
            f"{'已于' if row.to_on < today else '至'} {row.to_on:%Y-%m-%d}{' 迁出' if row.to_on < today else ''}"
        )
    return " · ".join(words)


def percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def units_of(party: Any, today: date) -> list[dict[str, Any]]:
    rows = Occupancy.objects.filter(party=party).select_related("unit").order_by("to_on", "pk")
    return [
        {
            "label": str(row.unit),
            "url": reverse("unitfile:file", args=[row.unit_id]),
            "role": row.get_role_display(),
            "note": _note(row, today),
        }
        for row in rows
    ]
