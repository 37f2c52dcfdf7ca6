"""谁看过个人信息: told to the managers, by person, house, kind and days; nothing of what somebody is barred from."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.areas.test_disclosing import ask
from tests.fronts.looking import text_of
from tests.support.doing import log_contact, photo, signature
from yihu.areas.archives.pages import looks as page_of_looks
from yihu.areas.households.models import Roster
from yihu.ground.papers.filing import file_paper, note_look
from yihu.ground.papers.models import Paper
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record, perform
from yihu.kernel.models import Barred, JournalEntry

pytestmark = pytest.mark.django_db


def rows(answer: Any) -> int:
    return int(answer.content.decode().count('<td class="nowrap">') / 2)


@pytest.fixture
def looked(cast: Any) -> Any:
    """王客服 rang back, 李主管 compared and opened a scan; 平安保险 got a copy; 李主管 took the whole list."""
    contact = log_contact(cast)
    cast.owner.phone.reveal(by=cast.wang, reason="回电联系", record=contact)
    cast.owner.phone.reveal(by=cast.li, reason="核对资料")
    cast.owner.phone.reveal(by=authority().system(), reason="发送消息 1")
    paper = Paper(community=cast.yunqi, unit=cast.home, kind="identity", title="身份证", place="1 柜")
    file_paper(paper, [photo("正面.png")], by=cast.wang)
    note_look(paper.scans.get(), by=cast.li)
    allowed = perform(ask(cast, signature=signature()), "allow", by=cast.gao)
    perform(allowed, "give", by=cast.wang, data={"way": "copy", "receiver": "钱先生", "signature": signature()})
    roster = open_record(Roster(community=cast.yunqi), by=cast.li, data={"why": "核对人口", "goes_to": "社区"})
    perform(perform(roster, "allow", by=cast.gao), "take", by=cast.li)
    return contact


@pytest.mark.clause("ARC-05")
def test_the_manager_sees_who_looked_at_what_when_and_why(cast: Any, looked: Any, sign_in: Any) -> None:
    client, page = sign_in(cast.gao), reverse("archives:looks")
    whole = client.get(page)
    assert rows(whole) == 5
    for words in (
        f"王客服 A1-1-0101 {looked.number} 王客服 查看客户的联系电话，原因：回电联系", "李主管 赵业主 李主管 查看客户的联系电话，原因：核对资料",
        "A1-1-0101 身份证", "李主管 导出完整名单", "王客服 已提供（纸质复印件）",
    ):  # fmt: skip
        assert words in text_of(whole)
    assert "138" not in text_of(whole)
    asked = {
        f"who={cast.li.pk}": 3, "unit=A1-1-0101": 4, "kind=reveal": 2, "kind=roster": 1, "kind=given": 1, "kind=look": 1,
        "from=2020-01-01&to=2020-01-02": 0, "unit=Z9-9": 0,
    }  # fmt: skip
    for query, expected in asked.items():
        assert rows(client.get(f"{page}?{query}")) == expected, query
    assert "没有找到房号" in text_of(client.get(f"{page}?unit=Z9-9"))
    for junk in ("from=x&to=2026-13-45", "who=abc&after=nothing", "after=2026-11-02T09:00:00_1"):
        assert client.get(f"{page}?{junk}").status_code == 200
    for person in (cast.wang, cast.li, cast.chen):
        assert sign_in(person).get(page).status_code == 403
        assert sign_in(person).get(reverse("archives:export_looks")).status_code == 403
    assert sign_in(cast.xiang).get(page).status_code == 200
    assert rows(sign_in(cast.person("lu", "陆经理", "cs_manager", community=cast.qinghe)).get(page)) == 0


@pytest.mark.clause("ARC-05")
def test_the_list_leaves_through_the_one_writer_and_that_is_written_down(cast: Any, looked: Any, sign_in: Any) -> None:
    answer = sign_in(cast.gao).get(f"{reverse('archives:export_looks')}?who={cast.li.pk}")
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    told = [row for row in sheet.to_python() if row[1] == "李主管"]
    assert len(told) == 3
    assert "高经理" in str(sheet.to_python()[1])
    assert JournalEntry.objects.filter(step="export", by=cast.gao, sentence__contains="谁看过").exists()


def test_pages_follow_each_other_and_lose_nothing(
    cast: Any, looked: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_looks, "PAGE", 2)
    client, address, found = sign_in(cast.gao), reverse("archives:looks"), []
    while address:
        answer = client.get(address)
        found += [row["sentence"] for row in answer.context["rows"]]
        address = f"{reverse('archives:looks')}{answer.context['next_url']}" if answer.context["next_url"] else ""
    assert len(found) == len(set(found)) == 5


def test_who_is_barred_from_a_record_reads_nothing_of_it_here(cast: Any, looked: Any, sign_in: Any) -> None:
    Barred.objects.create(record_id=looked.pk, person=cast.gao, why="被投诉", at=looked.opened_at)
    page = text_of(sign_in(cast.gao).get(reverse("archives:looks")))
    assert looked.number not in page
    assert "回电联系" not in page
    assert "核对资料" in page
