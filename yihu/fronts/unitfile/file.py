"""The file of one household on one page (一户一档): what is wanted while the telephone rings. The rest follows (``beside``).

The number of queries never depends on how much has happened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils import timezone

from yihu.fronts.unitfile import history
from yihu.fronts.unitfile.people import people
from yihu.ground.estate.locking import OPEN
from yihu.ground.estate.models import ParkingSpace, Vehicle
from yihu.ground.estate.standing import standing
from yihu.kernel.authority import grants_of

FORMER = "personal.former"  # numbers of people who have moved away are for fewer eyes


def file_of(unit: Any, person: Any, now: datetime, caller: str = "") -> dict[str, Any]:
    """What ``unitfile/file.html`` needs; ``caller`` is the one by whom the household was found."""
    grants, rows = grants_of(person), history.of_unit(unit, person)
    here = reverse("unitfile:file", args=[unit.pk])
    contact_url = f"{reverse('kernel:new', args=['reception'])}?unit={unit.pk}&back={here}"
    known = people(unit, timezone.localdate(now))
    calls = next((one for one in known if str(one["pk"]) == caller and not one["past"]), None)
    return {
        "unit": unit,
        "title": unit.label,
        "head": head(unit),
        "over": [
            {"found": one, "answer_url": f"{contact_url}&joins={one.record.number}"}
            for one in standing(unit.community_id, unit, person)
        ],
        "people": known,
        "vehicles": vehicles(unit),
        "open": history.open_matters(rows, now),
        "history": history.history(rows, "", now),
        "may_reveal": grants.may("personal.reveal", unit.community_id),
        "may_reveal_former": grants.may(FORMER, unit.community_id),
        "may_reveal_locked": grants.may(OPEN, unit.community_id),
        "may_edit": grants.may("estate.edit", unit.community_id),
        "message_url": f"{reverse('sending:new')}?unit={unit.pk}"
        if grants.may("sending.send", unit.community_id)
        else "",
        "tenure": tenure_links(unit, grants, here),
        "contact_url": contact_url,
        "log_url": f"{contact_url}&party={calls['pk']}" if calls else contact_url,
        "new_contact_url": "",  # the file has its own, larger one
    }


def tenure_links(unit: Any, grants: Any, here: str) -> list[dict[str, str]]:
    """Where title passes and leases are filed, for those who may."""
    pages = (
        ("households.title", "过户", f"{reverse('kernel:new', args=['transfers'])}?unit={unit.pk}&back={here}"),
        ("households.file", "租户登记", f"{reverse('kernel:new', args=['filings'])}?unit={unit.pk}&back={here}"),
        ("households.see", "产权沿革", reverse("households:titles", args=[unit.pk])),
    )
    return [{"label": label, "url": url} for may, label, url in pages if grants.may(may, unit.community_id)]


def head(unit: Any) -> list[str]:
    """组团 · 楼栋 · 类型与面积 · 使用情况 · 三个日期, what is known of them."""
    area = unit.area
    dates = (("交房", unit.handed_over_on), ("装修", unit.renovation_begun_on), ("入住", unit.moved_in_on))
    words = [
        str(unit.cluster or ""),
        f"{unit.building}",
        unit.get_kind_display(),
        f"{area.gross_area} ㎡" if area and area.gross_area else "",
        unit.get_use_display() if unit.use else "",
        *(f"{day:%Y-%m-%d} {word}" for word, day in dates if day),
    ]
    if not unit.handed_over_on:
        words.append("未交房")
    words.append(f"{unit.verified_on:%Y-%m-%d} 核对" if unit.verified_on else "资料未核对")
    return [word for word in words if word]


def vehicles(unit: Any) -> list[dict[str, str]]:
    """Cars, then parking spaces; one question for both."""
    cars = Vehicle.objects.filter(unit=unit).values_list(Value(0), "plate", Value(""))
    spaces = ParkingSpace.objects.filter(unit=unit).values_list(Value(1), "code", "kind")
    words = dict(ParkingSpace.Kind.choices)
    return [
        {"label": label, "text": f"{words.get(kind, '')}车位" if space else "车辆"}
        for space, label, kind in sorted(cars.union(spaces, all=True))
    ]
