"""The only way to write: one command is one transaction with a key, a permission check, journal, clocks and jobs.

``open_record`` and ``perform`` serve everything with a life-cycle; plain registers use ``command`` directly.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from yihu.kernel.commanding import Commanding
from yihu.kernel.errors import Refused
from yihu.kernel.models.command import Command
from yihu.kernel.models.journal import Book
from yihu.kernel.models.record import Record

_CLAIM_KEY = """
INSERT INTO {table} (by_id, key, verb, fingerprint, answer_kind, answer_id, written_at)
VALUES (%s, %s, %s, %s, '', NULL, %s) ON CONFLICT (by_id, key) DO NOTHING RETURNING id
"""

TRIES = 4  # of a command that the database gave up because two waited for each other
GIVEN_UP = {
    "40P01",
    "40001",
}  # deadlock detected, could not serialise: nothing was written, the key makes it safe to repeat

OTHER_BODY = "这张表单已经提交过，但内容与这次不同。请刷新页面，确认已保存的内容后再填写。"


@contextmanager
def command(
    *, by: Any, key: str | None = None, at: datetime | None = None, body: Any = None, verb: str = ""
) -> Iterator[Commanding]:
    """A transaction in which ``by`` writes. The same ``key`` with the same ``body`` is answered, not repeated.

    ``at``: when it happened (default now). Raises Refused where the key was used for another body.
    """
    now = timezone.now()
    happened = at or now
    key = _storable(key or uuid.uuid4().hex)
    fingerprint = _fingerprint(verb, body)
    with transaction.atomic():
        command_id = _claim_key(by.pk, key, verb, fingerprint, now)
        if command_id is None:
            stored = Command.objects.get(by=by, key=key)
            if stored.fingerprint != fingerprint:
                raise Refused(OTHER_BODY)
            yield Commanding(by=by, at=happened, now=now, key=key, stored=stored)
            return
        commanding = Commanding(by=by, at=happened, now=now, key=key)
        yield commanding
        if commanding.answered is not None:
            kind, answer_id = commanding.answered
            Command.objects.filter(pk=command_id).update(answer_kind=kind, answer_id=answer_id)


def open_record(
    record: Any,
    *,
    by: Any,
    key: str | None = None,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    origin: Any = None,
    closed_in: str = "",
    told: Any = None,
) -> Any:
    """Open a record. ``data`` and ``files`` fill the opening form, and (prefix ``to-``) the form of a hand-over.

    ``closed_in`` opens imported history closed: no clocks, no hand-over, no messages. Gives the saved record; the same
    key again gives the same record. ``told`` is what a repetition is compared by, where ``data`` holds more than was sent.
    """
    body = [told if told is not None else data, files, record.community_id, record.unit_id]
    verb = f"open {record._meta.label_lower}"

    def once() -> Any:
        with command(by=by, key=key, at=at, body=body, verb=verb) as commanding:
            if commanding.stored:
                return _stored(commanding.stored)
            fresh = copy.copy(record)  # an attempt that is given up leaves its marks on what it was given
            opened = commanding.open(fresh, data=data or {}, files=files or {}, origin=origin, closed_in=closed_in)
            commanding.answer(opened)
        return opened

    return _until_done(once)


def perform(
    record: Any,
    step: str,
    *,
    by: Any,
    key: str | None = None,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    version: int | None = None,
    at: datetime | None = None,
    told: Any = None,
) -> Any:
    """Take a step of a record. ``version`` is the one that the person had on the screen; a newer one is a Conflict.

    ``told`` as in ``open_record``.
    """
    verb, body = f"{record._meta.label_lower}.{step}", [record.pk, told if told is not None else data, files]

    def once() -> Any:
        with command(by=by, key=key, at=at, body=body, verb=verb) as commanding:
            if commanding.stored:
                return _stored(commanding.stored)
            moved = commanding.perform(record, step, data=data or {}, files=files or {}, version=version)
            commanding.answer(moved)
        return moved

    return _until_done(once)


def note_reveal(
    *, by: Any, subject: Any, field: str, reason: str, record: Any = None, now: datetime | None = None
) -> None:
    """Write down that ``by`` looked at a personal value, and why; on the open record if there is one (ARC-05)."""
    if not reason.strip() and record is None:
        raise Refused("查看个人信息须写明原因。")
    with command(by=by, at=now, verb="reveal") as commanding:
        label = str(subject._meta.get_field(field).verbose_name)
        sentence = f"{by} 查看{subject._meta.verbose_name}的{label}" + (
            f"，原因：{reason.strip()[:80]}" if reason.strip() else ""
        )
        if record is not None:
            commanding.note(record, sentence, step="reveal")
        commanding.note(commanding.book(subject._meta.label_lower, subject.pk), sentence, step="reveal")


def _until_done(once: Callable[[], Any]) -> Any:
    """Carry out a command of its own transaction; again if the database chose it as the one to give way."""
    overtaken = False
    for tries_left in reversed(range(TRIES)):
        try:
            return once()
        except Refused as refused:
            if refused.afterwards is not None:
                refused.afterwards()
            raise
        except IntegrityError:
            # somebody was faster by a moment; looked at again, the form or the guard says so in a sentence
            if overtaken or connection.in_atomic_block:
                raise
            overtaken = True
        except OperationalError as error:
            given_up = getattr(error.__cause__, "sqlstate", "") in GIVEN_UP
            if not given_up or not tries_left or connection.in_atomic_block:
                raise
            time.sleep(random.uniform(0.01, 0.1))
    raise AssertionError("the last try either answers or raises")


def _storable(key: str) -> str:
    """The key as it is kept; one that no form of ours made is kept by its digest."""
    return key if len(key) <= 100 and key.isprintable() else hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _stored(stored: Command) -> Any:
    record = Record.objects.filter(pk=stored.answer_id).first() if stored.answer_id else None
    return record.typed if record else None


def _claim_key(by_id: int, key: str, verb: str, fingerprint: str, now: datetime) -> int | None:
    """The new command's id, or None where this person has used the key before (waits for one who is using it now)."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(_CLAIM_KEY.format(table=Command._meta.db_table), [by_id, key, verb[:80], fingerprint, moment])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _fingerprint(verb: str, body: Any) -> str:
    """Over canonical fields and file digests, so that the same form sent twice is recognised."""
    return hashlib.sha256(json.dumps([verb, _plain(body)], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# what a browser adds to each post and what says nothing of the content
_NOT_CONTENT = {"csrfmiddlewaretoken", "key", "version"}


def _plain(value: Any) -> Any:
    if hasattr(value, "lists"):
        return {name: _plain(items) for name, items in sorted(value.lists()) if name not in _NOT_CONTENT}
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in sorted(value.items()) if name not in _NOT_CONTENT}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "chunks"):
        digest = hashlib.sha256()
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
        return digest.hexdigest()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(getattr(value, "pk", value))


__all__ = ["Book", "Commanding", "command", "note_reveal", "open_record", "perform"]
