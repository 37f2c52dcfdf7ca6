"""Paper: a transfer, one lease filing (F36), the register of filings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from yihu.areas.households.models import LeaseFiling
from yihu.basics.identity import mask_free_text
from yihu.basics.money import yuan
from yihu.ground.estate.models import Lease, Occupancy

MOST_LINES = 3000


def transfer_sheet(transfer: Any, by: Any) -> dict[str, Any]:
    heirs = Occupancy.objects.filter(pk__in=transfer.begun).select_related("party").order_by("place")
    return {
        "community": transfer.community.name,
        "number": transfer.number,
        "unit": str(transfer.unit or ""),
        "state": transfer.state_word,
        "how": transfer.get_how_display(),
        "on": _day(transfer.on),
        "proof": f"{transfer.get_proof_display()} {transfer.proof_no}".strip(),
        "old": transfer.old_owners,
        "arrears": mask_free_text(transfer.arrears_note),
        "clerk": str(transfer.opened_by),
        "heirs": [
            [stay.party.name, str(stay.party.id_no), str(stay.party.phone), percent(stay.share) or "共同共有"]
            for stay in heirs
        ],
    }


def filing_sheet(filing: Any, by: Any) -> dict[str, Any]:
    lease = Lease.objects.filter(occupancy_id=filing.stay_id).first()
    party = filing.party
    return {
        "community": filing.community.name,
        "number": filing.number,
        "unit": str(filing.unit or ""),
        "owner": filing.owner,
        "lessee": filing.lessee,
        "kind": party.get_kind_display() if party else "",
        "id_no": str(party.id_no) if party else "",
        "phone": str(party.phone) if party else "",
        "contact": mask_free_text(filing.contact_name),
        "licence": filing.licence_no,
        "uses": [label for _, label in LeaseFiling._meta.get_field("use").flatchoices],
        "use": filing.get_use_display(),
        "business": mask_free_text(filing.business),
        "term": f"{_day(filing.lease_from)} 至 {_day(filing.lease_to)}",
        "rent": f"{yuan(lease.rent_fen)} 元" if lease and lease.rent_fen else "",
        "persons": str(filing.persons or ""),
        "payers": LeaseFiling.Payer.labels,
        "payer": filing.get_payer_display(),
        "consent": "已存档" if filing.owner_consent else "未交",
        "id_seen": "已查看" if filing.id_seen else "未查看",
        "police": _day(filing.police_on) or "未办",
        "fit_out": filing.get_fit_out_display(),
        "filed": _day(filing.filed_on),
        "left": _day(filing.left_on),
        "remark": mask_free_text(filing.remark),
        "clerk": str(filing.opened_by),
    }


def filing_register(filing: Any, by: Any) -> dict[str, Any]:
    """Every lease in force or waiting for its end to be settled, in the order of the units."""
    seen = LeaseFiling.objects.seen_by(by).filter(community=filing.community, closed_at__isnull=True)
    rows = seen.select_related("unit", "party").order_by("unit__sort_key", "pk")
    total = rows.count()
    return {
        "community": filing.community.name,
        "number": f"{filing.community.code}-ZS",
        "title": "租户商住情况登记册",
        "total": total,
        "left_off": max(total - MOST_LINES, 0),
        "lines": [_line(row) for row in rows[:MOST_LINES]],
    }


def _line(row: Any) -> list[str]:
    phone = str(row.party.phone) if row.party else ""
    return [
        str(row.unit or ""), row.owner, row.lessee, " ".join(filter(None, (mask_free_text(row.contact_name), phone))),
        row.licence_no, row.get_use_display(), f"{_day(row.lease_from)}\n{_day(row.lease_to)}", str(row.persons or ""),
        row.get_payer_display(), "有" if row.owner_consent else "无", "已看" if row.id_seen else "未看", _day(row.police_on) or "未办",
        row.get_fit_out_display(), _day(row.filed_on),
    ]  # fmt: skip


def percent(share: Decimal | None) -> str:
    return "" if share is None else f"{(share * 100).normalize():f}%"


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
