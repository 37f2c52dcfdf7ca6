"""每日工作汇总表, its day: one for each community, due when the desk closes, told upwards when nobody signs."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from tests.support.doing import at, signature
from tests.support.duties import MORNING, sheet_of, signed, told
from yihu.areas.duties.models import DaySheet
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid
from yihu.kernel.models import Deadline, Parameter
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


# -- the morning -------------------------------------------------------------------------------------------------------


def test_each_community_gets_one_sheet_a_day_due_when_its_desk_closes(cast: Any) -> None:
    hours = {str(weekday): ["09:00", "18:00"] for weekday in range(7)} | {"6": None}
    Parameter.objects.create(
        community=cast.qinghe, name="service_hours", value=hours, in_force_at=at("2026-01-01 00:00"), by=cast.xiang
    )
    assert cast.yunqi.pk
    opened = {sheet.community.code: sheet for sheet in come_round(at(MORNING))}
    assert {code: sheet.due_at for code, sheet in opened.items()} == {
        "YQ": at("2026-11-03 22:00"),
        "QH": at("2026-11-03 18:00"),
    }
    assert come_round(at("2026-11-03 08:00")) == []
    assert {sheet.community.code for sheet in come_round(at("2026-11-08 00:05"))} == {"YQ"}  # a Sunday


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_one_sheet(cast: Any) -> None:
    assert cast.yunqi.pk
    ready = threading.Barrier(2)
    troubles: list[BaseException] = []

    def morning() -> None:
        ready.wait()
        try:
            come_round(at(MORNING))
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    workers = [threading.Thread(target=morning) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert troubles == []
    assert DaySheet.objects.count() == 1


# -- the clock ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DESK-16", part="到点未签字逐级提醒，客服经理知道缺签")
def test_a_missing_signature_is_told_to_the_desk_and_then_to_the_manager(cast: Any) -> None:
    assert cast.wang.pk
    assert cast.gao.pk
    sheet = sheet_of(cast)
    sweep(at("2026-11-03 20:59"))
    assert told(cast.wang) == []
    sweep(at("2026-11-03 21:00"))
    assert told(cast.wang) == [f"{sheet.number} 每日汇总即将到期（11-03 22:00）"]
    sweep(at("2026-11-03 22:00"))
    assert told(cast.wang)[1:] == [f"{sheet.number} 每日汇总已到时限（11-03 22:00）"]
    assert told(cast.gao) == []
    sweep(at("2026-11-03 22:30"))
    assert told(cast.gao) == [f"{sheet.number} 每日汇总已到时限（11-03 22:00）"]
    assert not Deadline.objects.get(record_id=sheet.pk).stopped_at


def test_who_signs_in_time_hears_nothing_more(cast: Any) -> None:
    assert cast.gao.pk
    sheet = signed(sheet_of(cast), cast.wang, "2026-11-03 20:30")
    for moment in ("2026-11-03 21:00", "2026-11-03 22:00", "2026-11-03 22:30"):
        sweep(at(moment))
    assert told(cast.wang) == []
    assert told(cast.gao) == ["11-03 每日工作汇总表已由 王客服 签字，请阅。"]
    assert Deadline.objects.get(record_id=sheet.pk).met is True


def test_who_signs_long_before_the_desk_closes_says_that_he_means_it(cast: Any) -> None:
    sheet = sheet_of(cast)
    with pytest.raises(Invalid) as refusal:
        signed(sheet, cast.wang, "2026-11-03 14:00")
    assert "下班前再签" in str(refusal.value.form.errors["early"])
    typed = {"early": "on", "signature": signature()}
    assert perform(sheet, "sign", by=cast.wang, at=at("2026-11-03 14:00"), data=typed).state == "signed"
