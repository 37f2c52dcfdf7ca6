"""Masks what names a person, for good or until a day: then what stood there lies sealed, for a few, and is put back or forgotten."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q

from yihu.kernel import file_keeping, files, journal, search
from yihu.kernel.models.journal import JournalEntry
from yihu.kernel.models.locked import LockedFile, LockedText
from yihu.kernel.models.record import Record
from yihu.kernel.personal import PersonalField
from yihu.kernel.traces import Marks, Trace

BODY = "body"  # in the place of a column: the words of a journal entry
GONE, SHUT = "依法删除", "依法锁定"


class Away:
    """One request's work. ``keep``: the original must be kept, ``until`` when (None: its matter is open, the time begins when
    it is closed)."""

    def __init__(self, *, party_id: int, request: Record, at: datetime) -> None:
        self.party_id, self.request, self.at = party_id, request, at
        self.erased = self.locked = 0
        self._touched: set[int] = set()

    def text(self, trace: Trace, marks: Marks, keep: bool, until: date | None, what: str) -> None:
        """Mask the places in one column; a sealed number is taken out whole."""
        field, rows = trace.field, trace.model._base_manager.select_for_update().filter(pk=trace.row)
        value = rows.values_list(trace.column, flat=True).first()
        if isinstance(field, PersonalField):
            clear, left = (value._clear if value is not None else ""), ""
        else:
            clear, left = value, marks.masked(value)
            clear = json.dumps(clear, ensure_ascii=False) if isinstance(field, models.JSONField) else clear
        if not clear or left == value:
            return
        if keep:
            self._keep(trace.model._meta.label_lower, trace.row, trace.column, clear, left, trace.matter, until, what)
        trace.model._base_manager.filter(pk=trace.row).update(**{trace.column: left})
        self._count(keep, trace.matter)

    def whole(
        self, row: Any, columns: dict[str, Any], keep: bool, until: date | None, matter: int | None, what: str
    ) -> None:
        """Put ``columns`` in the place of what stands there (a message that was sent)."""
        for column, left in columns.items():
            value = getattr(row, column)
            if value == left or not value:
                continue
            if keep:
                field = row._meta.get_field(column)
                clear = json.dumps(value, ensure_ascii=False) if isinstance(field, models.JSONField) else str(value)
                self._keep(row._meta.label_lower, row.pk, column, clear, left, matter, until, what)
        type(row)._base_manager.filter(pk=row.pk).update(**columns)
        self._count(keep, matter)

    def entry(self, entry: JournalEntry, keep: bool, until: date | None, what: str) -> None:
        """Erase the words of a journal entry; the chain stands on their digest and still proves itself."""
        if keep:
            said = json.dumps([entry.sentence, entry.changed, entry.salt], ensure_ascii=False)
            self._keep("kernel.journalentry", entry.pk, BODY, said, "", entry.record_id, until, what)
        journal.erase(entry, self.at)
        self._count(keep, None)

    def file(
        self, row: Any, keep: bool, until: date | None, matter: int | None, what: str, left: bytes | None = None
    ) -> None:
        """Put a blank sheet in the place of a stored file, or what is ``left`` of it without him: then it is somebody else's
        own, and of two who were named in it the first original holds them both."""
        model = row._meta.label_lower
        if keep and (left is None or not LockedFile.objects.filter(model=model, row=row.pk).exists()):
            told = {name: getattr(row, name) for name in ("sha256", "size", "mime", "path", "by_id", "at")}
            name = f"{SHUT}.{row.path.rsplit('.', 1)[-1]}"
            LockedFile.objects.create(
                party_id=self.party_id, request=self.request, matter_id=matter, model=model, row=row.pk,
                what=what[:120], until=until, locked_at=self.at, name=name, called=row.name, **told,
            )  # fmt: skip
        if left is None:
            blank(row, SHUT if keep else GONE)
        else:
            _instead(row, left, row.name)
        self._count(keep, None)

    def done(self) -> None:
        """What was touched is found by its new words only."""
        search.forget_at_once(self._touched)

    def _keep(
        self,
        model: str,
        row: int,
        column: str,
        clear: str,
        left: Any,
        matter: int | None,
        until: date | None,
        what: str,
    ) -> None:
        here = LockedText.objects.filter(model=model, row=row, column=column).first()
        if here is None:
            LockedText.objects.create(
                party_id=self.party_id, request=self.request, matter_id=matter, model=model, row=row, column=column, clear=clear,
                left=left, until=until, what=what[:120], locked_at=self.at,
            )  # fmt: skip
        else:  # somebody else's words stand there locked already: the first original holds them both
            LockedText.objects.filter(pk=here.pk).update(left=left)

    def _count(self, keep: bool, matter: int | None) -> None:
        self.locked += keep
        self.erased += not keep
        if matter is not None:
            self._touched.add(matter)


def blank(row: Any, word: str) -> None:
    """Let a row name a sheet that says no more than ``word``; what it named is removed for good (``file_keeping.let_go``)."""
    _instead(row, f"{word}\n".encode(), f"{word}.txt")


def _instead(row: Any, content: bytes, name: str) -> None:
    sheet = files.store_upload(ContentFile(content, name=name), ours=True)
    before = row.sha256, row.path
    for name in ("name", "sha256", "size", "mime", "path"):
        setattr(row, name, getattr(sheet, name))
    type(row)._base_manager.filter(pk=row.pk).update(
        name=sheet.name, sha256=sheet.sha256, size=sheet.size, mime=sheet.mime, path=sheet.path
    )
    if before[0] != sheet.sha256:
        file_keeping.let_go(*before)


def put_back(party_id: int) -> int:
    """Where nobody wrote anything else meanwhile, what was locked stands in its place again."""
    back = 0
    touched: set[int] = set()
    for kept in LockedText.objects.filter(party_id=party_id).order_by("pk"):
        if _text_back(kept):
            touched |= {kept.matter_id} if kept.matter_id else set()
            kept.delete()
            back += 1
    for sheet in LockedFile.objects.filter(party_id=party_id).order_by("pk"):
        row = apps.get_model(sheet.model)._base_manager.filter(pk=sheet.row)
        meanwhile = row.values_list("sha256", "path").get()
        row.update(name=sheet.called._clear, sha256=sheet.sha256, size=sheet.size, mime=sheet.mime, path=sheet.path)
        sheet.delete()
        file_keeping.let_go(*meanwhile)
        back += 1
    search.index_records(touched)
    return back


def _text_back(kept: LockedText) -> bool:
    clear = kept.clear._clear or ""
    if kept.column == BODY:
        sentence, changed, salt = json.loads(clear)
        return journal.put_back(kept.row, sentence, changed, salt)
    model = apps.get_model(kept.model)
    field = model._meta.get_field(kept.column)
    rows = model._base_manager.select_for_update().filter(pk=kept.row)
    if rows.values_list(kept.column, flat=True).first() != kept.left:
        return False
    rows.update(**{kept.column: json.loads(clear) if isinstance(field, models.JSONField) else clear})
    return True


def told(kept: LockedText, clear: str) -> list[str]:
    """A locked text as a person reads it; of a journal entry its sentence and what it changed."""
    if kept.column == BODY:
        sentence, changed, _ = json.loads(clear)
        return [sentence, *(f"{before} → {after}" for before, after in changed.values())]
    if isinstance(apps.get_model(kept.model)._meta.get_field(kept.column), models.JSONField):
        found = json.loads(clear)
        return [f"{name}：{value}" for name, value in found.items()] if isinstance(found, dict) else [str(found)]
    return [clear]


def forget_over(today: date) -> int:
    """What need not be kept any longer is really gone; gives how many."""
    over = Q(until__lt=today)
    gone = 0
    with transaction.atomic():
        gone += LockedText.objects.filter(over).delete()[0]
        for sheet in LockedFile.objects.filter(over):
            sheet.delete()
            file_keeping.let_go(sheet.sha256, sheet.path)
            gone += 1
    return gone
