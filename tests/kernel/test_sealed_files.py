"""Files under lock: encrypted at rest, named without telling, refused when touched, read in pieces."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import timezone

from tests.kernel.test_files import kept, picture
from tests.support.doing import log_contact, photo
from yihu.kernel import file_shelf, files, keys, sealed_files
from yihu.kernel.doors import perform
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Attachment

PIECE = sealed_files.PIECE
WORDS = "赵业主的身份证复印件".encode()


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def text(size: int) -> bytes:
    return (WORDS * (size // len(WORDS) + 1))[: size - size % len(WORDS) or len(WORDS)]


def store(content: bytes, name: str = "证件.txt") -> files.StoredFile:
    return files.store_upload(SimpleUploadedFile(name, content))


def served(stored: Any) -> bytes:
    return b"".join(files.download(stored).streaming_content)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [30, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_lies_on_the_disk_tells_nothing_and_comes_back_as_it_was(own_storage: Path, size: int) -> None:
    content = b"a" * size
    stored = store(content)
    [path] = kept(own_storage)
    raw = (own_storage / path).read_bytes()
    assert b"aaaa" not in raw
    assert len(raw) == sealed_files.sealed_size(size)
    assert sealed_files.clear_size(len(raw)) == stored.size == size
    assert hashlib.sha256(content).hexdigest() not in (path, stored.sha256)  # the name confirms no guess at the content
    assert files.read(stored.path) == served(stored) == content


def test_a_part_in_the_middle_can_be_read() -> None:
    content = bytes(range(33, 123)) * 3000
    stored = store(content)
    with file_shelf.opened(stored.path) as file:
        for start in (0, PIECE - 3, 2 * PIECE, len(content) - 5):
            file.seek(start)
            assert file.read(10) == content[start : start + 10]


def test_the_same_content_is_kept_once_under_whatever_key(own_storage: Path, settings: Any, tmp_path: Path) -> None:
    held = vars(keys._held).copy()
    settings.YIHU_DATA, keys._held.keyring = tmp_path, None
    try:
        first = store(WORDS)
        keys.add_key()
        assert store(WORDS).path == first.path
        assert kept(own_storage) == [first.path]
        assert files.read(first.path) == WORDS
    finally:
        vars(keys._held).update(held)


def change_a_letter(raw: bytes) -> bytes:
    return raw[:-100] + bytes([raw[-100] ^ 1]) + raw[-99:]


TOUCHED = {
    "a letter changed": change_a_letter,
    "the head changed": lambda raw: raw[:30] + bytes([raw[30] ^ 1]) + raw[31:],
    "the last piece gone": lambda raw: raw[: sealed_files.HEADER + 2 * (PIECE + 16)],
    "cut in a piece": lambda raw: raw[:-7],
    "only the head": lambda raw: raw[:20],
    "nothing left": lambda raw: b"",
    "lengthened": lambda raw: raw + b"x",
    "two pieces changed about": lambda raw: (
        raw[:56] + raw[56 + PIECE + 16 : 56 + 2 * (PIECE + 16)] + raw[56 : 56 + PIECE + 16] + raw[56 + 2 * (PIECE + 16) :]
    ),
    "a plain file in its place": lambda raw: WORDS,
}  # fmt: skip


@pytest.mark.logs_errors
@pytest.mark.parametrize("how", TOUCHED)
def test_a_file_that_was_touched_is_refused_before_a_byte_of_it_goes_out(own_storage: Path, how: str) -> None:
    stored = store(text(2 * PIECE + 900))
    place = own_storage / stored.path
    place.write_bytes(TOUCHED[how](place.read_bytes()))
    with pytest.raises(files.Unreadable, match="截断或改动过"):
        files.download(stored)
    with pytest.raises(files.Unreadable, match="备份"):
        files.read(stored.path)
    # handed in again, it is whole again
    assert store(text(2 * PIECE + 900)).path == stored.path
    assert files.read(stored.path) == text(2 * PIECE + 900)


@pytest.mark.logs_errors
def test_one_persons_file_does_not_open_in_anothers_place(own_storage: Path) -> None:
    one, other = store(b"one" * 50), store(b"two" * 50)
    (own_storage / one.path).write_bytes((own_storage / other.path).read_bytes())
    with pytest.raises(files.Unreadable):
        files.read(one.path)


def test_a_thumbnail_is_sealed_too_and_made_anew_when_it_is_broken(own_storage: Path) -> None:
    stored = store(picture(), "现场.jpg")
    first = files.thumbnail(stored).content
    small = own_storage / file_shelf.small_path(stored.path)
    assert small.read_bytes().startswith(sealed_files.MARK)
    small.write_bytes(first)  # as it lay there before files were sealed
    assert files.thumbnail(stored).content == first
    assert small.read_bytes().startswith(sealed_files.MARK)


def test_a_file_of_the_time_before_is_still_read_and_a_false_one_is_not(own_storage: Path) -> None:
    path = f"files/{hashlib.sha256(WORDS).hexdigest()[:2]}/{hashlib.sha256(WORDS).hexdigest()}.txt"
    (own_storage / path).parent.mkdir(parents=True)
    (own_storage / path).write_bytes(WORDS)
    old = SimpleNamespace(path=path, name="旧.txt", mime="text/plain")
    assert files.read(path) == served(old) == WORDS


def test_a_process_that_died_leaves_a_draft_that_is_swept(own_storage: Path, db: None) -> None:
    def dies() -> Any:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        file_shelf.lay_down("files/aa/aa11.txt", dies())
    [draft] = kept(own_storage)
    assert "draft-" in draft
    assert files.sweep_orphans(timezone.now()) == 0
    assert files.sweep_orphans(timezone.now() + timedelta(days=2)) == 1
    assert kept(own_storage) == []


@pytest.mark.once
def test_a_long_file_needs_little_memory(settings: Any) -> None:
    settings.YIHU_FILE_MB = 30
    upload = TemporaryUploadedFile("图纸.pdf", "application/pdf", 0, None)
    upload.write(b"%PDF-1.7\n" + b"\x01\x02\x03" * 8_000_000 + b"\n%%EOF\n")
    upload.seek(0)
    tracemalloc.start()
    try:
        stored = files.store_upload(upload)
        assert sum(len(some) for some in files.download(stored).streaming_content) == stored.size > 24_000_000  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
    upload.close()


@pytest.mark.logs_errors
@pytest.mark.django_db
def test_the_page_says_that_a_file_is_broken_and_the_invariants_name_it(
    cast: Any, sign_in: Any, own_storage: Path
) -> None:
    contact = log_contact(cast)
    perform(contact, "attach", by=cast.wang, data={}, files={"attachments": [photo()]})
    row = Attachment.objects.get()
    client = sign_in(cast.wang)
    assert client.get(f"/files/{row.pk}/").status_code == 200
    place = own_storage / row.path
    place.write_bytes(change_a_letter(place.read_bytes()))
    for page in (f"/files/{row.pk}/", f"/files/{row.pk}/thumb/"):
        answer = client.get(page)
        assert answer.status_code == 410
        assert "截断或改动过" in answer.content.decode()
    [fault] = [fault for result in check_all() if result.name == "files.whole" for fault in result.faults]
    assert row.path in fault
    assert io.BytesIO(place.read_bytes()).read(8) == sealed_files.MARK
