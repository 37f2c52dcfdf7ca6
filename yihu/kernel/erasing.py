"""Erasing what a record holds of a person, by law (PIPL 47): its sealed values and the words of its journal."""

from __future__ import annotations

from typing import Any

from yihu.kernel import journal
from yihu.kernel.locking_away import GONE, blank
from yihu.kernel.models.journal import JournalEntry
from yihu.kernel.models.prints import IssuedCopy
from yihu.kernel.personal import PersonalField

LOOKS = ("reveal", "look", "erase")  # who looked stays: it says nothing of what he saw


def erase_record(commanding: Any, record: Any, why: str) -> None:
    """Empty the record's personal columns, remove its photographs and signatures, and erase the bodies of its journal; number,
    dates and state stay, and the chain still proves them."""
    typed = record.typed
    fields = [field for field in typed._meta.concrete_fields if isinstance(field, PersonalField)]
    filled = {field.name: "" for field in fields if getattr(typed, field.name)}
    if filled:
        type(typed)._base_manager.filter(pk=typed.pk).update(**filled)
    for file in [*record.attachments.all(), *IssuedCopy.objects.filter(record_id=record.pk)]:
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
