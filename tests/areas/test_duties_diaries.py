"""Noon's figures for the supervisor, and the diary of work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fronts.looking import text_of
from tests.support import sheets
from tests.support.doing import at, log_contact
from tests.support.duties import one_of, told
from yihu.areas.duties.models import Diary, NoonSheet
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed
from yihu.kernel.models import Barred, Parameter
from yihu.kernel.rhythms import come_round

pytestmark = pytest.mark.django_db


def test_at_noon_the_supervisor_is_told_the_mornings_figures(cast: Any, sign_in: Any) -> None:
    assert cast.li.pk
    for minute in (0, 10):
        log_contact(cast, when=at(f"2026-11-03 09:{minute:02d}"))
    log_contact(cast, when=at("2026-11-03 11:00"), category="complaint", content="楼道没有打扫")
    come_round(at("2026-11-03 11:59"))
    assert not NoonSheet.objects.exists()
    sheet = one_of(NoonSheet, cast, "2026-11-03 12:00")
    log_contact(cast, when=at("2026-11-03 12:30"))
    assert "11-03 上午统计：接待 3 件（投诉 1），未注销 3；维修受理 2、未完工 2、超时 2。" in told(cast.li)
    client = sign_in(cast.li)
    listed = client.get(reverse("reports:day_records", args=[sheet.number, "counts.received"]))
    assert "共 3 件" in text_of(listed)
    assert perform(sheet, "read", by=cast.li, data={}).state == "read"


def test_a_company_names_another_hour_or_none(cast: Any) -> None:
    for hours, opened in (([], 0), (["17:00"], 0), (["11:30"], 1)):
        Parameter.objects.filter(name="duties.noon").delete()
        Parameter.objects.create(
            community=cast.yunqi, name="duties.noon", value=hours, in_force_at=at("2026-01-01 00:00"), by=cast.xiang
        )
        come_round(at("2026-11-03 12:00"))
        assert NoonSheet.objects.filter(community=cast.yunqi).count() == opened


def test_a_diary_is_filled_in_beforehand_and_read_by_the_supervisor(cast: Any, sign_in: Any) -> None:
    assert cast.li.pk
    mine = log_contact(cast)
    others = log_contact(cast, by=cast.li)
    client = sign_in(cast.wang)
    page = client.get("/diaries/new/").content.decode()
    assert mine.number in page
    assert others.number not in page
    typed = {
        "key": "d",
        "day": timezone.localdate().isoformat(),
        "shift": "late",
        "tasks": "登记来电",
        "handover": "钥匙一把",
    }
    assert client.post("/diaries/new/", typed).status_code == 302
    diary = Diary.objects.get()
    assert told(cast.li)[-1] == f"王客服 的 {diary.day:%m-%d} 工作日志已交，请阅。"
    assert "待审阅" in text_of(sign_in(cast.li).get("/"))
    assert "钥匙一把" in sheets.text_of(client.get(f"{diary.get_absolute_url()}print/diary/").content)
    with pytest.raises(NotAllowed):
        perform(diary, "read", by=cast.wang, data={})
    assert perform(diary, "read", by=cast.li, data={"reader_words": "已阅"}).state == "read"
    clerk = cast.person("zhou", "周客服", "receptionist")
    assert not Diary.objects.seen_by(clerk).exists()


def test_a_diary_tells_no_reader_of_what_somebody_is_barred_from(cast: Any, sign_in: Any) -> None:
    contact = log_contact(cast, category="complaint", content="主管态度冷淡")
    Barred.objects.create(record_id=contact.pk, person=cast.li, why="事项涉及本人", at=timezone.now())
    assert contact.number not in sign_in(cast.wang).get("/diaries/new/").content.decode()
    later = {"day": (timezone.localdate() + timedelta(days=1)).isoformat(), "shift": "day", "tasks": "明天的事"}
    with pytest.raises(Invalid):
        open_record(Diary(community=cast.yunqi), by=cast.wang, data=later)
