"""How long the law makes us keep what, and what of a person that binds today (domain.md §2, retention)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.utils import timezone

from yihu.areas.archives.models import DataRequest
from yihu.ground.estate.models import Party
from yihu.ground.ledger.models import Charge, Deposit, Receipt
from yihu.kernel.models import Record

# years
REGISTERS, COMPLAINTS, FILE, MONEY = 3, 5, 3, 30
LONGER = ("complaints.complaint", "corrective.correctiveaction", "archives.disclosure")
BOOKS = "yihu.ground.ledger", "yihu.areas.billing", "yihu.areas.cashier", "yihu.areas.spending"


def money_apps() -> set[str]:
    """The apps whose rows are books of account, in finance's custody."""
    return {app.label for app in apps.get_app_configs() if app.name.startswith(BOOKS)}


def term_of(record: Any, today: date) -> tuple[bool, date | None]:
    """Whether a matter must still be kept, and until when; None while it is open."""
    if record.closed_at is None:
        return True, None
    last = years_on(timezone.localdate(record.closed_at), COMPLAINTS if record.kind in LONGER else REGISTERS)
    return last >= today, last


def records_of(party: Party, today: date) -> tuple[list[Any], list[Any], date | None]:
    """His records that must still be kept, those whose time is over, and until when the last must be kept."""
    bound, old, until = [], [], None
    rows = Record.objects.filter(party=party, community_id=party.community_id)
    for record in rows.exclude(kind=DataRequest._meta.label_lower).order_by(
        "pk"
    ):  # the requests themselves bind nothing
        years = COMPLAINTS if record.kind in LONGER else REGISTERS
        ended = timezone.localdate(record.closed_at) if record.closed_at else today
        last = years_on(ended, years)
        if last >= today:
            bound.append(record)
            until = max(until, last) if until else last
        else:
            old.append(record)
    return bound, old, until


def money_until(party: Party) -> date | None:
    due = Charge.objects.filter(party=party).aggregate(last=Max("due_on"))["last"]
    paid = Receipt.objects.filter(party=party).aggregate(last=Max("received_at"))["last"]
    held = Deposit.objects.filter(party=party).aggregate(last=Max("receipt__received_at"))["last"]
    moments = [due, *(timezone.localdate(moment) for moment in (paid, held) if moment)]
    last = max((moment for moment in moments if moment), default=None)
    return years_on(last, MONEY) if last else None


def years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)
