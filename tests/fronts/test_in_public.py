"""What hangs where everybody passes: the wall, labels on files and keys, the sheet on a key cabinet's door (SEC-04)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.fronts.test_wall import opened
from tests.support import sheets
from tests.support.doing import assign, log_contact, the_order
from tests.support.keys import cabinet, entrust
from yihu.areas.archives.models import Cabinet

pytestmark = pytest.mark.django_db
NEVER = ("赵业主", "138", "8112", "水龙头", "投诉", "欠费")


@pytest.mark.clause("SEC-04", part="大屏、档案标签、钥匙标签、柜门台账上没有姓名、电话、事由；程序没有叫号屏和排队单")
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
