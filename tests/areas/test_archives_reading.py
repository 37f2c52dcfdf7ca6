"""业主档案查阅: nobody outside the centre reads a paper before the manager's leave, the escort and the window are there."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import photo
from yihu.areas.archives.models import Reading
from yihu.areas.archives.printing import reading_log
from yihu.ground.papers.filing import file_paper
from yihu.ground.papers.models import Paper
from yihu.ground.papers.watermark import PDF, marked
from yihu.kernel import files
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import JournalEntry
from yihu.kernel.prints import render
from yihu.kernel.prints.declare import Print

pytestmark = pytest.mark.django_db


def filed(cast: Any, kind: str, title: str, scan: Any) -> Paper:
    paper = Paper(community=cast.yunqi, unit=cast.home, kind=kind, title=title, place="1 柜")
    file_paper(paper, [scan], by=cast.wang)
    return paper


def some_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(300, 400)
    writer.add_blank_page(300, 400)
    writer.write(out)
    return out.getvalue()


def ask(cast: Any, **typed: Any) -> Reading:
    data = {"unit": cast.home.pk, "wanted": ["contract"], "reason": "核对面积", **typed}
    asked: Reading = open_record(Reading(community=cast.yunqi), by=typed.pop("by", cast.chen), data=data)
    return asked


def allow(cast: Any, reading: Reading, *papers: Paper, begin: Any = None, hours: int = 2, **typed: Any) -> Any:
    begin = begin or timezone.localtime() - timedelta(minutes=5)
    told = {
        "chosen": [paper.pk for paper in papers], "escort": cast.wang.pk,
        "from_at": f"{begin:%Y-%m-%d %H:%M}", "until_at": f"{begin + timedelta(hours=hours):%Y-%m-%d %H:%M}", **typed,
    }  # fmt: skip
    return perform(reading, "allow", by=cast.gao, data=told)


@pytest.mark.clause("ARC-04")
@pytest.mark.clause("SEC-01")
def test_a_paper_opens_only_with_leave_escort_and_window_and_only_that_paper(cast: Any, sign_in: Any) -> None:
    contract = filed(cast, "contract", "服务协议", photo("协议.png"))
    identity = filed(cast, "identity", "身份证", photo("身份证.png"))
    client = sign_in(cast.chen)
    assert client.get(f"/units/{cast.home.pk}/papers/").status_code == 403
    assert sign_in(cast.xiang).get(f"/units/{cast.home.pk}/papers/").status_code == 403  # nor the project manager
    reading = ask(cast)
    assert reading.reader == "陈维修"
    page = reading.get_absolute_url()
    scan = f"/archives/readings/{reading.number}/scans/{contract.scans.get().pk}/"
    assert client.get(scan).status_code == 404
    assert "服务协议" not in text_of(client.get(page))
    with pytest.raises(Refused):
        perform(reading, "begin", by=cast.wang, data={"present": "on"})
    reading = allow(cast, reading, contract)
    assert client.get(scan).status_code == 403  # the escort is not there
    assert "服务协议" not in text_of(client.get(page))
    with pytest.raises(NotAllowed):
        perform(reading, "begin", by=cast.li, data={"present": "on"})
    reading = perform(reading, "begin", by=cast.wang, data={"present": "on"})
    shown = client.get(page)
    assert "服务协议" in text_of(shown)
    assert 'class="watermark"' in shown.content.decode()
    answer = client.get(scan)
    assert answer.status_code == 200
    assert answer.content != files.read(contract.scans.get().path)
    assert sign_in(cast.gong).get(scan).status_code == 404  # another colleague
    assert client.get(f"/archives/readings/{reading.number}/scans/{identity.scans.get().pk}/").status_code == 404
    assert JournalEntry.objects.filter(step="look", by=cast.chen, sentence__contains=reading.number).count() == 1
    ended = perform(reading, "end", by=cast.wang, data={"returned": "on", "copied": "on", "copies": "协议第 2 页"})
    assert ended.state == "ended"
    assert client.get(scan).status_code == 403
    log = Print("reading_log", "业主档案查阅登记表", data=reading_log, paper="a4-landscape")
    words = sheets.text_of(render(log, ended, cast.wang))
    for said in ("陈维修", "核对面积", "王客服", "协议第2页", "高经理"):
        assert said in words


@pytest.mark.clause("ARC-04")
def test_the_window_shuts_by_itself(cast: Any, sign_in: Any) -> None:
    contract = filed(cast, "contract", "服务协议", photo("协议.png"))
    later = timezone.localtime() + timedelta(hours=5)
    early = allow(cast, ask(cast), contract, begin=later)
    with pytest.raises(Refused, match="还没有到"):
        perform(early, "begin", by=cast.wang, data={"present": "on"})
    reading = perform(allow(cast, ask(cast), contract), "begin", by=cast.wang, data={"present": "on"})
    assert reading.is_open_to(cast.chen, timezone.now())
    assert not reading.is_open_to(cast.chen, reading.until_at)
    assert not reading.is_open_to(cast.gao, timezone.now())


def test_nobody_allows_himself_and_no_reader_is_his_own_escort(cast: Any) -> None:
    contract = filed(cast, "contract", "服务协议", photo("协议.png"))
    own = ask(cast, by=cast.gao, outside="on", reader="钱律师", dept="平安律师事务所")
    with pytest.raises(NotAllowed):
        allow(cast, own, contract)
    with pytest.raises(Invalid):
        ask(cast, by=cast.wang)  # the desk may look anyway
    with pytest.raises(Invalid):
        ask(cast, outside="on", reader="钱律师", dept="事务所")  # strangers are entered by the centre
    with pytest.raises(Invalid):
        allow(cast, ask(cast), contract, hours=100)
    other = filed(cast, "identity", "身份证", photo("身份证.png"))
    with pytest.raises(Invalid):
        allow(cast, ask(cast), other)  # that was not asked for
    refused = perform(ask(cast), "refuse", by=cast.gao, data={"refusal": "与工作无关"})
    assert refused.state == "refused"


def test_pictures_and_pdfs_carry_the_mark_and_what_takes_none_stays_shut_to_a_reader(cast: Any, sign_in: Any) -> None:
    stamped = marked(some_pdf(), PDF, "陈维修 2026-11-22 10:00")
    assert stamped is not None
    pages = PdfReader(io.BytesIO(stamped)).pages
    assert len(pages) == 2
    assert all("陈维修" in page.extract_text() for page in pages)
    assert marked(b"%PDF-1.4 broken", PDF, "x") is None
    sheet = SimpleUploadedFile("清单.csv", "项目,数量\n门,1\n".encode(), content_type="text/csv")
    paper = filed(cast, "contract", "清单", sheet)
    reading = perform(allow(cast, ask(cast), paper), "begin", by=cast.wang, data={"present": "on"})
    address = f"/archives/readings/{reading.number}/scans/{paper.scans.get().pk}/"
    answer = sign_in(cast.chen).get(address)
    assert answer.status_code == 409
    assert "加不上水印" in answer.content.decode()
    assert sign_in(cast.wang).get(f"/units/{cast.home.pk}/papers/scans/{paper.scans.get().pk}/").status_code == 200
