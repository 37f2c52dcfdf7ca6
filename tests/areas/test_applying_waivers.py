"""减免申请 (F92): one asks, another agrees, above the limit a third; the agreement is the posting."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.breaking import at_once
from tests.support.doing import photo, sentences
from tests.support.paying import Counter, counter_of
from yihu.areas.cashier.applying.models import Waiver
from yihu.areas.cashier.applying.schedules import lapse
from yihu.ground.ledger.models import Charge, Voucher
from yihu.kernel.errors import Conflict, Invalid, NotAllowed, Refused
from yihu.kernel.invariants import check_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(cast: Any) -> Counter:
    return counter_of(cast)


def faults() -> list[str]:
    return [fault for result in check_all() if result.name.startswith("ledger.") for fault in result.faults]


def test_a_waiver_is_agreed_to_by_another_and_posted_at_once(counter: Counter) -> None:
    bill = counter.charge(35941)
    waiver = counter.waiver(bill, 5000)
    assert (waiver.state, waiver.unit, waiver.party) == ("asked", counter.cast.home, counter.cast.owner)
    assert waiver.attachments.count() == 1
    waiver = counter.step(waiver, "approve", counter.head)
    bill.refresh_from_db()
    assert (waiver.state, waiver.approved_by, bill.open) == ("done", counter.head, 30941)
    assert Voucher.objects.get(kind="waive").record_id == waiver.pk
    assert "服务不到位补偿" in Voucher.objects.get(kind="waive").words
    assert faults() == []


def test_a_percentage_is_of_what_is_owed_now_rounded_to_the_cent(counter: Counter) -> None:
    bill = counter.charge(35941)
    counter.settle(counter.receive(5941), bill)
    waiver = counter.waiver(bill, 0, how="percent", amount="", percent="33.33")
    assert waiver.amount == 9999  # 300.00 × 33.33 % = 99.99
    with pytest.raises(Invalid, match="0 到 100"):
        counter.waiver(counter.charge(100, 9), 0, how="percent", amount="", percent="101")


def test_above_the_limit_the_project_manager_agrees_first(counter: Counter) -> None:
    cast = counter.cast
    bill = counter.charge(100000)
    waiver = counter.waiver(bill, 50001)
    assert waiver.state == "to_agree"
    with pytest.raises(Conflict):
        counter.step(waiver, "approve", counter.head)
    with pytest.raises(NotAllowed):
        counter.step(waiver, "agree", counter.head)
    waiver = counter.step(waiver, "agree", cast.xiang)
    with pytest.raises(NotAllowed):
        counter.step(waiver, "approve", cast.xiang)
    waiver = counter.step(waiver, "approve", counter.head)
    bill.refresh_from_db()
    assert (waiver.state, waiver.agreed_by, bill.open) == ("done", cast.xiang, 49999)
    assert counter.waiver(counter.charge(100000, 9), 50000).state == "asked"


def test_who_asked_or_agreed_does_not_approve_whatever_posts_he_holds(counter: Counter) -> None:
    cast = counter.cast
    cast.appoint(counter.collector, "finance_supervisor", cast.yunqi)
    waiver = counter.waiver(counter.charge(10000), 1000)
    for step in ("approve", "refuse"):
        with pytest.raises(NotAllowed):
            counter.step(waiver, step, counter.collector, refusal="x")
    cast.appoint(counter.second, "project_manager", cast.yunqi)
    own = counter.waiver(counter.charge(100000, 7), 60000, by=counter.second)
    with pytest.raises(NotAllowed):
        counter.step(own, "agree", counter.second)
    cast.appoint(cast.xiang, "finance_supervisor", cast.yunqi)
    large = counter.step(counter.waiver(counter.charge(100000, 9), 60000), "agree", cast.xiang)
    with pytest.raises(NotAllowed):
        counter.step(large, "approve", cast.xiang)
    assert counter.step(large, "approve", counter.head).state == "done"
    with pytest.raises(NotAllowed):
        counter.waiver(counter.charge(500, 8), 100, by=counter.head)


def test_no_waiver_without_evidence_beyond_the_debt_or_twice(counter: Counter) -> None:
    bill = counter.charge(10000)
    with pytest.raises(Invalid, match="请附上凭据"):
        counter.waiver(bill, 1000, files={})
    with pytest.raises(Invalid, match=r"只欠 100\.00 元"):
        counter.waiver(bill, 10001)
    counter.waiver(bill, 1000)
    with pytest.raises(Invalid, match="在办"):
        counter.waiver(bill, 500)
    small = counter.charge(1050, 9)
    assert counter.waiver(small, 50, why="rounding", files={}).state == "asked"


def test_a_refused_waiver_says_why_and_changes_nothing(counter: Counter) -> None:
    bill = counter.charge(10000)
    waiver = counter.waiver(bill, 1000)
    with pytest.raises(Invalid):
        counter.step(waiver, "refuse", counter.head, refusal="")
    waiver = counter.step(waiver, "refuse", counter.head, refusal="停梯期间已免过电梯费")
    bill.refresh_from_db()
    assert (waiver.state, bill.open) == ("refused", 10000)
    assert sentences(waiver)[-1] == "蔡财务 不批准：停梯期间已免过电梯费"


def test_what_was_paid_meanwhile_is_not_waived_and_the_application_comes_to_nothing(
    counter: Counter, sign_in: Any
) -> None:
    bill, other = counter.charge(10000), counter.charge(5000, 9)
    waiver, kept = counter.waiver(bill, 2000), counter.waiver(other, 1000)
    counter.settle(counter.receive(9000), bill)
    with pytest.raises(Refused, match=r"现在只剩 10\.00 元"):
        counter.step(waiver, "approve", counter.head)
    page = sign_in(counter.head).post(f"{waiver.get_absolute_url()}do/approve/", {"key": "k"})
    assert page.status_code == 409
    assert "现在只剩 10.00 元" in page.content.decode()
    lapse.func()
    assert Waiver.objects.get(pk=waiver.pk).state == "asked"
    counter.settle(counter.receive(1000), bill)
    lapse.func()
    assert (Waiver.objects.get(pk=waiver.pk).state, Waiver.objects.get(pk=kept.pk).state) == ("lapsed", "asked")
    assert sentences(waiver)[-1] == "账单已经结清或冲销，申请自动作罢"


def test_an_approved_waiver_is_not_withdrawn(counter: Counter) -> None:
    waiver = counter.waiver(counter.charge(10000), 1000)
    assert counter.step(waiver, "withdraw", counter.collector, reason="填错了").closed_as == "withdrawn"
    again = counter.waiver(Charge.objects.get(), 1000)
    counter.step(again, "approve", counter.head)
    with pytest.raises(Refused):
        counter.step(again, "withdraw", counter.head, reason="反悔")


@pytest.mark.django_db(transaction=True)
def test_two_approve_at_once_and_it_is_waived_once(counter: Counter) -> None:
    bill = counter.charge(10000)
    waiver = counter.waiver(bill, 1000)
    heads = [counter.head, counter.cast.person("cai2", "齐财务", "finance_supervisor")]
    fates = at_once(4, lambda index: counter.step(waiver, "approve", heads[index % 2]))
    bill.refresh_from_db()
    assert (fates.count("done"), bill.open) == (1, 9000)
    assert faults() == []


def test_the_sheet_of_a_waiver_renders_in_every_state(counter: Counter, sign_in: Any) -> None:
    waiver = counter.waiver(counter.charge(100000), 60000, files={"evidence": [photo("协议.png"), photo()]})
    for step, person in ((None, None), ("agree", counter.cast.xiang), ("approve", counter.head)):
        if step:
            counter.step(waiver, step, person)
        answer = sign_in(counter.head).get(f"{waiver.get_absolute_url()}print/waiver/")
        assert answer.content.startswith(b"%PDF-")
