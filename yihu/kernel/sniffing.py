"""What an uploaded file really is: its bytes are asked, never its name."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO

import filetype
from PIL import Image, UnidentifiedImageError

from yihu.kernel.errors import Refused

ALLOWED = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/csv": "csv",
    "text/plain": "txt",
}
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# a photograph is decoded at an eighth of its size, the others whole
MOST_PIXELS = {"image/jpeg": 60_000_000, "image/png": 30_000_000, "image/webp": 30_000_000}
_OFFICE = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_HEAD = 8192
_MAX_UNZIPPED = 200 * 1024 * 1024
_MAX_PARTS = 5000

WANTED = "可以上传照片（JPG、PNG、WebP）、PDF、Excel（xlsx）、Word（docx）和文本（txt、csv）。"
APPLE = "这是苹果手机的 HEIC 照片，电脑上多半打不开。请在手机“设置－相机－格式”里选“兼容性最佳”，或转成 JPG 再上传。"
OLD_OFFICE = "这是旧版 Office 文件（doc、xls）。请用 Word 或 WPS 另存为 docx、xlsx 再上传。"


def sniff(file: BinaryIO, name: str) -> str:
    """The media type of an allowed, whole file; anything else is Refused with a sentence."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    kind = filetype.guess(head)
    mime = kind.mime if kind else ""
    if mime in ("image/heic", "image/heif", "image/avif"):
        raise Refused(APPLE)
    if mime in IMAGES:
        check_image(file, mime)
        return mime
    if b"%PDF-" in head[:1024]:
        return _pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(OLD_OFFICE)
    if not mime and _is_text(file):
        return "text/csv" if name.lower().endswith(".csv") else "text/plain"
    raise Refused(f"不能上传这种文件。{WANTED}")


def check_image(file: BinaryIO, mime: str) -> tuple[int, int]:
    """Open and decode a picture within limits; gives its size in pixels."""
    limit = MOST_PIXELS[mime]
    too_big = f"照片太大，请缩小到 {limit // 10_000} 万像素以内再上传。"
    try:
        file.seek(0)
        with Image.open(file, formats=[IMAGES[mime]]) as picture:
            width, height = picture.size
            if width * height > limit:
                raise Refused(too_big)
            # a small decode walks through the whole file: half a photograph is found now, not when it is looked at
            picture.draft("RGB", (width // 8 or 1, height // 8 or 1))
            picture.load()
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(too_big) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        raise Refused("照片打不开，可能没有传完整。请重新拍摄或重新选择。") from error
    finally:
        file.seek(0)
    return width, height


def _pdf(file: BinaryIO) -> str:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2048))
    whole = b"%%EOF" in file.read()
    file.seek(0)
    if not whole:
        raise Refused("PDF 文件不完整，请重新导出或重新扫描后再上传。")
    return "application/pdf"


def _office(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("文件打不开，可能没有传完整。请重新选择。") from error
    finally:
        file.seek(0)
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNZIPPED:
        raise Refused("文件展开后太大，请拆成几个小一些的文件。")
    for part, extension in _OFFICE.items():
        if part in names and "[Content_Types].xml" in names:
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Refused("文件里带有宏，不能上传。请另存为不带宏的 xlsx 或 docx。")
            return next(mime for mime, known in ALLOWED.items() if known == extension)
    raise Refused(f"不能上传压缩包。{WANTED}")


def _is_text(file: BinaryIO) -> bool:
    file.seek(0)
    content = file.read()
    file.seek(0)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
    return False
