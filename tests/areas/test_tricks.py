"""Tricks that a clever or a careless person may try: writing and approving, witnessing himself, losing a caller, reading by the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.areas import test_counter, test_outages, test_relations, test_services
from tests.harness.breaking import at_once, in_between
from tests.support.cast import LONG_AGO, Cast
from tests.support.doing import assign as assign_repair
from tests.support.doing import at, finish, log_contact, photo, the_order
from yihu.areas.counter import numbers
from yihu.areas.counter.models import Loan
from yihu.areas.counter.pages.lists import NUMBERS
from yihu.areas.needs.models import Need
from yihu.areas.outages.models import Outage
from yihu.areas.reception.models import Contact
from yihu.areas.relations.models import Praise
from yihu.areas.repairs.models import WorkOrder
from yihu.areas.services import prices
from yihu.areas.services.models import PriceRow, prices_in_force
from yihu.fronts.reports.listing import table
from yihu.fronts.wall.keeping import open_screen
from yihu.ground.staff.models import Deputy
from yihu.kernel.doors import open_record, perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Barred
from yihu.kernel.procedure import procedures

pytestmark = pytest.mark.django_db
PHONE = "13912345678"


# -- two people --------------------------------------------------------------------------------------------------------


def test_a_price_that_another_touched_is_still_ones_own(cast: Any) -> None:
    other = cast.person("zheng", "郑经理", "cs_manager")
    row = PriceRow(
        community=cast.yunqi, code="BJ-01", name="保洁", kind="cleaning", measure="小时", price_fen=6000,
        valid_from=date(2026, 12, 1),
    )  # fmt: skip
    prices.save_draft(row, by=cast.gao, at=at("2026-11-02 09:00"))
    row.why = "换个说法"
    prices.save_draft(row, by=other, at=at("2026-11-02 09:10"))
    for person in (cast.gao, other):
        with pytest.raises((Refused, NotAllowed), match="自己"):
            prices.approve(row, date(2026, 11, 5), by=person, at=at("2026-11-03 09:00"))
    prices.approve(row, date(2026, 11, 5), by=cast.xiang, at=at("2026-11-03 09:00"))


def test_a_number_that_another_touched_is_still_ones_own(cast: Any) -> None:
    row = test_counter.draft(cast, by=cast.li)
    row.remark = "节假日也有人"
    NUMBERS.write(row, by=cast.wang)
    with pytest.raises(NotAllowed, match="自己"):
        numbers.approve(row, by=cast.li)


def test_the_worker_is_no_witness_of_his_own_work(cast: Any) -> None:
    order = finish(cast, assign_repair(cast, the_order(log_contact(cast))))
    refusal = {"refused": "on", "sign_refused": "嫌贵", "witness_1": cast.chen.pk, "witness_2": cast.li.pk}
    with pytest.raises(Invalid, match=r"不能.*见证"):
        perform(order, "sign", by=cast.chen, data=refusal, files={"photos": [photo()]})
    test_services.price(cast)
    service = test_services.finish(cast, test_services.begun(cast))
    assert service.handler_id
    refusal |= {"settle": "month", "invoice": "none", "witness_1": service.handler_id}
    with pytest.raises(Invalid, match=r"不能.*见证"):
        perform(service, "sign", by=cast.wang, data=refusal, files={"photos": [photo()]})


# -- whoever waits for an answer gets one ------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["withdraw", "merge"])
def test_an_outage_is_not_made_to_vanish_while_callers_wait(cast: Any, step: str) -> None:
    outage = test_outages.off(cast)
    contact = test_outages.calls_about(cast, outage)
    typed = {"reason": "登记错了", "into": test_outages.off(cast, cause="另一处").number}
    with pytest.raises(Refused, match="等着答复"):
        perform(outage, step, by=cast.li, data=typed)
    assert test_outages.fresh(contact) == "in_hand"


def test_each_register_numbers_its_own_records() -> None:
    codes = [procedure.code for procedure in procedures()]
    assert len(codes) == len(set(codes))


# -- reading by the way ------------------------------------------------------------------------------------------------


def test_who_is_barred_from_a_praise_reads_nothing_of_it_among_the_merits(cast: Any, sign_in: Any) -> None:
    made = test_relations.praise(cast, content="与投诉一并处理的表扬", people=[cast.chen.pk])
    perform(made, "verify", by=cast.li, data={"outcome": "confirmed", "people": [cast.chen.pk], "finding": "属实"})
    page = reverse("relations:merits")
    assert "与投诉一并" in sign_in(cast.gao).get(page).content.decode()
    Barred.objects.create(record_id=Praise.objects.get().pk, person=cast.gao, why="测试", at=timezone.now())
    assert "与投诉一并" not in sign_in(cast.gao).get(page).content.decode()


def test_no_number_of_a_person_hangs_on_the_wall_or_stands_in_a_list(cast: Any, sign_in: Any, client: Any) -> None:
    order = assign_repair(cast, the_order(log_contact(cast)))
    perform(order, "correct", by=cast.gong, data={
        "symptom": "漏水", "location": f"门口{PHONE}", "level": "minor", "trade": "water", "chargeable": "undecided",
        "responsibility": "own", "reason": "位置",
    })  # fmt: skip
    secret = open_screen(cast.yunqi, "维修间", by=cast.gong, key="wall", now=timezone.now())
    public = {
        "register": "public",
        "place": f"大堂找{PHONE}",
        "content": "擦玻璃",
        "need_type": "errand",
        "team": "cs_dept",
    }
    open_record(Need(community=cast.yunqi), by=cast.wang, data={**public, "expected_at": "2099-01-01 12:00"})
    assert PHONE not in client.get(f"/wall/{secret}/").content.decode()
    assert PHONE not in sign_in(cast.gong).get(reverse("repairs:board")).content.decode()
    assert PHONE not in sign_in(cast.wang).get("/needs/?tab=all").content.decode()
    assert PHONE not in sign_in(cast.li).get(reverse("needs:sign_off")).content.decode()


def test_who_is_barred_from_an_order_does_not_read_it_among_those_to_be_taken(cast: Any, sign_in: Any) -> None:
    assert cast.chen
    order = the_order(log_contact(cast, content="不可见之事"))
    WorkOrder.objects.filter(pk=order.pk).update(dispatch=WorkOrder.Dispatch.GRAB)
    page = reverse("repairs:day")
    assert order.number in sign_in(cast.chen).get(page).content.decode()
    stand_in = cast.person("he", "何维修", "technician")
    Deputy.objects.create(absent=cast.chen, stand_in=stand_in, from_on=LONG_AGO, to_on=date(2099, 1, 1))
    Barred.objects.create(record_id=order.pk, person=cast.chen, why="测试", at=timezone.now())
    for person in (cast.chen, stand_in):
        shown = sign_in(person).get(page).content.decode()
        assert order.number not in shown
        assert "不可见之事" not in shown
        assert sign_in(person).get(order.get_absolute_url()).status_code == 404


def test_the_board_says_of_what_one_must_not_see_the_hour_alone(cast: Any, sign_in: Any) -> None:
    order = assign_repair(cast, the_order(log_contact(cast)))
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    WorkOrder.objects.filter(pk=order.pk).update(appointment_from=noon, appointment_to=noon + timedelta(hours=1))
    page = reverse("repairs:board")
    assert order.get_absolute_url() in sign_in(cast.gong).get(page).content.decode()
    Barred.objects.create(record_id=order.pk, person=cast.gong, why="测试", at=timezone.now())
    shown = sign_in(cast.gong).get(page).content.decode()
    assert order.number not in shown
    assert str(cast.home) not in shown
    assert "12:00 另有安排" in shown


# -- two at once -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_whoever_joins_an_outage_is_called_back_or_told_to_look_again() -> None:
    cast = Cast()
    for number in range(1, 60):
        outage = test_outages.off(cast, when=timezone.now() - timedelta(hours=1), cause=f"第{number}处")
        typed = {
            "unit": cast.home.pk, "channel": "phone", "relation": "owner", "caller_name": "赵业主", "category": "other",
            "content": "来电询问停水", "answered": "on", "result": outage.said, "joins": outage.number,
        }  # fmt: skip
        over = {"recovered_at": f"{timezone.localtime():%Y-%m-%d %H:%M}", "explanation": "已修复"}

        def join(typed: Any = typed) -> Any:
            return open_record(Contact(community=cast.yunqi), by=cast.wang, data=typed)

        def recover(outage: Any = outage, over: Any = over) -> Any:
            return perform(outage, "recover", by=cast.li, data=over)

        fates = in_between(number, join, recover)
        if fates[1] == "not reached":
            assert number > 10
            return
        assert set(fates) <= {"done", "Refused", "Conflict"}, fates
        joined = Contact.objects.filter(links_out__target_id=outage.pk).exists()
        assert not joined or Outage.objects.get(pk=outage.pk).state != "closed", f"at statement {number}"


@pytest.mark.django_db(transaction=True)
def test_two_prices_of_one_service_approved_at_once_never_hold_together() -> None:
    cast = Cast()
    rows = []
    for days in (10, 20, 30):
        row = PriceRow(
            community=cast.yunqi, code="BJ-01", name="保洁", kind="cleaning", measure="小时", price_fen=100 * days,
            valid_from=timezone.localdate() + timedelta(days=days),
        )  # fmt: skip
        prices.save_draft(row, by=cast.li)
        rows.append(row)
    assert cast.gao
    fates = at_once(3, lambda index: prices.approve(rows[index], timezone.localdate(), by=cast.gao))
    assert set(fates) <= {"done", "Refused"}
    assert "done" in fates
    for days in (10, 20, 30, 40):
        day = timezone.localdate() + timedelta(days=days)
        assert prices_in_force(cast.yunqi.pk, day).count() <= 1


@pytest.mark.django_db(transaction=True)
def test_one_umbrella_goes_to_one_of_four_clerks() -> None:
    cast = Cast()
    item, typed = (
        test_counter.umbrella(cast),
        {"borrower": "赵业主", "unit": cast.home.pk, "due_at": "2099-01-01 18:00"},
    )
    assert cast.wang

    def lend(index: int) -> Any:
        return open_record(Loan(community=cast.yunqi), by=cast.wang, data={**typed, "item": item.pk})

    fates = at_once(4, lend)
    assert sorted(set(fates)) in (["Invalid", "done"], ["Refused", "done"], ["Invalid", "Refused", "done"]), fates
    assert fates.count("done") == 1


def test_an_odd_place_in_a_list_of_a_report_is_its_beginning(cast: Any) -> None:
    number = log_contact(cast).number
    for odd in ("²", "-1", "1e9", "", "9" * 5000):
        assert len(table([number], cast.wang, {"from": odd}, "当日接待")["rows"]) == 1
