"""Erasing what a record holds of a person, by law (PIPL 47): its sealed values and the words of its journal; what others who
have a part in it signed or were handed is theirs and stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from yihu.kernel import journal
from yihu.kernel.locking_away import GONE, blank
from yihu.kernel.models.attachment import Attachment
from yihu.kernel.models.journal import JournalEntry
from yihu.kernel.models.prints import IssuedCopy
from yihu.kernel.personal import PersonalField


@dataclass(frozen=True)
class Part:
    """Rows of people who have a part in a record that is another's: the columns that name the record, who it is, and the file
    that is his own (what he signed)."""

    model: Any
    record: str
    party: str
    file: str


_parts: list[Part] = []
LOOKS = ("reveal", "look", "erase")  # who looked stays: it says nothing of what he saw


def has_parts(part: Part) -> None:
    """An area says that several people may have a part in one of its records."""
    _parts.append(part)


def files_of_others(record: Any) -> set[int]:
    """The attachments of a record that are somebody's who has a part in it and is not its own customer."""
    found: set[int] = set()
    for part in _parts:
        if part.model._meta.get_field(part.record).related_model._meta.label_lower == record.kind:
            rows = part.model._base_manager.filter(**{part.record: record.pk, f"{part.file}__isnull": False})
            if record.party_id is not None:
                rows = rows.exclude(Q(**{f"{part.party}__isnull": False}) & Q(**{part.party: record.party_id}))
            found |= set(rows.values_list(part.file, flat=True))
    return found


def files_elsewhere(party: Any) -> Any:
    """What he signed in records that are another's."""
    signed: set[int] = set()
    for part in _parts:
        rows = part.model._base_manager.filter(**{part.party: party.pk, f"{part.file}__isnull": False})
        signed |= set(rows.values_list(part.file, flat=True))
    rows = Attachment.objects.filter(pk__in=signed)
    return rows.exclude(Q(record__party__isnull=False) & Q(record__party=party)).select_related("record")


def copies_of_others(record: Any) -> Any:
    """The sheets of a record that were handed to somebody who has a part in it: they name him and not its own customer, or
    carry a number that is not the record's own."""
    own = Q(party__isnull=True, run__subject=record.number)
    if record.party_id is not None:
        own |= Q(party__isnull=False, party=record.party_id)
    return IssuedCopy.objects.filter(record_id=record.pk).exclude(pk__in=IssuedCopy.objects.filter(own).values("pk"))


def erase_record(commanding: Any, record: Any, why: str) -> None:
    """Empty the record's personal columns, remove its photographs, signatures and sheets but for those of others, and erase the bodies of its journal; number,
    dates and state stay, and the chain still proves them."""
    typed = record.typed
    fields = [field for field in typed._meta.concrete_fields if isinstance(field, PersonalField)]
    filled = {field.name: "" for field in fields if getattr(typed, field.name)}
    if filled:
        type(typed)._base_manager.filter(pk=typed.pk).update(**filled)
    his = IssuedCopy.objects.filter(record_id=record.pk).exclude(pk__in=copies_of_others(record).values("pk"))
    for file in [*record.attachments.exclude(pk__in=files_of_others(record)), *his]:
        blank(file, GONE)
    erase_entries(record.journal.all(), commanding.now)
    commanding.note(record, f"{commanding.by} 依法删除其中的个人信息（{why}）", step="erase")


def erase_entries(rows: Any, now: Any) -> int:
    """Erase these bodies of a journal, but for who looked."""
    entries = list(rows.exclude(step__in=LOOKS).filter(erased_at__isnull=True))
    for entry in entries:
        assert isinstance(entry, JournalEntry)
        journal.erase(entry, now)
    return len(entries)
