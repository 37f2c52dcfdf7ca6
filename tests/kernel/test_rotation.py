"""Keys turned over: while the desk works, across kill -9, and an old key put away only when nothing needs it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from tests.kernel.test_workers import database_url
from tests.support.doing import log_contact, photo
from tests.support.messy_roll import small_roll, upload
from yihu.ground.estate.models import Party, RollImport
from yihu.ground.papers.models import Paper, Scan
from yihu.kernel import file_keeping, file_shelf, files, keys, personal_keeping, sealed_files
from yihu.kernel.doors import open_record, perform
from yihu.kernel.importing import staging
from yihu.kernel.invariants import check_all
from yihu.kernel.models import Attachment
from yihu.kernel.personal import match

MANY = 60


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own, as an installation has, and the old keys again afterwards."""
    held = vars(keys._held).copy()
    settings.YIHU_DATA, settings.MEDIA_ROOT, keys._held.keyring = tmp_path, tmp_path / "files", None
    yield tmp_path
    vars(keys._held).update(held)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no other process that would have to notice a new key."""
    monkeypatch.setattr("yihu.kernel.management.commands.rotate_keys._NOTICED", 0.0)


def rotate(*options: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *options, stdout=out, stderr=out)
    return out.getvalue()


def people(cast: Any, count: int) -> list[str]:
    numbers = [f"1380013{8100 + n}" for n in range(count)]
    Party.objects.bulk_create(
        [Party(community=cast.yunqi, name=f"业主{n}", phone=phone) for n, phone in enumerate(numbers)]
    )
    return numbers


def scans(cast: Any, count: int) -> list[bytes]:
    paper = Paper.objects.create(
        community=cast.yunqi,
        unit=cast.home,
        kind="identity",
        title="身份证",
        filed_at=timezone.now(),
        filed_by=cast.wang,
    )
    contents = [f"第{n}页".encode() * 50 for n in range(count)]
    for content in contents:
        stored = files.store_upload(SimpleUploadedFile("页.txt", content))
        Scan.objects.create(paper=paper, by=cast.wang, at=timezone.now(), **vars(stored))
    return contents


def lay_plain(content: bytes, rows: Any) -> str:
    """A file and its rows as they were before files were sealed."""
    digest = hashlib.sha256(content).hexdigest()
    path = f"files/{digest[:2]}/{digest}.png"
    place = Path(django_settings.MEDIA_ROOT) / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    place.with_name(f"{digest}.small.jpg").write_bytes(b"\xff\xd8 a plain thumbnail")
    rows.update(sha256=digest, path=path)
    return path


def faults() -> list[str]:
    return [fault for result in check_all() for fault in result.faults]


@pytest.mark.django_db
def test_everything_that_is_sealed_is_sealed_anew_and_the_old_key_put_away(
    cast: Any, own_folder: Path, quick: None
) -> None:
    numbers, contents = people(cast, 5), scans(cast, 3)
    contact = log_contact(cast)
    perform(contact, "attach", by=cast.wang, data={}, files={"attachments": [photo()]})
    files.thumbnail(Attachment.objects.get())
    roll = open_record(
        RollImport(community=cast.yunqi), by=cast.li, data={}, files={"import_file": upload(small_roll())}
    )
    before = staging.kept_file(roll)
    old = keys.keyring().newest

    said = rotate("--dry-run")
    assert f"密钥 {old}（最新）" in said
    assert "文件 5 个" in said
    assert "要重新加密：个人信息 0 条，文件 0 个" in said
    assert keys.keyring(fresh=True).newest == old

    newest = (rotate("--new-key"), keys.keyring(fresh=True).newest)[1]
    assert newest != old
    assert set(+personal_keeping.keys_in_use()) == {newest}
    assert set(file_keeping.keys_in_use()[0]) == {newest}

    assert f"已停用旧密钥 {old}" in rotate("--retire")
    assert json.loads((own_folder / "keys" / "personal.json").read_text())["data"][0][0] == newest
    assert json.loads((own_folder / "keys" / "retired.json").read_text())["data"][0][0] == old
    assert (own_folder / "keys" / "retired.json").stat().st_mode & 0o077 == 0
    assert [party.phone for party in Party.objects.filter(name__startswith="业主").order_by("pk")] == numbers
    assert Party.objects.filter(match(Party, "phone", numbers[3])).count() == 1
    assert [files.read(scan.path) for scan in Scan.objects.order_by("pk")] == contents
    assert staging.kept_file(roll) == before
    assert faults() == []


@pytest.mark.django_db
def test_files_of_the_time_before_are_sealed_at_the_next_rotation_and_none_is_left_plain(
    cast: Any, own_folder: Path, quick: None
) -> None:
    for n in range(2):  # two records, one content
        perform(
            log_contact(cast, content=f"漏水{n}"), "attach", by=cast.wang, data={}, files={"attachments": [photo()]}
        )
    content = files.read(Attachment.objects.latest("pk").path)
    for stored, _ in list(file_shelf.stored()):
        file_shelf.remove(stored)
    path = lay_plain(content, Attachment.objects)
    assert "还没有加密：文件 2 个" in rotate("--dry-run")  # with its thumbnail
    assert files.read(path) == content
    rotate()
    assert not (own_folder / "files" / path).exists()
    assert {row.path for row in Attachment.objects.all()} == {stored for stored, _ in file_shelf.stored()}
    assert {files.read(row.path) for row in Attachment.objects.all()} == {content}
    assert all(place.read_bytes().startswith(sealed_files.MARK) for place in (own_folder / "files").rglob("*.*"))
    assert faults() == []


@pytest.mark.django_db
def test_a_run_that_died_between_file_and_row_leaves_nothing_behind(cast: Any, own_folder: Path, quick: None) -> None:
    perform(log_contact(cast), "attach", by=cast.wang, data={}, files={"attachments": [photo()]})
    content = files.read(Attachment.objects.get().path)
    sealed = vars(Attachment.objects.get()).copy()
    path = lay_plain(content, Attachment.objects)
    # the rows name the sealed one, and the plain one was still to be removed
    Attachment.objects.update(sha256=sealed["sha256"], path=sealed["path"])
    rotate()
    assert not (own_folder / "files" / path).exists()
    assert [stored for stored, _ in file_shelf.stored()] == [sealed["path"]]


@pytest.mark.django_db
def test_a_key_that_something_still_needs_is_not_put_away(cast: Any, quick: None) -> None:
    people(cast, 2)
    old = keys.keyring().newest
    party = Party.objects.earliest("pk")
    broken = personal_keeping.sealed_columns()
    column = next(one for one in broken if one.model is Party and one.name == "phone")
    token = column.rows.get(pk=party.pk).token
    column.rows.filter(pk=party.pk).update(phone=column.stored(f"{token[:-1]}{'0' if token[-1] != '0' else '1'}"))
    said = rotate("--new-key", "--retire")
    assert f"旧密钥 {old} 还用在 1 条" in said
    assert old in keys.keyring(fresh=True).ciphers
    assert "无法解读" in said


@pytest.mark.django_db
def test_what_a_long_transaction_wrote_with_the_old_key_brings_it_back(
    cast: Any, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(cast, 2)
    old = keys.keyring().newest
    late = {}
    column = next(one for one in personal_keeping.sealed_columns() if one.model is Party and one.name == "phone")
    first = column.rows.earliest("pk")
    late[first.pk] = first.token
    rotate("--new-key")
    put_away = keys.put_away

    def committed_just_now(key_ids: Any) -> None:
        put_away(key_ids)
        column.rows.filter(pk=first.pk).update(phone=column.stored(late[first.pk]))

    monkeypatch.setattr(keys, "put_away", committed_just_now)
    with pytest.raises(Exception, match="已经放回"):
        rotate("--retire")
    monkeypatch.undo()
    assert old in keys.keyring(fresh=True).ciphers
    assert Party.objects.get(pk=first.pk).phone == "13800138100"
    assert f"已停用旧密钥 {old}" in rotate("--retire")
    assert Party.objects.get(pk=first.pk).phone == "13800138100"


def process(folder: Path, *options: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ, "YIHU_DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "yihu.config.settings",
        "PYTHONPATH": str(django_settings.BASE_DIR), "YIHU_DATA": str(folder),
    }  # fmt: skip
    argv = [sys.executable, "-u", "-m", "django", "rotate_keys", *options]
    return subprocess.Popen(argv, env=environment, cwd=django_settings.BASE_DIR, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("killed_in", ["estate_party.phone", "文件"])
@pytest.mark.django_db(transaction=True)
def test_kill_9_in_the_middle_loses_nothing_and_the_desk_works_on(cast: Any, own_folder: Path, killed_in: str) -> None:
    numbers, contents = people(cast, MANY), scans(cast, MANY)
    old = keys.keyring().newest
    work = process(own_folder, "--new-key", "--chunk", "1")
    assert work.stdout is not None
    for line in work.stdout:
        if line.startswith(killed_in):
            break
    os.kill(work.pid, signal.SIGKILL)
    work.wait(20)
    newest = keys.keyring(fresh=True).newest
    assert newest != old
    values, stored = personal_keeping.keys_in_use(), file_keeping.keys_in_use()[0]
    assert (values if killed_in != "文件" else stored)[old] > 0  # it was in the middle
    # half is sealed with one key, half with the other: everything is read and found, and what is written goes on top
    assert [party.phone for party in Party.objects.order_by("pk")] == numbers
    assert Party.objects.filter(match(Party, "phone", numbers[-1])).count() == 1
    assert [files.read(scan.path) for scan in Scan.objects.order_by("pk")] == contents
    Party.objects.create(community=cast.yunqi, name="新业主", phone="13900139001")
    assert personal_keeping.keys_in_use()[newest] == values[newest] + 1

    again = process(own_folder, "--chunk", "7")
    written = 0
    while again.poll() is None:  # the desk works on meanwhile
        Party.objects.create(community=cast.yunqi, name=f"又来{written}", phone=f"139001390{written % 90 + 10}")
        files.store_upload(SimpleUploadedFile("新.txt", f"新的一页 {written}".encode()))
        written += 1
        time.sleep(0.05)
    assert again.returncode == 0
    assert written > 5
    assert set(+personal_keeping.keys_in_use()) == {newest}
    assert set(file_keeping.keys_in_use()[0]) == {newest}
    assert [party.phone for party in Party.objects.order_by("pk")[:MANY]] == numbers
    assert [files.read(scan.path) for scan in Scan.objects.order_by("pk")] == contents
    assert Party.objects.filter(name__startswith="又来").count() == written
    assert faults() == []
