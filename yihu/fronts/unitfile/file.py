"""The file of one household on one page (一户一档). The number of queries never depends on how much has happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, Value
from django.urls import reverse
from django.utils import timezone

from yihu.areas.cards.models import Issue
from yihu.areas.keys.models import KeySet
from yihu.basics.money import yuan
from yihu.fronts.unitfile import history
from yihu.fronts.unitfile.people import people
from yihu.ground.estate.locking import OPEN
from yihu.ground.estate.models import ParkingSpace, Vehicle
from yihu.ground.estate.standing import standing
from yihu.ground.ledger.households import arrears_word, sees_money, standing_of
from yihu.ground.papers.models import Paper
from yihu.kernel import moments
from yihu.kernel.authority import grants_of
from yihu.kernel.models import record_seen_by

PAPERS = 20
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
        "papers": papers(unit, person) if grants.may("papers.see", unit.community_id) else [],
        "papers_url": reverse("papers:unit", args=[unit.pk]) if grants.may("papers.see", unit.community_id) else "",
        "keys": keys(unit, person),
        "keys_url": f"{reverse('keys:desk')}?unit={unit.pk}" if grants.may("keys.see", unit.community_id) else "",
        "money": money(unit, person),
        "cards": cards(unit, person),
        "cards_url": f"{reverse('kernel:new', args=['cards'])}?unit={unit.pk}&back={here}"
        if grants.may("cards.work", unit.community_id)
        else "",
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


def money(unit: Any, person: Any) -> dict[str, Any]:
    """欠费, 预收, 押金: in figures for those who keep the books (two questions), in a word for those who answer the telephone."""
    if not sees_money(person, unit.community_id):
        word = arrears_word(unit, person)
        return {"word": word} if word else {}
    found, today = standing_of(unit), timezone.localdate()
    may_collect = grants_of(person).may("ledger.collect", unit.community_id)
    return {
        "owing": [
            {
                "name": one.name,
                "amount": yuan(one.amount),
                "since": f"{one.since:%Y-%m-%d}",
                "late": one.late(today),
                "url": f"{reverse('cashier:desk')}?unit={unit.pk}&party={one.party}"
                if may_collect
                else reverse("cashier:statement", args=[one.party]),
            }
            for one in found.owing
        ],
        "credit": yuan(found.credit) if found.credit else "",
        "deposits": yuan(found.deposits) if found.deposits else "",
        "till_url": f"{reverse('cashier:desk')}?unit={unit.pk}" if may_collect else "",
        "clear": not found.owing,
    }


def cards(unit: Any, person: Any) -> list[dict[str, Any]]:
    """Cards and fobs that the household has in its hands; asked of those only who may see them."""
    if not grants_of(person).may("cards.see", unit.community_id):
        return []
    rows = (
        Issue.objects.seen_by(person).filter(unit=unit, is_out=True).select_related("party").order_by("card_kind", "pk")
    )
    return [
        {
            "title": row.what,
            "url": row.get_absolute_url(),
            "sub": " · ".join(
                part
                for part in (
                    str(row.party or ""),
                    row.state_word,
                    f"到 {row.valid_until:%Y-%m-%d}" if row.valid_until else "",
                )
                if part
            ),
        }
        for row in rows
    ]


def keys(unit: Any, person: Any) -> list[dict[str, Any]]:
    """Keys of the household that are in the office's trust; one question, asked only for those who may see them."""
    if not grants_of(person).may("keys.see", unit.community_id):
        return []
    rows = KeySet.objects.filter(community_id=unit.community_id, unit=unit).exclude(status__in=KeySet.GONE)
    return [
        {
            "title": f"{row.tag} {row.place}",
            "url": row.get_absolute_url(),
            "sub": " · ".join(
                part for part in (row.get_status_display(), row.get_kind_display(), str(row.hook or "")) if part
            ),
        }
        for row in rows.select_related("hook__cabinet").order_by("tag")
    ]


def papers(unit: Any, person: Any) -> list[dict[str, Any]]:
    """Sheets of records that the person may not see are not there for him either."""
    seen = Q(record__isnull=True) | Q(record_seen_by(person))
    rows = Paper.objects.filter(seen, community_id=unit.community_id, unit=unit).select_related("record", "filed_by")
    return [
        {
            "title": row.title,
            "url": row.record.get_absolute_url() if row.record else "",
            "sub": " · ".join(part for part in (row.place, f"{moments.day(row.filed_at)} {row.filed_by} 归档") if part),
        }
        for row in rows.order_by("-filed_at", "-pk")[:PAPERS]
    ]
