"""Takes a roll back out of life: what it made is removed, what it changed is set back, unless something stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db.models import CharField
from django.db.models.functions import Cast

from yihu.ground.estate.models import (
    Building,
    Cluster,
    Lease,
    Occupancy,
    ParkingSpace,
    Party,
    RollImport,
    RollRow,
    Unit,
    UnitArea,
    Vehicle,
)
from yihu.ground.estate.roll import merge
from yihu.ground.estate.roll.rows import PERSONAL
from yihu.kernel.models import JournalEntry

MADE_BY_ROLL: Final = (Vehicle, ParkingSpace, Lease, Occupancy, UnitArea, Unit, Party)
_SHOWN: Final = 3


def hindrances(run: RollImport) -> list[str]:
    """What has come to stand on this batch since; each in a few words. Empty: it may be taken back."""
    later = RollImport.objects.filter(community=run.community, state=RollImport.State.LIVE, opened_at__gt=run.opened_at)
    found = [
        f"之后的名册导入 {other}" for other in later.order_by("opened_at").values_list("number", flat=True)[:_SHOWN]
    ]
    for model in (Unit, Party):
        found += _standing_on(model, run)
        found += _corrected(model, run)
    return list(dict.fromkeys(found))


def _standing_on(model: Any, run: RollImport) -> Iterator[str]:
    """Whatever any floor of the house hung on a unit or a party that this run made."""
    for relation in model._meta.related_objects:
        if relation.field.model is not relation.related_model or relation.related_model is RollRow:
            continue
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__roll": run})
        if relation.related_model in MADE_BY_ROLL:
            rows = rows.exclude(roll=run)
        some = list(rows.order_by("pk")[: _SHOWN + 1])
        if some:
            more = " 等" if len(some) > _SHOWN else ""
            yield f"{relation.related_model._meta.verbose_name}：{'、'.join(str(row) for row in some[:_SHOWN])}{more}"


def _corrected(model: Any, run: RollImport) -> Iterator[str]:
    """Units and people that somebody has corrected by hand since."""
    entries = JournalEntry.objects.filter(book__register=model._meta.label_lower).exclude(step__in=("reveal", "import"))
    made = model.objects.filter(roll=run).annotate(text=Cast("pk", CharField())).values("text")
    ids = list(entries.filter(book__object_id__in=made).values_list("book__object_id", flat=True).distinct()[:_SHOWN])
    if ids:
        yield f"已有人更正的{model._meta.verbose_name}：{'、'.join(str(row) for row in model.objects.filter(pk__in=ids))}"


def take_back(run: RollImport, commanding: Any) -> None:
    """Remove what the run made and set back what it changed, all at once."""
    for staged in RollRow.objects.filter(run=run, outcome="updated").order_by("position"):
        unit = Unit.objects.get(roll_row=staged)
        _restore(unit, staged.before)
        commanding.note(commanding.book("estate.unit", unit.pk), f"撤销名册导入 {run.number} 的更新", step="import")
    for model in MADE_BY_ROLL:
        model.objects.filter(roll=run)._raw_delete(using=run._state.db)
    for places in (
        Building.objects.filter(roll=run, units__isnull=True),
        Cluster.objects.filter(roll=run, buildings__isnull=True),
    ):
        places.delete()
    RollRow.objects.filter(run=run).update(outcome="undone", before={})


def _restore(unit: Unit, before: dict[str, Any]) -> None:
    """The old values, except where somebody has changed the new ones since."""
    set_by_roll = unit.as_rolled
    _put_back(unit, before["unit"], set_by_roll, before["as_rolled"])
    if area := before["area"]:
        _put_back(UnitArea.objects.get(pk=area["id"]), area, set_by_roll)
    if terms := before.get("terms"):
        _put_back(Lease.objects.get(pk=terms["id"]), terms, set_by_roll)
    for old in before["parties"]:
        party = Party.objects.get(pk=old["id"])
        _put_back(party, old, party.as_rolled, old["as_rolled"])
    for old in before["stays"]:
        stay = Occupancy.objects.get(pk=old["id"])
        stay.from_on, stay.to_on = _day(old["from_on"]), _day(old["to_on"])
        stay.save(update_fields=["from_on", "to_on"])


def _put_back(
    thing: Any, old: dict[str, Any], set_by_roll: dict[str, Any], as_rolled: dict[str, Any] | None = None
) -> None:
    restored = []
    for name, value in old.items():
        if name in ("id", "as_rolled"):
            continue
        field = thing._meta.get_field(name.removesuffix("_id") if name == "roll_row_id" else name)
        now = getattr(thing, f"{name}_index" if name in PERSONAL else name)
        if name in set_by_roll and merge.canonical(now) != set_by_roll[name]:
            continue
        if name in PERSONAL:
            setattr(thing, name, field.to_python(value))
        else:
            setattr(thing, name, field.to_python(value) if value is not None or field.null else "")
        restored.append(field.name)
    if as_rolled is not None:
        thing.as_rolled = as_rolled
        restored.append("as_rolled")
    thing.save(update_fields=restored)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
