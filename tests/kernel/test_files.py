"""Files that people hand in: looked into, limited, kept once under their digest, served shut in."""

import base64
import io
import os
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import timezone
from PIL import Image

from tests.support.cast import Cast
from yihu.kernel import file_shelf, files
from yihu.kernel.errors import NotFound, Refused
from yihu.kernel.models import Attachment, Record

DAY = timedelta(days=1)
OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    """The digests that rows name, in place of a table."""
    named: set[str] = set()
    monkeypatch.setattr(files, "has_row", named.__contains__)
    return named


def picture(format_="JPEG", size=(1200, 900), colour=(200, 30, 30), **options) -> bytes:
    out = io.BytesIO()
    mode = "RGB" if format_ == "JPEG" else "RGBA"
    Image.new(mode, size, colour if mode == "RGB" else (*colour, 255)).save(out, format_, **options)
    return out.getvalue()


def office(part="xl/workbook.xml", *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("[Content_Types].xml", part, *more):
            package.writestr(name, "<x/>")
    return out.getvalue()


def upload(content: bytes, name: str):
    return SimpleUploadedFile(name, content)


def kept(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


GOOD = [
    (picture("JPEG"), "漏水.jpg", "image/jpeg", "jpg"),
    (picture("PNG"), "截图.png", "image/png", "png"),
    (picture("WEBP"), "照片.webp", "image/webp", "webp"),
    (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n", "报价.pdf", "application/pdf", "pdf"),
    (office("xl/workbook.xml"), "台账.xlsx", OFFICE + "spreadsheetml.sheet", "xlsx"),
    (office("word/document.xml"), "情况说明.docx", OFFICE + "wordprocessingml.document", "docx"),
    ("房号,姓名\n101,赵\n".encode("gb18030"), "名单.csv", "text/csv", "csv"),
    ("记录\r\n".encode(), "记录.txt", "text/plain", "txt"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "mime", "extension"), GOOD)
def test_what_the_office_uses_is_kept_under_its_digest(own_storage, content, name, mime, extension):
    stored = files.store_upload(upload(content, name))
    assert (stored.mime, stored.size, stored.name) == (mime, len(content), name)
    assert stored.path == f"files/{stored.sha256[:2]}/{stored.sha256}.{extension}"
    assert kept(own_storage) == [stored.path]
    assert files.read(stored.path) == content


BAD = [
    (b"", "空.jpg", "空的"),
    (b"MZ\x90\x00" + b"\x00" * 200, "发票.pdf", "不能上传"),
    (b"\x7fELF\x02" + b"\x00" * 200, "照片.jpg", "不能上传"),
    (picture()[:2000], "半张.jpg", "没有传完整"),
    (b"%PDF-1.7\nhalf", "半份.pdf", "不完整"),
    (office("anything.txt"), "资料.zip", "压缩包"),
    (office("xl/workbook.xml", "xl/vbaProject.bin"), "宏.xlsx", "宏"),
    (office()[:60], "坏.xlsx", "打不开"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧表.xls", "旧版"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 100, "IMG_1.HEIC", "HEIC"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'>\x00</svg>", "图.svg", "不能上传"),
    (bytes(range(256)) * 20, "数据.txt", "不能上传"),
    (b"GIF89a" + b"\x01\x00" * 100, "动图.gif", "不能上传"),
]


@pytest.mark.parametrize(("content", "name", "sentence"), BAD)
def test_everything_else_is_refused_with_a_sentence_and_leaves_nothing(own_storage, content, name, sentence):
    with pytest.raises(Refused, match=sentence):
        files.store_upload(upload(content, name))
    assert not own_storage.exists() or kept(own_storage) == []


def test_a_page_dressed_as_text_is_kept_as_text_and_served_shut_in():
    stored = files.store_upload(upload(b"<html><script>alert(1)</script></html>", "page.html"))
    assert (stored.mime, stored.name) == ("text/plain", "page.txt")
    response = files.download(stored)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    response.file_to_stream.close()


def test_limits(settings, own_storage):
    settings.YIHU_FILE_MB = 1
    large = b"x" * (1024 * 1024 + 1)
    with pytest.raises(Refused, match="1 MB"):
        files.store_upload(upload(large, "大.txt"))
    made = files.store_upload(upload(large, "大.txt"), ours=True)  # what the program made itself may be larger
    assert files.read(made.path) == large


@pytest.mark.parametrize("side", [6_000, 10_000, 14_000])
def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused(side):
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    with pytest.raises(Refused, match="照片太大"):
        files.store_upload(upload(out.getvalue(), "炸弹.png"))


@pytest.mark.parametrize(
    ("given", "kept_as"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\照片\\漏水.JPG", "漏水.txt"),
        ("a\x00b\u202egpj.exe", "abgpj.txt"),
        ("長" * 300 + ".txt", "長" * 116 + ".txt"),
        (".htaccess", "文件.txt"),
        ('"; rm -rf /.txt', "文件.txt"),
        ("漏水 <b>.txt", "漏水 b.txt"),
    ],
)
def test_names_are_tidied(given, kept_as):
    file = ContentFile(b"plain", name="x.txt")
    file.name = given
    stored = files.store_upload(file)
    assert stored.name == kept_as
    assert len(stored.name) <= 120


def test_the_same_bytes_are_kept_once(own_storage):
    first = files.store_upload(upload(picture(), "一.jpg"))
    with ThreadPoolExecutor(6) as pool:
        many = list(pool.map(lambda n: files.store_upload(upload(picture(), f"{n}.jpg")), range(12)))
    assert {stored.path for stored in many} == {first.path}
    assert kept(own_storage) == [first.path]
    assert files.read(first.path) == picture()


def test_an_upload_on_disk_stays_usable_after_it_was_kept():
    file = TemporaryUploadedFile("漏水.jpg", "image/jpeg", len(picture()), None)
    file.write(picture())
    file.seek(0)
    first = files.store_upload(file)
    assert files.store_upload(file) == first
    file.close()
    assert files.read(first.path) == picture()


def test_half_a_file_of_a_process_that_died_is_made_whole(own_storage):
    stored = files.store_upload(upload(picture(), "一.jpg"))
    (own_storage / stored.path).write_bytes(picture()[:100])
    files.store_upload(upload(picture(), "一.jpg"))
    assert files.read(stored.path) == picture()


@pytest.mark.parametrize("broken", ["save", "size"])
def test_a_full_disk_is_said_and_leaves_nothing_half(own_storage, monkeypatch, broken):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    if broken == "save":
        monkeypatch.setattr(default_storage, "save", full)
    else:
        monkeypatch.setattr(file_shelf, "settle", full)
        real = default_storage.size
        monkeypatch.setattr(default_storage, "size", lambda path: real(path) - 1)
    with pytest.raises(Refused, match="磁盘满了"):
        files.store_upload(upload(picture(), "一.jpg"))
    assert not own_storage.exists() or kept(own_storage) == []


def test_the_sweeper_takes_old_files_without_a_row_only(own_storage, rows):
    with_row, orphan, young = (files.store_upload(upload(f"第{n}份".encode(), f"{n}.txt")) for n in range(3))
    rows.add(with_row.sha256)
    old = time.time() - 2 * 24 * 3600
    for stored in (with_row, orphan):
        os.utime(own_storage / stored.path, (old, old))
    assert files.sweep_orphans(timezone.now()) == 1
    assert kept(own_storage) == sorted([with_row.path, young.path])
    assert files.sweep_orphans(timezone.now()) == 0


def test_an_orphan_that_comes_back_is_made_young_again(own_storage):
    stored = files.store_upload(upload(picture(), "一.jpg"))
    old = time.time() - 2 * 24 * 3600
    os.utime(own_storage / stored.path, (old, old))
    files.store_upload(upload(picture(), "一.jpg"))
    assert files.sweep_orphans(timezone.now()) == 0
    assert kept(own_storage) == [stored.path]


def test_nothing_to_sweep_is_no_error():
    assert files.sweep_orphans(timezone.now()) == 0


def test_a_thumbnail_is_small_upright_and_says_nothing_of_the_place(own_storage, rows):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010E] = "somewhere"
    stored = files.store_upload(upload(picture("JPEG", (1600, 1200), exif=exif.tobytes()), "漏水.jpg"))
    assert b"somewhere" in files.read(stored.path)
    response = files.thumbnail(stored)
    small = Image.open(io.BytesIO(response.content))
    assert (small.format, small.size) == ("JPEG", (300, 400))
    assert dict(small.getexif()) == {}
    assert b"somewhere" not in response.content
    assert "Content-Disposition" not in response
    assert files.thumbnail(stored).content == response.content
    rows.add(stored.sha256)
    assert files.sweep_orphans(timezone.now() + 2 * DAY) == 0
    rows.clear()
    assert files.sweep_orphans(timezone.now() + 2 * DAY) == 2
    assert kept(own_storage) == []


def test_a_transparent_picture_stands_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    small = Image.open(io.BytesIO(files.thumbnail(files.store_upload(upload(out.getvalue(), "空白.png"))).content))
    assert small.getpixel((25, 25)) == (255, 255, 255)


def test_a_download_keeps_its_chinese_name():
    response = files.download(files.store_upload(upload(picture(), "漏水 照片.jpg")))
    assert response["Content-Type"] == "image/jpeg"
    assert "filename*=utf-8''%E6%BC%8F%E6%B0%B4%20%E7%85%A7%E7%89%87.jpg" in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == picture()
    response.file_to_stream.close()


@pytest.mark.logs_errors
def test_a_lost_file_is_said_in_a_sentence():
    gone = SimpleNamespace(path="files/aa/gone.jpg", name="漏水.jpg", mime="image/jpeg")
    with pytest.raises(files.Unreadable, match="找不到"):
        files.download(gone)
    with pytest.raises(files.Unreadable):
        files.thumbnail(gone)
    with pytest.raises(NotFound, match="缩略图"):
        files.thumbnail(SimpleNamespace(path="files/aa/x.pdf", name="x.pdf", mime="application/pdf"))


@pytest.mark.django_db
def test_the_invariants_name_an_attachment_whose_file_is_lost_or_cut(own_storage):
    people = Cast()
    stored = files.store_upload(upload(picture(), "一.jpg"))
    record = Record.objects.create(
        number="YQ-1",
        kind="kernel.record",
        community=people.yunqi,
        state="open",
        opened_at=timezone.now(),
        opened_by=people.wang,
    )
    Attachment.objects.create(
        record=record, name=stored.name, sha256=stored.sha256, size=stored.size, mime=stored.mime, path=stored.path,
        by=people.wang, at=timezone.now(),
    )  # fmt: skip
    assert list(files.lost()) == []
    (own_storage / stored.path).write_bytes(b"half")
    [cut] = files.lost()
    assert stored.path in cut
    (own_storage / stored.path).unlink()
    assert len(list(files.lost())) == 1


# signatures -----------------------------------------------------------------------------------------------------------


def data_url(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def drawn(size=(600, 200), background=(0, 0, 0, 0)) -> Image.Image:
    image = Image.new("RGBA", size, background)
    image.paste((0, 0, 120, 255), (100, 50, 200, 90))
    return image


@pytest.mark.parametrize("background", [(0, 0, 0, 0), (255, 255, 255, 255)])
def test_a_signature_is_cropped_to_its_strokes(background):
    stored = files.store_signature(data_url(drawn(background=background)))
    assert (stored.mime, stored.name) == ("image/png", "签名.png")
    image = Image.open(io.BytesIO(files.read(stored.path)))
    assert image.size == (108, 48)
    assert image.convert("L").getpixel((1, 1)) == 255
    assert image.convert("L").getpixel((50, 20)) < 100


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "data:image/png;base64,",
        "data:image/png;base64,%%%",
        "data:text/html;base64,PGI+",
        "data:image/png;base64," + base64.b64encode(picture("JPEG")).decode(),
        data_url(Image.new("RGBA", (600, 200))),
        data_url(Image.new("RGB", (600, 200), "white")),
        data_url(drawn((4000, 200))),
        "data:image/png;base64," + "A" * 500_000,
    ],
    ids=["empty", "no bytes", "no base64", "html", "jpeg", "blank", "white", "too wide", "too long"],
)
def test_what_is_no_signature_is_refused(wrong):
    with pytest.raises(Refused, match=r"签名|照片"):
        files.store_signature(wrong)
