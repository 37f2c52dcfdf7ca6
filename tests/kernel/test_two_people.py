"""Two people on one record: the slower one is told what the faster one did, and keeps what he typed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.doing import assign, log_contact, the_order
from yihu.areas.repairs.models import WorkOrder
from yihu.kernel.doors import perform
from yihu.kernel.models import Record

pytestmark = pytest.mark.django_db


def test_the_slower_one_sees_what_happened_and_his_own_words(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast))
    client = sign_in(cast.gong)
    page = f"{order.get_absolute_url()}do/decline/"
    assert client.get(page).status_code == 200
    assign(cast, order)
    assert perform(order, "accept", by=cast.chen).version == 3
    typed = {"key": "slow", "version": "1", "reason": "没有配件，需要厂家处理", "told": "已电话告知"}
    answer = client.post(page, typed)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "龚工 派工给 陈维修" in shown
    assert "没有配件，需要厂家处理" in shown
    assert WorkOrder.objects.get().state == "accepted"
    again = client.post(page, {**typed, "key": "slow-2", "version": "3"})
    assert again.status_code == 302
    assert WorkOrder.objects.get().state == "declined"


def test_a_step_that_is_no_longer_open_still_gives_the_words_back(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast))
    client = sign_in(cast.gong)
    perform(order, "cancel", by=cast.wang, data={"reason": "业主已自行修好"})
    answer = client.post(
        f"{order.get_absolute_url()}do/decline/",
        {"key": "k", "version": "1", "reason": "一大段话不能白写", "told": "电话"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "业主已自行修好" in shown
    assert "一大段话不能白写" in shown


def test_the_same_form_sent_twice_is_answered_twice_and_done_once(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast))
    client = sign_in(cast.gong)
    typed = {"key": "twice", "version": "1", "handler": cast.chen.pk, "level": "minor", "trade": "water"}
    answers = [client.post(f"{order.get_absolute_url()}do/assign/", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Record.objects.get(pk=order.pk).version == 2


def test_the_same_key_with_other_words_is_refused_with_a_sentence(cast: Any, sign_in: Any) -> None:
    order = the_order(log_contact(cast))
    client = sign_in(cast.wang)
    page = f"{order.get_absolute_url()}do/note/"
    client.post(page, {"key": "n", "version": "1", "words": "第一次"})
    answer = client.post(page, {"key": "n", "version": "2", "words": "第二次"})
    assert answer.status_code == 409
    assert "已经提交过" in answer.content.decode()
    assert order.journal.filter(step="note").count() == 1
