"""Units whose bills may have been wrong: by the day from which something changed, and by the day on which it was told.

What is told late has a day long past; only the journal says that it was not known when the bills were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from yihu.areas.billing.tariffs import known
from yihu.areas.billing.tariffs.models import Holding, Term
from yihu.basics.worktime import OFFICE_ZONE
from yihu.ground.estate.models import Occupancy, Unit, UnitArea
from yihu.ground.estate.tenure import BOOK
from yihu.kernel.models import JournalEntry

TELLING = ("correct", "transfer", "import")  # steps in a unit's journal that may change who pays how much


def changed_units(units: Sequence[int], first: date, last: date) -> dict[int, date]:
    """Units in which something that matters to their bills changed on these days, and the first of the days."""
    mine, within = set(units), (first, last)
    rows: list[tuple[int, Any]] = [
        *Unit.objects.filter(known.among("pk", units), handed_over_on__range=within).values_list(
            "pk", "handed_over_on"
        ),
        *Occupancy.objects.filter(known.among("unit", units), role="owner", from_on__range=within).values_list(
            "unit_id", "from_on"
        ),
        *UnitArea.objects.filter(known.among("unit", units), from_on__range=within).values_list("unit_id", "from_on"),
    ]
    for model in (Term, Holding):
        dated: Any = model._default_manager.filter(known.among("unit", units))
        rows += dated.filter(from_on__range=within).values_list("unit_id", "from_on")
        rows += dated.filter(to_on__range=within).values_list("unit_id", "to_on")
    found: dict[int, date] = {}
    for unit, day in rows:
        if unit in mine:
            found[unit] = min(day, found.get(unit, day))
    return found


def told_since(units: Sequence[int], day: date) -> set[int]:
    """Units of which something that may matter was written down on or after a day, whatever day it speaks of."""
    since = datetime.combine(day, time(0), OFFICE_ZONE)
    everyone, mine = set(units), {str(pk): pk for pk in units}
    found = {
        mine[told]
        for told in _told(BOOK, mine, since).filter(step__in=TELLING).values_list("book__object_id", flat=True)
    }
    terms = Term.objects.filter(known.among("unit", units), agreement__journal__written_at__gte=since)
    found |= set(terms.values_list("unit_id", flat=True)) & everyone
    held = {
        str(pk): unit
        for pk, unit in Holding.objects.filter(known.among("unit", units)).values_list("pk", "unit_id")
        if unit in everyone
    }
    if held:
        told = _told(Holding._meta.label_lower, held, since).values_list("book__object_id", flat=True)
        found |= {held[pk] for pk in told}
    return found


def _told(register: str, keys: Iterable[str], since: datetime) -> Any:
    rows = JournalEntry.objects.filter(book__register=register, book__object_id__in=list(keys), written_at__gte=since)
    return rows.order_by().distinct()
