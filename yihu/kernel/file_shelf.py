"""Where files lie: each under its name, written whole or not at all, opened only when all of it proves whole."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage

from yihu.kernel import sealed_files
from yihu.kernel.sealing import Broken

logger = logging.getLogger(__name__)

FOLDER = "files"
SMALL, DRAFT = "small", "draft-"


def path_of(digest: str, extension: str) -> str:
    return f"{FOLDER}/{digest[:2]}/{digest}.{extension}"


def small_path(path: str) -> str:
    return f"{path.rsplit('.', 1)[0]}.{SMALL}.jpg"


def stored() -> Iterator[tuple[str, str]]:
    """Every file that lies there, with the name by which a row would know it."""
    for folder in _folders():
        yield from _files_in(folder)


def lay_down(path: str, pieces: Iterator[bytes]) -> None:
    """Write a file whole or not at all: a draft first, which takes the place at once. A draft that is left is swept."""
    draft = default_storage.save(f"{path.rsplit('/', 1)[0]}/{DRAFT}{secrets.token_hex(8)}", _Pieces(pieces))
    try:
        place = Path(default_storage.path(path))
        settle(Path(default_storage.path(draft)))
        Path(default_storage.path(draft)).replace(place)
        settle(place.parent)
    except BaseException:
        remove(draft)
        raise


class _Pieces(File):  # type: ignore[type-arg]
    """What the storage writes, piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__(None)
        self._pieces = pieces

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self._pieces


def settle(place: Path) -> None:
    """Wait until it is really on the disk: what is acknowledged outlives a power cut."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: str) -> None:
    try:
        default_storage.delete(path)
    except OSError as error:
        logger.warning("a file could not be removed: %s", error)


def opened(path: str) -> BinaryIO:
    """The bytes that were handed in, once all of them have proved whole; FileNotFoundError or Broken."""
    raw: Any = default_storage.open(path, "rb")
    try:
        if sealed_files.key_of(raw) is None:
            _check_plain(raw, path)
            return raw  # type: ignore[no-any-return]
        sealed = sealed_files.Opened(raw, path)
        sealed.check()
    except BaseException:
        raw.close()
        raise
    return io.BufferedReader(sealed, sealed_files.PIECE)


def _check_plain(raw: BinaryIO, path: str) -> None:
    """A file of the time before files were sealed lies under the digest of its content. Nothing else is taken for one."""
    if hashlib.file_digest(raw, "sha256").hexdigest() != digest_of(path):  # type: ignore[arg-type]
        raise Broken(f"{path} is not what was stored")
    raw.seek(0)


def _folders() -> Iterator[str]:
    try:
        folders, _ = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    yield from (f"{FOLDER}/{folder}" for folder in sorted(folders) if len(folder) == 2)


def _files_in(folder: str) -> Iterator[tuple[str, str]]:
    _, names = default_storage.listdir(folder)
    for name in names:
        yield f"{folder}/{name}", digest_of(name)


def digest_of(path: str) -> str:
    return path.rsplit("/", 1)[-1].split(".", 1)[0].split("_", 1)[0]
