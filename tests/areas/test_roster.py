"""完整名单导出: who asks is not who allows; it is taken once, by who asked, in a day, with his name on it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from yihu.areas.households.models import Roster
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db


def asked(cast: Any, by: Any = None, **more: Any) -> Roster:
    assert cast.owner
    told = {"why": "社区核对人口", "goes_to": "交社区，用完销毁", **more}
    opened: Roster = open_record(Roster(community=cast.yunqi), by=by or cast.li, data=told)
    return opened


def url(record: Roster) -> str:
    return f"/households/rosters/{record.number}/take/"


@pytest.mark.clause("ARC-08")
def test_allowed_by_somebody_else_it_is_taken_once_with_a_name_on_it(cast: Any, sign_in: Any) -> None:
    record = asked(cast)
    assert record.units == 1
    li = sign_in(cast.li)
    assert li.post(url(record)).status_code == 409, "not allowed yet"
    assert sign_in(cast.gao).post(f"{record.get_absolute_url()}do/allow/", {"key": "a"}).status_code == 302
    assert "导出（只有一次）" in li.get(record.get_absolute_url()).content.decode()
    assert sign_in(cast.gao).post(url(record)).status_code == 403, "only who asked takes it"
    answer = li.post(url(record))
    content = b"".join(answer.streaming_content)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    told = [str(cell) for line in lines for cell in line]
    assert "13800138112" in told
    assert any("导出人：李主管" in cell for cell in told)
    assert li.post(url(record)).status_code == 409
    record.refresh_from_db()
    assert (record.state, record.allowed_by) == ("taken", cast.gao)
    assert "李主管 导出完整名单，电话、证件号未隐藏" in [one.sentence for one in record.journal.all()]


@pytest.mark.clause("ARC-08")
def test_who_asks_does_not_allow_himself(cast: Any) -> None:
    record = asked(cast, by=cast.gao)
    with pytest.raises(NotAllowed):
        perform(record, "allow", by=cast.gao)
    with pytest.raises(NotAllowed):
        asked(cast, by=cast.wang)


def test_leave_lapses_after_a_day(cast: Any, sign_in: Any) -> None:
    record = perform(asked(cast), "allow", by=cast.gao)
    Roster.objects.filter(pk=record.pk).update(allowed_until=timezone.now() - timedelta(minutes=1))
    answer = sign_in(cast.li).post(url(record))
    assert answer.status_code not in (200, 302)
    assert "超过 24 小时" in answer.content.decode()


def test_it_is_asked_for_as_the_list_is_narrowed(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    cast.unit("0201")
    type(cast.home).objects.filter(pk=cast.home.pk).update(use="let")
    client = sign_in(cast.li)
    page = client.get("/estate/summary/?use=let")
    link = next(one["url"] for one in page.context["beside"] if one["label"] == "申请完整导出")
    form = client.get(link).content.decode()
    assert "use=let" in form
    assert asked(cast, narrowed="use=let").units == 1
    assert asked(cast).units == 2
