"""Writes and proves the journal: every entry is chained to the one before it by a digest of its salted body."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from yihu.kernel.errors import Refused
from yihu.kernel.models.journal import Book, JournalEntry


@dataclass(frozen=True)
class Written:
    """What an entry adds to its head."""

    entry: JournalEntry
    seq: int
    head: str


def _digest(salt: str, body: str) -> str:
    return hashlib.sha256((salt + body).encode()).hexdigest()


def _chain(previous: str, digest: str, seq: int) -> str:
    return hashlib.sha256(f"{previous}{seq}{digest}".encode()).hexdigest()


def _body(entry: JournalEntry) -> str:
    """The text that the digest covers. Instants to the second, so that both databases give the same."""
    return json.dumps(
        [
            entry.seq,
            int(entry.at.timestamp()),
            int(entry.written_at.timestamp()),
            entry.by_id,
            entry.step,
            entry.sentence,
            entry.changed,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def compose(
    *,
    seq: int,
    head: str,
    by: Any,
    at: datetime,
    written_at: datetime,
    step: str,
    sentence: str,
    changed: dict[str, Any] | None = None,
) -> Written:
    """An unsaved entry that follows ``head``; the caller saves it together with the new head."""
    entry = JournalEntry(
        seq=seq + 1,
        at=at,
        written_at=written_at,
        by=by,
        step=step,
        sentence=sentence[:500],
        changed=changed or {},
        salt=secrets.token_hex(16),
    )
    entry.digest = _digest(entry.salt, _body(entry))
    entry.chained = _chain(head, entry.digest, entry.seq)
    return Written(entry, entry.seq, entry.chained)


def write_in_book(book: Book, **words: Any) -> JournalEntry:
    """Append to a plain register's book. The head moves by compare-and-set, so two writers can't fork the chain."""
    written = compose(seq=book.seq, head=book.head, **words)
    moved = Book.objects.filter(pk=book.pk, seq=book.seq).update(seq=F("seq") + 1, head=written.head)
    if not moved:
        raise Refused("这一条刚刚被别人改动，请刷新后重试。")
    book.seq, book.head = written.seq, written.head
    written.entry.book = book
    written.entry.save(force_insert=True)
    return written.entry


def faults(entries: Iterable[JournalEntry], seq: int, head: str) -> list[str]:
    """What is wrong with a chain: gaps, altered bodies, a head that does not match. Empty = proven."""
    found: list[str] = []
    previous, last = "", 0
    for entry in entries:
        if entry.seq != last + 1:
            found.append(f"第 {last + 1} 条缺失")
        if entry.erased_at is None and _digest(entry.salt, _body(entry)) != entry.digest:
            found.append(f"第 {entry.seq} 条内容被改动")
        if _chain(previous, entry.digest, entry.seq) != entry.chained:
            found.append(f"第 {entry.seq} 条链接不符")
        previous, last = entry.chained, entry.seq
    if last != seq or previous != head:
        found.append(f"末条应为第 {seq} 条，实为第 {last} 条")
    return found


def verify(holder: Any) -> list[str]:
    """The faults of one record's or one book's journal."""
    entries = JournalEntry.objects.filter(
        **{"book" if isinstance(holder, Book) else "record_id": holder if isinstance(holder, Book) else holder.pk}
    )
    head = holder.head if isinstance(holder, Book) else holder.journal_head
    seq = holder.seq if isinstance(holder, Book) else holder.journal_seq
    return faults(entries.order_by("seq"), seq, head)


def erase(entry: JournalEntry, now: datetime) -> None:
    """Erase a body by law (PIPL 47); its digest stays, so the chain still proves that nothing else changed."""
    JournalEntry.objects.filter(pk=entry.pk, erased_at__isnull=True).update(
        sentence="（依法删除）", changed={}, salt="", erased_at=now
    )


def put_back(entry_id: int, sentence: str, changed: dict[str, Any], salt: str) -> bool:
    """The words of an entry that was locked away stand there again; only those that its digest proves."""
    entry = JournalEntry.objects.filter(pk=entry_id, erased_at__isnull=False).first()
    if entry is None:
        return False
    entry.sentence, entry.changed, entry.salt = sentence, changed, salt
    if _digest(salt, _body(entry)) != entry.digest:
        return False
    JournalEntry.objects.filter(pk=entry_id).update(sentence=sentence, changed=changed, salt=salt, erased_at=None)
    return True
