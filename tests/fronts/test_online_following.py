"""Behind the private address of a report: how far it is, urging it, saying how it was done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.support.doing import assign, at, call_back, finish, sentences, sign
from tests.support.online import card_of, reported, words
from yihu.areas.reception.models import Contact
from yihu.areas.repairs.models import WorkOrder
from yihu.fronts.online.models import Report
from yihu.ground.contact.models import CallBack
from yihu.kernel.doors import perform
from yihu.kernel.models import Deadline, Message

pytestmark = pytest.mark.django_db


def test_he_follows_it_to_the_end_and_his_opinion_is_no_call_back(cast: Any, sign_in: Any) -> None:
    report, address = reported(card_of(cast))
    order = assign(cast, WorkOrder.objects.get(pk=report.matter_id))
    agreed = {
        "appointment_from": "2099-12-01 14:00",
        "appointment_to": "2099-12-01 16:00",
        "reason": "住户有事",
        "told": "电话约定",
    }
    order = perform(order, "reschedule", by=cast.chen, data=agreed)
    page = words(address)
    assert "已派师傅" in page
    assert "14:00 至 16:00" in page
    assert "陈维修" not in page
    assert Client().post(f"{address}opinion/", {"opinion": "A", "key": "o"}).status_code == 409  # nothing is done yet
    order = sign(cast, finish(cast, order))
    assert "修得怎么样" in words(address)
    said = {"opinion": "C", "words": "<b>还在滴</b>", "key": "o"}
    assert [Client().post(f"{address}opinion/", said).status_code for _ in range(2)] == [302, 302]
    assert Client().post(f"{address}opinion/", {**said, "opinion": "A", "key": "o2"}).status_code == 409
    assert not CallBack.objects.exists()
    assert "报修人在网上评价：不满意" in sentences(order)[-1]
    page = sign_in(cast.wang).get(order.get_absolute_url()).content.decode()
    assert "&lt;b&gt;还在滴&lt;/b&gt;" in page
    assert "不算回访" in page
    assert Message.objects.filter(person=cast.wang, sentence__contains="请尽快打电话").exists()
    call_back(cast, WorkOrder.objects.get(pk=order.pk), feedback="C", score="2", words="还在滴")
    assert "正在派师傅" in words(address)  # the second repair is his as well


def test_urging_is_the_urge_of_every_record_and_once_an_hour(cast: Any) -> None:
    assert all((cast.wang, cast.gong))
    report, address = reported(card_of(cast))
    said = {"words": "家里有老人，电话13800138112", "key": "u"}
    assert [Client().post(f"{address}urge/", said).status_code for _ in range(2)] == [302, 302]
    order = WorkOrder.objects.get(pk=report.matter_id)
    assert order.times_urged == 1
    assert "报修人在网上催办：家里有老人" in sentences(order)[-1]
    assert "13800138112" not in sentences(order)[-1]
    assert Message.objects.filter(person=cast.gong, sentence__contains="被催办").exists()
    again = Client().post(f"{address}urge/", {**said, "key": "u2"})
    assert (again.status_code, "已经催过" in again.content.decode()) == (409, True)
    Report.objects.update(urged_at=timezone.now() - timedelta(hours=2))
    assert Client().post(f"{address}urge/", {**said, "key": "u3"}).status_code == 302
    perform(WorkOrder.objects.get(pk=order.pk), "cancel", by=cast.wang, data={"reason": "业主不要了"})
    Report.objects.update(urged_at=None)
    assert Client().post(f"{address}urge/", {**said, "key": "u4"}).status_code == 409


def test_a_limit_that_has_passed_is_said_and_an_old_address_opens_nothing(cast: Any) -> None:
    report, address = reported(card_of(cast))
    Deadline.objects.filter(record_id=report.matter_id).update(due_at=at("2026-01-05 09:00"))
    assert "已经过了时限" in words(address)
    Contact.objects.filter(pk=report.contact_id).update(closed_at=timezone.now() - timedelta(days=59))
    assert Client().get(address).status_code == 200
    Contact.objects.filter(pk=report.contact_id).update(closed_at=timezone.now() - timedelta(days=61))
    assert Client().get(address).status_code == 404


def test_an_order_that_was_taken_back_is_said_to_be_arranged_anew(cast: Any) -> None:
    report, address = reported(card_of(cast))
    perform(WorkOrder.objects.get(pk=report.matter_id), "withdraw", by=cast.li, data={"reason": "应走保修"})
    page = words(address)
    assert "前台正在重新安排" in page
    assert "催一下" not in page
