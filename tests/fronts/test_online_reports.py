"""What is reported over the card is an entry and an order at once, as a telephone call would be (REP-01)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.harness.breaking import at_once
from tests.support.cast import Cast
from tests.support.doing import assign, at, log_contact, photo, the_order
from tests.support.online import card_of, fault, hall, reported, send, words
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.online.models import Report
from yihu.kernel.calendars import forget
from yihu.kernel.doors import perform
from yihu.kernel.jobs import run_waiting
from yihu.kernel.models import Attachment, Deadline, Message, Parameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Cast:
    """Everybody whom those need who work at once, before they start."""
    cast = Cast()
    assert all((cast.home, cast.wang, cast.gong))
    return cast


@pytest.mark.clause("REP-01")
@pytest.mark.clause("DESK-12", part="网上报修按电话认出本户的人，与他的来电来访是一份历史")
def test_a_report_over_the_card_is_an_entry_and_a_classified_order_at_once(cast: Any, sign_in: Any) -> None:
    assert cast.owner
    assert all((cast.wang, cast.gong))
    report, address = reported(
        card_of(cast),
        fault=fault("水管爆裂").pk,
        phone="138 0013 8112",
        relation="owner",
        wish="",
        photos=[photo(), photo("二.png")],
    )
    contact, order = Contact.objects.get(), WorkOrder.objects.get()
    assert (report.contact, report.matter_id) == (contact, order.pk)
    assert (contact.state, contact.channel, contact.category, contact.handler) == ("in_hand", "chat", "repair", None)
    assert (contact.unit, contact.party, contact.caller_name, contact.phone) == (
        cast.home,
        cast.owner,
        "钱女士",
        "13800138112",
    )
    assert contact.promised_at is not None
    assert (order.state, order.level, order.trade, order.unit, order.location) == (
        "to_assign",
        "urgent",
        "water",
        cast.home,
        "厨房",
    )
    assert (order.reporter, order.phone, order.fault) == ("钱女士", "13800138112", fault("水管爆裂"))
    assert Attachment.objects.filter(record_id=order.pk, purpose="before").count() == 2
    running = Deadline.objects.filter(stopped_at=None)
    assert set(running.filter(record_id=order.pk).values_list("code", flat=True)) == {"D14", "D16"}
    assert set(running.filter(record_id=contact.pk).values_list("code", flat=True)) == {"D04"}
    assert Message.objects.filter(person=cast.gong, sentence__contains=order.number).exists()
    assert Message.objects.filter(person=cast.wang, sentence__contains="网上报修").exists()
    page = words(address)
    for said in (contact.number, "已收到，正在派师傅", "派出师傅"):
        assert said in page
    for secret in ("钱女士", "赵业主", "138", "8112"):
        assert secret not in page
    assert order.number in sign_in(cast.gong).get(reverse("repairs:board")).content.decode()
    assert contact.number in sign_in(cast.wang).get("/reception/").content.decode()


@pytest.mark.clause("REP-01")
@pytest.mark.parametrize("channel", ["phone", "visit", "patrol"])
def test_by_telephone_at_the_counter_and_on_patrol_it_becomes_an_order_just_the_same(cast: Any, channel: str) -> None:
    assert cast.gong
    order = the_order(log_contact(cast, channel=channel))
    assert (order.state, order.level) == ("to_assign", "minor")
    assert Message.objects.filter(person=cast.gong, sentence__contains=order.number).exists()


def test_it_is_given_out_as_a_typed_one_is(cast: Any) -> None:
    """By turn the first worker has it without anybody at the desk."""
    assert all((cast.chen, cast.gong, cast.wang))
    _, address = reported(card_of(cast))
    assert "正在派师傅" in words(address)
    Parameter.objects.create(
        community=cast.yunqi,
        name="repairs.dispatch",
        value="turn",
        in_force_at=at("2026-01-01 00:00"),
        by=cast.xiang,
        why="试行",
    )
    forget()
    report, address = reported(card_of(cast), "k2")
    run_waiting()
    assert WorkOrder.objects.get(pk=report.matter_id).handler == cast.chen
    assert "已派师傅" in words(address)
    assert "陈维修" not in words(address)


def test_what_is_everybodys_is_no_households_repair(cast: Any) -> None:
    report, _ = reported(card_of(cast), fault=fault("楼道灯不亮").pk, place="common", where="3 层电梯口")
    order = WorkOrder.objects.get(pk=report.matter_id)
    assert (order.unit, order.building, order.common_area, report.contact.unit) == (
        None,
        cast.home.building,
        "3 层电梯口",
        cast.home,
    )
    report, address = reported(hall(cast), where="门禁旁", words="灯不亮")
    order = WorkOrder.objects.get(pk=report.matter_id)
    assert (order.unit, order.common_place, order.location, report.contact.unit) == (
        None,
        "A1栋 1 单元大堂",
        "门禁旁",
        None,
    )
    assert (order.level, order.trade) == ("minor", "other")  # nobody chose a fault: to be judged
    assert Message.objects.filter(person=cast.wang, sentence__contains="请核定").exists()
    assert send(card_of(cast), "k3", place="common", where="").status_code == 422
    assert "1 单元大堂" in words(address)


def test_a_double_click_is_one_report(cast: Any) -> None:
    secret = card_of(cast)
    first, again = (send(secret, photos=[photo()])["Location"] for _ in range(2))
    assert first == again
    assert (Contact.objects.count(), WorkOrder.objects.count(), Report.objects.count()) == (1, 1, 1)
    assert send(secret, words="另一件事").status_code == 409  # the same form with other words


@pytest.mark.django_db(transaction=True)
def test_many_at_once_with_one_key_are_one_report(desk: Cast) -> None:
    secret = card_of(desk)
    places: set[str] = set()

    def click(index: int) -> None:
        places.add(send(secret)["Location"])

    assert set(at_once(5, click)) == {"done"}
    assert len(places) == 1
    assert (Contact.objects.count(), WorkOrder.objects.count()) == (1, 1)


def test_what_may_be_the_same_is_offered_to_be_merged_and_the_reporter_is_told_of_nothing(
    cast: Any, sign_in: Any
) -> None:
    assert cast.gong
    first = the_order(log_contact(cast, content="厨房水龙头漏水"))
    report, address = reported(card_of(cast))
    assert Message.objects.filter(person=cast.wang, sentence__contains="可能与正在修的是同一处").exists()
    assert first.number not in words(address)
    order = WorkOrder.objects.get(pk=report.matter_id)
    page = sign_in(cast.gong).get(order.get_absolute_url()).content.decode()
    assert "可能是同一处" in page
    assert f"into={first.number}" in page
    assert (
        f"into={first.number}" not in sign_in(cast.wang).get(order.get_absolute_url()).content.decode()
    )  # may not merge
    perform(order, "merge", by=cast.gong, data={"into": first.number, "reason": "同一处"})
    first = assign(cast, WorkOrder.objects.get(pk=first.pk))
    page = words(address)
    assert "并在一起修" in page
    assert "已派师傅" in page
    assert first.number not in page
    urged = Client().post(f"{address}urge/", {"words": "", "key": "u"})
    assert urged.status_code == 302
    assert WorkOrder.objects.get(pk=first.pk).times_urged == 1
