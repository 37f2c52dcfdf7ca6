"""Files that people hand in: sniffed, limited, stored under their own digest, served as attachments.

The bytes are written before the row that names them. A row that is then rolled back leaves a file without a row, which
is harmless and swept away after a day; a row without its file cannot come about.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.utils import timezone

from yihu.basics.text import clean_line
from yihu.kernel import pictures
from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.sniffing import ALLOWED, IMAGES, sniff

logger = logging.getLogger(__name__)

FOLDER = "files"
SMALL = "small"
KEPT_WITHOUT_ROW = timedelta(days=1)
LONGEST_NAME = 120
_FULL = "文件没有保存下来：服务器的磁盘满了或写不进去。请稍后再试，并告诉管理员。"

# which columns hold digests of stored files; what none of them names is an orphan
_owners: list[tuple[str, str]] = [("kernel.Attachment", "sha256")]


@dataclass(frozen=True)
class StoredFile:
    """What the row needs to know of a stored file."""

    sha256: str
    size: int
    mime: str
    name: str
    path: str


def max_bytes() -> int:
    return int(getattr(settings, "YIHU_FILE_MB", 10)) * 1024 * 1024


def owned_by(model: str, column: str = "sha256") -> None:
    """Tell that ``column`` of ``model`` holds digests of stored files; ``path`` and ``size`` stand beside it."""
    if (model, column) not in _owners:
        _owners.append((model, column))


def store_upload(upload: File[bytes]) -> StoredFile:
    """Check and keep a file that somebody chose; Refused with a sentence if it is not to be kept."""
    name = PurePath((upload.name or "").replace("\\", "/")).name
    digest, size = _measure(upload)
    if not size:
        raise Refused("文件是空的，请重新选择。")
    stream: Any = upload.file if upload.file is not None else upload
    mime = sniff(stream, name)
    path = _path(digest, ALLOWED[mime])
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
    """The file as an attachment: never a page of ours, whatever is in it."""
    response = FileResponse(_opened(attachment.path), as_attachment=True, filename=attachment.name)
    response["Content-Type"] = attachment.mime if attachment.mime in ALLOWED else "application/octet-stream"
    _shut_in(response)
    return response


def thumbnail(attachment: Any) -> HttpResponse:
    """A small upright JPEG of a picture, without what the camera wrote into it; made once, shown in the page."""
    if attachment.mime not in IMAGES:
        raise NotFound("这个文件没有缩略图，请下载查看。")
    path = f"{attachment.path.rsplit('.', 1)[0]}.{SMALL}.jpg"
    try:
        content = read(path) if default_storage.exists(path) else b""
    except NotFound:
        content = b""
    if not content:
        with _opened(attachment.path) as file:
            content = pictures.small_jpeg(file, attachment.mime)
        _keep(path, io.BytesIO(content), len(content))
    response = HttpResponse(content, content_type="image/jpeg")
    _shut_in(response)
    return response


def sweep_orphans(now: datetime) -> int:
    """Remove files that no row names and that are older than a day; gives how many."""
    removed = 0
    for folder in _folders():
        for path, digest in _files_in(folder):
            if _old(path, now) and not _has_row(digest) and _old(path, now):
                _remove(path)
                removed += 1
    return removed


def lost(limit: int = 20) -> Iterator[str]:
    """Rows whose file is gone or cut short, one sentence each."""
    found = 0
    for model, _ in _owners:
        table = apps.get_model(model)
        for pk, path, size in table._base_manager.values_list("pk", "path", "size").iterator(2000):
            if not default_storage.exists(path) or default_storage.size(path) != size:
                yield f"{table._meta.verbose_name} {pk} 的文件 {path} 不在了，或不完整"
                if (found := found + 1) >= limit:
                    return


def _measure(upload: File[bytes]) -> tuple[str, int]:
    digest, size, limit = hashlib.sha256(), 0, max_bytes()
    upload.seek(0)
    for chunk in upload.chunks():
        size += len(chunk)
        if size > limit:
            raise Refused(f"文件超过 {limit // 1024 // 1024} MB，请压缩或拆开后再上传。")
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest(), size


def _path(digest: str, extension: str) -> str:
    return f"{FOLDER}/{digest[:2]}/{digest}.{extension}"


def _keep(path: str, content: BinaryIO, size: int) -> None:
    try:
        if _kept(path, size):
            return
        if default_storage.exists(path):
            default_storage.delete(path)  # half a file of a process that died, or an orphan about to be swept
        content.seek(0)
        name = default_storage.save(path, File(content))
        if name != path:
            default_storage.delete(name)  # somebody was faster with the same bytes
        _settle(path)
    except OSError as error:
        logger.warning("a file could not be stored: %s", error)
        _remove(path, unless_whole=size)
        raise Refused(_FULL) from error


def _kept(path: str, size: int) -> bool:
    """Whether the whole file lies there and will stay: named by a row, or too young to be swept for hours."""
    try:
        if not default_storage.exists(path) or default_storage.size(path) != size:
            return False
        young = default_storage.get_modified_time(path) > timezone.now() - KEPT_WITHOUT_ROW / 2
    except FileNotFoundError:
        return False
    return young or _has_row(_digest_of(path))


def _settle(path: str) -> None:
    """On a local disk, wait until the bytes are really there: what is acknowledged outlives a power cut."""
    try:
        local = default_storage.path(path)
    except NotImplementedError:
        return
    for place in (local, Path(local).parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(path: str, unless_whole: int = -1) -> None:
    try:
        if default_storage.exists(path) and default_storage.size(path) != unless_whole:
            default_storage.delete(path)
    except OSError as error:
        logger.warning("a file could not be removed: %s", error)


def _opened(path: str) -> BinaryIO:
    try:
        file: Any = default_storage.open(path, "rb")
    except FileNotFoundError as error:
        logger.error("the stored file %s is gone", path)
        raise NotFound("这个文件在服务器上找不到了，请告诉管理员从备份里恢复。") from error
    return file  # type: ignore[no-any-return]


def _shut_in(response: HttpResponse | FileResponse) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"


def _tidy_name(name: str, extension: str) -> str:
    stem = clean_line(unicodedata.normalize("NFC", name), 4 * LONGEST_NAME, cut=True).rsplit(".", 1)[0]
    stem = "".join(letter for letter in stem if letter not in '<>:"/\\|?*').strip(" .")
    return f"{(stem or '文件')[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def _folders() -> Iterator[str]:
    try:
        folders, _ = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    yield from (f"{FOLDER}/{folder}" for folder in sorted(folders) if len(folder) == 2)


def _files_in(folder: str) -> Iterator[tuple[str, str]]:
    _, names = default_storage.listdir(folder)
    for name in names:
        yield f"{folder}/{name}", _digest_of(name)


def _digest_of(path: str) -> str:
    return path.rsplit("/", 1)[-1].split(".", 1)[0].split("_", 1)[0]


def _old(path: str, now: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < now - KEPT_WITHOUT_ROW
    except FileNotFoundError:
        return False


def _has_row(digest: str) -> bool:
    return any(apps.get_model(model)._base_manager.filter(**{column: digest}).exists() for model, column in _owners)
