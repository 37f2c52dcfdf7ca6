"""Who may have a key out, and on whose word (KEY-06, KEY-07). Asked by the forms; what the database must refuse stands there."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from yihu.areas.keys.models import KeyLoan, KeySet
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.estate.models import Occupancy, Party
from yihu.kernel.bars import without
from yihu.kernel.models import Record
from yihu.kernel.personal import match_last4
from yihu.kernel.procedure import is_register
from yihu.kernel.settings_pages.times import Times, declare

B, A = KeyLoan.Borrower, KeyLoan.Act
# the registers whose records send somebody into a flat; named by strings, as every area names another
JOBS = ("repairs.workorder", "services.serviceorder")
DUE = declare(Times("keys.due", "钥匙归还的时刻", "当日借出的钥匙几点以前归还", ("18:00",), "18:00"))


def due_today(community_id: int, at: datetime) -> datetime:
    """18:00 of the day, or the hour that the company says; what goes out later is due at that hour of the next day (D41)."""
    hour = time.fromisoformat((DUE.at(community_id, at) or DUE.default)[0])
    due = datetime.combine(timezone.localdate(at), hour, OFFICE_ZONE)
    return due if due > at else due + timedelta(days=1)


def running_jobs(key: KeySet, person: Any) -> Any:
    """The orders under way for which this key may go out: of its unit, in somebody's hands. Read from the common columns."""
    kinds = [kind for kind in JOBS if is_register(kind)]
    rows = Record.objects.filter(
        community_id=key.community_id, kind__in=kinds, closed_at__isnull=True, handler__isnull=False
    )
    if key.unit_id:
        rows = rows.filter(unit_id=key.unit_id)
    return without(rows, person).select_related("handler", "unit").order_by("-opened_at", "-pk")


def owners(unit: Any, at: datetime) -> list[Any]:
    """The owners of the unit on that day."""
    if unit is None:
        return []
    rows = Occupancy.objects.filter(unit=unit, role=Occupancy.Role.OWNER).on(timezone.localdate(at))
    return [row.party for row in rows.select_related("party").order_by("place", "pk")]


def needs_consent(act: str, kind: str, key: KeySet, at: datetime) -> bool:
    """Everybody but the repairer with his order, and the owner himself, needs the owner's word."""
    if key.unit_id is None or kind in (B.OWNER, B.SALES) or (kind == B.REPAIRER and act == A.BORROW):
        return False
    return bool(owners(key.unit, at))


def why_not(act: str, kind: str, key: KeySet) -> str:
    """Why this kind of person may not have this key at all, or ""."""
    unit = key.unit
    if kind == B.OWNER and unit is None:
        return "这把钥匙不属于任何一户，业主不能借。"
    if kind == B.SALES and (unit is None or unit.moved_in_on):
        return "营销代表只为尚未入住的房屋看房借钥匙；已入住的请由业主本人同意后由工作人员借。"
    if kind == B.SALES and act != A.BORROW:
        return "营销代表只能借用，不能领用或复制。"
    if kind == B.OWNER and unit is not None and not unit.moved_in_on:
        return "房屋资料里没有入住日期：未入住看房由营销代表借钥匙陪同。业主已入住的，请先在房屋资料里补上入住日期。"
    if kind == B.CONTRACTOR and unit is not None and not unit.handed_over_on:
        return "未交房的房屋，外单位和中介不能借钥匙：请由营销代表借用，或由专员借钥匙陪同。"
    return ""


def needs_approval(act: str, kind: str) -> bool:
    """Only a repairer who borrows for his order goes without one."""
    return not (act == A.BORROW and kind == B.REPAIRER)


def to_be_looked_at(loan: KeyLoan) -> bool:
    """After a viewing the empty flat is looked at at once (D50)."""
    unit = loan.key.unit
    return unit is not None and (
        loan.borrower_kind == B.SALES or (not unit.moved_in_on and loan.borrower_kind != B.REPAIRER)
    )


def knows(party: Any, typed: str) -> bool:
    """Whether the last four agree with the document in the household's file; a file without one is no witness."""
    return not party.id_no or Party.objects.filter(match_last4(Party, "id_no", typed), pk=party.pk).exists()
