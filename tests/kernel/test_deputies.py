"""A deputy does what the absent person may do, and the journal says for whom (代)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.support.cast import LONG_AGO
from tests.support.doing import assign, log_contact, sentences, the_order
from yihu.ground.staff.models import Account, Deputy
from yihu.kernel.doors import perform
from yihu.kernel.errors import NotAllowed
from yihu.kernel.models import Deadline, Message
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db


def stands_in(absent: Any, name: str, cast: Any, *posts: str) -> Any:
    person = cast.person(f"d{absent.username}", name, *posts)
    Deputy.objects.create(absent=absent, stand_in=person, from_on=LONG_AGO, to_on=date(2099, 1, 1))
    return Account.objects.get(pk=person.pk)


def test_the_journal_says_for_whom_a_deputy_acted(cast: Any) -> None:
    head, worker = (
        stands_in(cast.gong, "周副手", cast, "technician"),
        stands_in(cast.chen, "何师傅", cast, "technician"),
    )
    order = the_order(log_contact(cast))
    order = perform(order, "assign", by=head, data={"handler": cast.chen.pk, "level": "minor", "trade": "water"})
    assert sentences(order)[-1] == "周副手（代龚工） 派工给 陈维修，零修"
    order = perform(order, "accept", by=worker)
    assert sentences(order)[-1] == "何师傅（代陈维修） 接单"
    assert order.journal.latest("seq").by == worker


def test_what_the_deputy_may_do_by_himself_is_his_own(cast: Any) -> None:
    desk = stands_in(cast.wang, "孙客服", cast, "receptionist")
    contact = log_contact(cast, by=desk)
    assert sentences(contact)[0].startswith("孙客服 登记接待")


def test_the_workers_deputy_does_not_call_back_either(cast: Any) -> None:
    desk = stands_in(cast.chen, "孙客服", cast, "receptionist")
    order = assign(cast, the_order(log_contact(cast)))
    type(order).objects.filter(pk=order.pk).update(state="call_back")
    with pytest.raises(NotAllowed):
        perform(order, "call_back", by=desk, data={"outcome": "missed", "method": "phone"})


def rung(order: Any, code: str) -> list[str]:
    Message.objects.all().delete()
    Deadline.objects.filter(record_id=order.pk, code=code).update(ring_at=timezone.now() - timedelta(minutes=1))
    sweep(timezone.now())
    return sorted(Message.objects.filter(record_id=order.pk).values_list("person__name", flat=True))


def test_who_stands_in_for_the_worker_hears_his_clock(cast: Any) -> None:
    stands_in(cast.chen, "何师傅", cast)
    order = assign(cast, the_order(log_contact(cast)), level="urgent")
    assert rung(order, "D15") == ["何师傅", "陈维修"]


def test_the_clock_of_one_who_has_left_is_heard_by_his_department(cast: Any) -> None:
    order = assign(cast, the_order(log_contact(cast)), level="urgent")
    cast.chen.posts.update(to_on="2021-01-01")
    assert rung(order, "D15") == ["龚工"]


def test_where_nobody_holds_the_post_the_next_rung_hears_it_at_once(cast: Any) -> None:
    assert cast.li
    order = the_order(log_contact(cast, when=timezone.now() - timedelta(days=1)))
    assert not order.handler
    Deadline.objects.filter(record_id=order.pk).exclude(code="D14").update(ring_at=None)
    assert rung(order, "D14") == ["李主管"]


def test_the_one_who_signed_the_day_does_not_approve_it(cast: Any) -> None:
    from tests.support.doing import signature
    from yihu.areas.duties.models import DaySheet
    from yihu.kernel.rhythms import come_round

    assert cast.yunqi
    come_round(timezone.now())
    sheet = perform(DaySheet.objects.get(), "sign", by=cast.li, data={"early": "on", "signature": signature()})
    with pytest.raises(NotAllowed):
        perform(sheet, "read", by=cast.li, data={"manager_words": ""})
    assert perform(sheet, "read", by=cast.gao, data={"manager_words": ""}).state == "read"
