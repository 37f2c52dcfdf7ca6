"""What hangs where everybody passes: the wall, labels on files and keys, the sheet on a key cabinet's door, the notice board (SEC-04)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.areas.test_registers_repairs import TestOutages as Outages
from tests.fronts.test_wall import opened
from tests.support import sheets
from tests.support.doing import assign, log_contact, the_order
from tests.support.keys import cabinet, entrust
from yihu.areas.archives.models import Cabinet
from yihu.areas.outages.models import Outage
from yihu.areas.relations.models import Praise, Suggestion
from yihu.kernel.doors import open_record

pytestmark = pytest.mark.django_db
NEVER = ("赵业主", "138", "8112", "水龙头", "投诉", "欠费")


@pytest.mark.clause("SEC-04")
def test_nothing_of_a_person_hangs_in_public(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    made = cabinet(cast)
    entrust(cast, "K001")
    Cabinet.objects.create(community=cast.yunqi, name="一号档案柜", keeper=cast.li)
    assign(cast, the_order(log_contact(cast)))
    wall = Client().get(opened(sign_in(cast.gong))).content.decode()
    assert "陈维修" in wall
    client = sign_in(cast.li)
    file_label = sheets.text_of(client.get(reverse("archives:label", args=[cast.home.pk])).content)
    assert "A1-1-0101" in file_label
    key_label, door = (
        sheets.text_of(client.get(f"/keys/paper/{name}.pdf?cabinet={made.pk}").content)
        for name in ("labels", "cabinet")
    )
    assert "K001" in key_label
    assert "K001" in door
    for page in (wall, file_label, key_label, door):
        for words in NEVER:
            assert words not in page
    for page in (key_label, door):
        assert "0101" not in page  # a lost key does not say which door it opens


def pdf_words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return sheets.text_of(answer.content)


@pytest.mark.clause("SEC-04")
def test_what_is_posted_on_the_board_names_nobody_and_no_home(cast: Any, sign_in: Any) -> None:
    """Praise, answers to all, notices, numbers to ring: in the customers' own words or not, nobody's name, number or room."""
    said = {
        "unit": cast.home.pk, "party": cast.owner.pk, "caller_name": "赵业主", "phone": "13800138112",
        "content": "我是A1-1-0101的赵业主，电话13800138112，门岗帮我提过东西",
    }  # fmt: skip
    praise = open_record(Praise(community=cast.yunqi), by=cast.wang, data={"source": "letter", **said})
    idea = open_record(Suggestion(community=cast.yunqi), by=cast.wang, data={"source": "desk", **said})
    Suggestion.objects.filter(pk=idea.pk).update(
        public_answer="0101户赵业主提的路灯已加装，可打13800138112", answered_at=timezone.now()
    )
    off = open_record(Outage(community=cast.yunqi), by=cast.wang, data=Outages().opening(cast))
    client = sign_in(cast.li)
    posted = [
        pdf_words(client, f"{praise.get_absolute_url()}print/praise_board/"),
        pdf_words(client, f"{idea.get_absolute_url()}print/answer_board/"),
        pdf_words(client, f"{off.get_absolute_url()}print/notice/"),
    ]
    assert "门岗帮我提过东西" in posted[0]
    assert "路灯已加装" in posted[1]
    for sheet in posted:
        for words in ("赵业主", "1380013", "0101"):
            assert words not in sheet


@pytest.mark.clause("SEC-04")
def test_who_walks_past_the_desk_reads_nothing_on_a_screen_that_is_locked(cast: Any, sign_in: Any) -> None:
    contact = log_contact(cast)
    client = sign_in(cast.wang)
    assert "赵业主" in client.get(contact.get_absolute_url()).content.decode()
    locked = client.post("/lock/", {"next": contact.get_absolute_url()}, follow=True).content.decode()
    assert "屏幕已锁" in locked
    for words in ("赵业主", "138", "水龙头"):
        assert words not in locked
