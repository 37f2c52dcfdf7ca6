"""A household's papers: filed by hand with place and scans, looked at by who may, each look written down."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.doing import photo
from yihu.ground.papers.models import Paper, Scan
from yihu.kernel import files
from yihu.kernel.journal import verify
from yihu.kernel.models import Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(wang: Any, sign_in: Any) -> Client:
    client: Client = sign_in(wang)
    return client


def put_away(client: Client, unit: Any, **other: Any) -> Any:
    typed = {"kind": "contract", "title": "前期物业服务协议", "place": "3 柜 2 层 15 盒", **other}
    return client.post(f"/units/{unit.pk}/papers/new/", typed)


def sentences(paper: Paper) -> list[str]:
    book = Book.objects.get(register="papers.paper", object_id=str(paper.pk))
    assert verify(book) == []
    return list(book.journal.order_by("seq").values_list("sentence", flat=True))


@pytest.mark.clause("ARC-01", part="按户、按资料类别归档，写明存放位置、附扫描件")
@pytest.mark.clause("ARC-05", part="查看扫描件留痕")
def test_a_paper_is_filed_with_its_place_and_its_scans_and_every_look_is_written_down(
    cast: Any, home: Any, desk: Client
) -> None:
    assert f'href="/units/{home.pk}/papers/"' in desk.get(f"{home.get_absolute_url()}beside/").content.decode()
    empty = desk.get(f"/units/{home.pk}/papers/").content.decode()
    assert "这一户还没有档案" in empty
    for _ in range(2):  # a double click
        saved = put_away(desk, home, scans=[photo("第一页.png"), photo("第二页.png")], key="once")
        assert saved["Location"] == f"/units/{home.pk}/papers/"
    paper = Paper.objects.get()
    assert (paper.unit, paper.place, paper.filed_by, paper.scans.count()) == (home, "3 柜 2 层 15 盒", cast.wang, 2)
    page = desk.get(f"/units/{home.pk}/papers/").content.decode()
    for words in ("合同与协议", "前期物业服务协议", "3 柜 2 层 15 盒", "第一页.png", "王客服 归档"):
        assert words in page
    scan = paper.scans.first()
    assert scan is not None
    answer = desk.get(f"/units/{home.pk}/papers/scans/{scan.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"\x89PNG")
    assert answer.content != files.read(scan.path)  # marked with his name and the time
    assert sentences(paper) == [
        "王客服 归档“前期物业服务协议”，存放 3 柜 2 层 15 盒，扫描件 2 个",
        "王客服 查看扫描件 第一页.png",
    ]


def test_a_place_alone_or_a_scan_alone_will_do_but_not_neither(home: Any, desk: Client) -> None:
    assert put_away(desk, home).status_code == 302
    assert put_away(desk, home, place="", scans=photo()).status_code == 302
    refused = put_away(desk, home, place="")
    assert refused.status_code == 422
    assert "不然以后找不到" in refused.content.decode()
    assert put_away(desk, home, kind="work_sheet").status_code == 422  # those file themselves
    assert Paper.objects.count() == 2


def test_a_paper_that_was_moved_says_from_where(cast: Any, home: Any, desk: Client) -> None:
    put_away(desk, home)
    paper = Paper.objects.get()
    address = f"/units/{home.pk}/papers/{paper.pk}/edit/"
    moved = {"kind": "contract", "title": paper.title, "place": "4 柜 1 层", "version": 1}
    assert desk.post(address, {**moved, "scans": photo()}).status_code == 302
    page = desk.get(address).content.decode()
    assert "<del>3 柜 2 层 15 盒</del>" in page
    late = desk.post(address, {**moved, "place": "5 柜"})
    assert late.status_code == 409
    assert "4 柜 1 层" in late.content.decode()
    paper.refresh_from_db()
    assert (paper.place, paper.scans.count()) == ("4 柜 1 层", 1)


def test_what_is_no_paper_is_refused_with_a_sentence(home: Any, desk: Client) -> None:
    answer = put_away(desk, home, scans=SimpleUploadedFile("run.exe", b"MZ\x90\x00" + b"\x00" * 200))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert put_away(desk, home, scans=SimpleUploadedFile("empty.pdf", b"")).status_code in (409, 422)
    assert not Paper.objects.exists()


def test_only_those_who_may_see_and_file(cast: Any, home: Any, desk: Client, sign_in: Any) -> None:
    put_away(desk, home, scans=photo())
    scan = Scan.objects.get()
    here = f"/units/{home.pk}/papers/"
    archivist = sign_in(cast.person("an", "安档案", "archivist"))
    assert archivist.get(here).status_code == 200
    reader = sign_in(cast.gao)
    assert "更正" not in reader.get(here).content.decode()
    assert put_away(reader, home).status_code == 403
    worker = sign_in(cast.chen)
    for address in (here, f"{here}scans/{scan.pk}/", f"{here}new/"):
        assert worker.get(address).status_code == 403
        assert sign_in(cast.lin).get(address).status_code == 404
        assert Client().get(address).status_code != 200
    assert Paper.objects.count() == 1


def test_a_scan_is_kept_by_the_nightly_sweep_and_missed_when_it_is_gone(home: Any, desk: Client) -> None:
    put_away(desk, home, scans=photo("身份证.png"))
    scan = Scan.objects.get()
    assert list(files.lost()) == []
    assert files.has_row(scan.sha256)
    Scan.objects.filter(pk=scan.pk).update(size=scan.size + 1)
    assert "扫描件" in next(files.lost())
