"""Files that people hand in: sniffed, limited, encrypted, stored once by content, served as attachments.

Any of them may be personal, so each is sealed (``sealed_files``) and named by a keyed digest, which tells nobody what is
in it. The bytes are written before the row that names them. A row that is then rolled back leaves a file without a row,
which is harmless and swept away after a day; a row without its file cannot come about.
"""

from __future__ import annotations

import hashlib
import io
import logging
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.utils import timezone

from yihu.basics.text import clean_line
from yihu.kernel import file_shelf, pictures, sealed_files
from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.sealing import Broken
from yihu.kernel.sniffing import ALLOWED, IMAGES, sniff

logger = logging.getLogger(__name__)

KEPT_WITHOUT_ROW = timedelta(days=1)
LONGEST_NAME = 120
_FULL = "文件没有保存下来：服务器的磁盘满了或写不进去。请稍后再试，并告诉管理员。"

_BROKEN = "这个文件打不开：它被截断或改动过，或密钥不在。请告诉管理员从备份里恢复。"


class Unreadable(Refused):
    """The row is there, and its file is gone or not whole. Said to whoever may see the row."""

    status = 410


# which columns hold the names of stored files; what none of them names is an orphan
_owners: list[tuple[str, str]] = [
    ("kernel.Attachment", "sha256"), ("kernel.IssuedCopy", "sha256"), ("kernel.LockedFile", "sha256"),
]  # fmt: skip


@dataclass(frozen=True)
class StoredFile:
    """What the row needs to know of a stored file. ``sha256`` is keyed: without the keys it says nothing of the content."""

    sha256: str
    size: int
    mime: str
    name: str
    path: str


def max_bytes() -> int:
    return int(getattr(settings, "YIHU_FILE_MB", 10)) * 1024 * 1024


def owned_by(model: str, column: str = "sha256") -> None:
    """Tell that ``column`` of ``model`` holds names of stored files; ``path`` and ``size`` stand beside it."""
    if (model, column) not in _owners:
        _owners.append((model, column))


def owners() -> Iterator[tuple[Any, str]]:
    """The tables that name stored files, with the column that does."""
    yield from ((apps.get_model(model), column) for model, column in _owners)


def store_upload(upload: File[bytes], *, ours: bool = False) -> StoredFile:
    """Check and keep a file that somebody chose; Refused with a sentence if it is not to be kept. ``ours``: the program
    made it (a batch of sheets), so it may be larger than what people hand in."""
    name = PurePath((upload.name or "").replace("\\", "/")).name
    content_digest, size = _measure(upload, None if ours else max_bytes())
    if not size:
        raise Refused("文件是空的，请重新选择。")
    stream: Any = upload.file if upload.file is not None else upload
    mime = sniff(stream, name)
    digest = sealed_files.name_of(content_digest)
    path = file_shelf.path_of(digest, ALLOWED[mime])
    _keep(path, stream, size)
    return StoredFile(digest, size, mime, _tidy_name(name, ALLOWED[mime]), path)


def store_signature(data_url: str) -> StoredFile:
    """Keep a signature drawn on the screen, given as a PNG data URL."""
    return store_upload(ContentFile(pictures.signature_png(data_url), name="签名.png"))


def read(path: str) -> bytes:
    """The bytes of a stored file, for a sheet."""
    with _opened(path) as file:
        return file.read()


def download(attachment: Any) -> FileResponse:
    """The file as an attachment: never a page of ours, whatever is in it; nothing at all of one that is broken."""
    response = FileResponse(_opened(attachment.path), as_attachment=True, filename=attachment.name)
    response["Content-Type"] = attachment.mime if attachment.mime in ALLOWED else "application/octet-stream"
    _shut_in(response)
    return response


def thumbnail(attachment: Any) -> HttpResponse:
    """A small upright JPEG of a picture, without what the camera wrote into it; made once, shown in the page."""
    if attachment.mime not in IMAGES:
        raise NotFound("这个文件没有缩略图，请下载查看。")
    path = file_shelf.small_path(attachment.path)
    try:
        with file_shelf.opened(path) as file:
            content = file.read()
    except (FileNotFoundError, Broken):
        with _opened(attachment.path) as file:
            content = pictures.small_jpeg(file, attachment.mime)
        _keep(path, io.BytesIO(content), len(content))
    response = HttpResponse(content, content_type="image/jpeg")
    _shut_in(response)
    return response


