"""Keeping files: sealing them anew under the newest key, those of the time before files were sealed for the first time, and
removing what the law wants gone."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from yihu.kernel import file_shelf, files, sealed_files
from yihu.kernel.jobs import job
from yihu.kernel.keys import keyring
from yihu.kernel.sealing import Broken

A_LITTLE_LATER = timedelta(minutes=10)
PLAIN = ""  # in the place of a key's id: not sealed yet


def sealed_anew() -> Iterator[tuple[str, int]]:
    """Seal every file of an older key, and every plain one, under the newest; yields ("files", 1) after each.

    Each file is replaced at once, whole; readers have the old or the new one. Broken off anywhere, the next run goes on
    with the rest.
    """
    newest = keyring(fresh=True).newest
    for path, digest in _whole():
        try:
            if _sealed_anew(path, digest, newest):
                yield "files", 1
        except (FileNotFoundError, Broken):
            continue  # swept meanwhile, or named by the invariants


def keys_in_use() -> tuple[Counter[str], int]:
    """How many files each key seals (PLAIN: none does), and how many bytes would be written to seal all anew."""
    newest, found, weight = keyring(fresh=True).newest, Counter[str](), 0
    for path, _ in _whole():
        try:
            with default_storage.open(path, "rb") as raw:
                key_id = sealed_files.key_of(_binary(raw))
                size = default_storage.size(path)
        except FileNotFoundError:
            continue
        found[key_id or PLAIN] += 1
        weight += 0 if key_id == newest else size
    return found, weight


def _whole() -> Iterator[tuple[str, str]]:
    return ((path, name) for path, name in file_shelf.stored() if not name.startswith(file_shelf.DRAFT))


def _sealed_anew(path: str, digest: str, newest: str) -> bool:
    with default_storage.open(path, "rb") as file:
        raw = _binary(file)
        key_id = sealed_files.key_of(raw)
        if key_id == newest:
            return False
        if key_id is None:
            return _first_sealed(raw, path, digest)
        sealed = sealed_files.Opened(raw, path)
        file_shelf.lay_down(path, sealed_files.sealed_pieces(io.BufferedReader(sealed), sealed.size, path))
        return True


def _first_sealed(raw: BinaryIO, path: str, digest: str) -> bool:
    """Store a plain file as one that is handed in today, let its rows name that one, then remove the plain one."""
    content = hashlib.file_digest(raw, "sha256")  # type: ignore[arg-type]
    if content.hexdigest() != digest:
        if path.endswith(f".{file_shelf.SMALL}.jpg"):  # made anew when somebody looks
            file_shelf.remove(path)
        return False
    name = sealed_files.name_of(content.digest())
    target = file_shelf.path_of(name, path.rsplit(".", 1)[-1])
    if files.has_row(digest):
        size = raw.seek(0, io.SEEK_END)
        raw.seek(0)
        file_shelf.lay_down(target, sealed_files.sealed_pieces(raw, size, target))
        with transaction.atomic():
            for table, column in files.owners():
                table._base_manager.filter(**{column: digest, "path": path}).update(**{column: name, "path": target})
    elif not files.has_row(name):
        return False  # an orphan, which is swept when it is old enough
    file_shelf.remove(path)
    return True


def _binary(file: Any) -> BinaryIO:
    return file  # type: ignore[no-any-return]


def let_go(digest: str, path: str) -> None:
    """A row has let go of a file that must be gone: removed within minutes unless another row names it, not only with the
    nightly sweep. Made old at once, it is written anew by whoever hands in the same in the meantime."""
    transaction.on_commit(partial(_made_old, path))
    remove_let_go.using(run_after=timezone.now() + A_LITTLE_LATER).enqueue(digest=digest, path=path)


@job(retries=8)
def remove_let_go(*, digest: str, path: str) -> None:
    now = timezone.now()
    if files.has_row(digest) or not files.is_old(path, now):
        return
    file_shelf.remove(path)
    file_shelf.remove(file_shelf.small_path(path))


def _made_old(path: str) -> None:
    with suppress(OSError):
        os.utime(default_storage.path(path), (1, 1))