def sweep_orphans(now: datetime) -> int:
    """Remove files that no row names and that are older than a day; gives how many."""
    removed = 0
    for path, digest in file_shelf.stored():
        if is_old(path, now) and not has_row(digest) and is_old(path, now):
            file_shelf.remove(path)
            removed += 1
    return removed


def lost(limit: int = 20) -> Iterator[str]:
    """Rows whose file is gone, cut or changed, one sentence each. Every file is read through."""
    found, whole = 0, set()
    for table, _ in owners():
        for pk, path, size in table._base_manager.values_list("pk", "path", "size").iterator(2000):
            if (path, size) in whole:  # a batch is one file of many rows
                continue
            if not (fault := _fault(path, size)):
                whole.add((path, size))
            else:
                yield f"{table._meta.verbose_name} {pk} 的文件 {path} {fault}"
                if (found := found + 1) >= limit:
                    return


def orphans(now: datetime, limit: int = 20) -> Iterator[str]:
    """Files that no row names although the nightly sweep should have taken them, one sentence each."""
    found = 0
    for path, digest in file_shelf.stored():
        if is_old(path, now - KEPT_WITHOUT_ROW) and not has_row(digest):
            yield f"文件 {path} 没有登记，两天了还没有清掉"
            if (found := found + 1) >= limit:
                return


def _fault(path: str, size: int) -> str:
    try:
        with file_shelf.opened(path) as file:
            whole = file.seek(0, io.SEEK_END) == size
    except FileNotFoundError:
        return "不在了"
    except Broken:
        return "不完整或被改动过，或密钥不在"
    return "" if whole else "与登记的大小不符"


def _measure(upload: File[bytes], limit: int | None) -> tuple[bytes, int]:
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    for chunk in upload.chunks():
        size += len(chunk)
        if limit is not None and size > limit:
            raise Refused(f"文件超过 {limit // 1024 // 1024} MB，请压缩或拆开后再上传。")
        digest.update(chunk)
    upload.seek(0)
    return digest.digest(), size


def _keep(path: str, content: BinaryIO, size: int) -> None:
    try:
        if not _kept(path, size):
            content.seek(0)
            file_shelf.lay_down(path, sealed_files.sealed_pieces(content, size, path))
    except OSError as error:
        logger.warning("a file could not be stored: %s", error)
        raise Refused(_FULL) from error


def _kept(path: str, size: int) -> bool:
    """Whether the whole file lies there and will stay: named by a row, or too young to be swept for hours."""
    try:
        if default_storage.size(path) != sealed_files.sealed_size(size):
            return False
        young = default_storage.get_modified_time(path) > timezone.now() - KEPT_WITHOUT_ROW / 2
        file_shelf.opened(path).close()
    except (FileNotFoundError, Broken):
        return False
    return young or has_row(file_shelf.digest_of(path))


def _opened(path: str) -> BinaryIO:
    try:
        return file_shelf.opened(path)
    except FileNotFoundError as error:
        logger.error("the stored file %s is gone", path)
        raise Unreadable("这个文件在服务器上找不到了，请告诉管理员从备份里恢复。") from error
    except Broken as error:
        logger.error("a stored file does not open: %s", error)
        raise Unreadable(_BROKEN) from error


def _shut_in(response: HttpResponse | FileResponse) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"


def _tidy_name(name: str, extension: str) -> str:
    stem = clean_line(unicodedata.normalize("NFC", name), 4 * LONGEST_NAME, cut=True).rsplit(".", 1)[0]
    stem = "".join(letter for letter in stem if letter not in '<>:"/\\|?*').strip(" .")
    return f"{(stem or '文件')[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def is_old(path: str, now: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < now - KEPT_WITHOUT_ROW
    except FileNotFoundError:
        return False


def has_row(digest: str) -> bool:
    return any(table._base_manager.filter(**{column: digest}).exists() for table, column in owners())
