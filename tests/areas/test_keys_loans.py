"""Who may have a key out, on whose word, until when (KEY-04, KEY-06, KEY-07, KEY-09; F51; D41, D50)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.support.doing import at, photo, sentences
from tests.support.keys import cabinet, entrust, key, lend, order_of, plant, take_back
from tests.support.sheets import text_of
from yihu.areas.duties.printing import shown
from yihu.areas.keys.models import KeySet, LossReport, VacantCheck
from yihu.kernel.doors import perform
from yihu.kernel.errors import Invalid, NotAllowed, Refused
from yihu.kernel.models import Deadline, Link, Message
from yihu.kernel.rhythms import come_round
from yihu.kernel.sweep import sweep

pytestmark = pytest.mark.django_db
CONSENT = {"consent_from": "赵业主", "consent_at": "2026-11-02 09:00"}


def wrong(caught: Any) -> str:
    return "；".join(str(one) for errors in caught.value.form.errors.values() for one in errors)


def clock(record: Any, code: str) -> Deadline:
    return Deadline.objects.filter(record_id=record.pk, code=code).latest("pk")


@pytest.mark.clause("KEY-07")
def test_a_repairer_borrows_for_his_running_order_and_nothing_else(cast: Any) -> None:
    entrust(cast)
    with pytest.raises(Invalid) as caught:
        lend(cast)
    assert "没有正在办理、派给陈维修的维修单" in wrong(caught)
    other = cast.person("zhu", "朱维修", "technician")
    order = order_of(cast, worker=other)
    with pytest.raises(Invalid) as caught:
        lend(cast)
    assert "没有正在办理、派给陈维修的维修单" in wrong(caught)
    with pytest.raises(Invalid) as caught:
        lend(cast, job=order.pk)
    assert "是派给朱维修的" in wrong(caught)
    loan = lend(cast, staff=other.pk)
    assert (loan.state_word, loan.job_id, loan.borrower, key().get_status_display()) == (
        "借出",
        order.pk,
        "朱维修",
        "借出",
    )
    assert Link.objects.filter(origin_id=order.pk, target_id=loan.pk).exists()


@pytest.mark.clause("KEY-04")
def test_every_hand_over_is_complete(cast: Any, sign_in: Any) -> None:
    entrust(cast)
    order_of(cast)
    loan = lend(cast, when=at("2026-11-02 09:30"))
    loan = take_back(cast, loan, when=at("2026-11-02 11:05"))
    assert [loan.borrower, loan.reason[:5], loan.given_by, loan.taken_by, loan.returned_by] == [
        "陈维修", loan.job.number[:5], cast.wang, cast.wang, "陈维修",
    ]  # fmt: skip
    assert (loan.out_at, loan.due_at, loan.back_at) == (
        at("2026-11-02 09:30"),
        at("2026-11-02 18:00"),
        at("2026-11-02 11:05"),
    )
    assert (loan.get_condition_display(), key().status) == ("完好", "in")
    assert sign_in(cast.wang).get(f"/key-loans/{loan.number}/print/use_register/").status_code == 200
    journey = sign_in(cast.wang).get(key().get_absolute_url()).content.decode()
    for words in ("王客服 交陈维修借用", "王客服 收回，陈维修归还，完好"):
        assert words in journey


@pytest.mark.clause("KEY-09", part="催还、上升、今日可见，逾期的列在当日汇总表上直到归还；交接班表随班次")
def test_a_key_past_its_time_is_chased_and_rises(cast: Any, sign_in: Any) -> None:
    assert cast.li
    entrust(cast)
    order_of(cast)
    loan = lend(cast, when=at("2026-11-02 09:30"))
    assert clock(loan, "D41").due_at == at("2026-11-02 18:00")
    sweep(at("2026-11-02 18:01"))
    assert Message.objects.filter(person=cast.wang, record_id=loan.pk).exists()
    assert not Message.objects.filter(person=cast.li, record_id=loan.pk).exists()
    sweep(at("2026-11-03 17:31"))
    sweep(at("2026-11-03 18:31"))
    assert Message.objects.filter(person=cast.li, record_id=loan.pk).exists()
    loan = perform(loan, "chase", by=cast.wang, data={"said": "晚上送回"})
    assert loan.chased == 1
    assert "王客服 催还：晚上送回" in sentences(loan)
    assert loan.number in sign_in(cast.wang).get("/").content.decode()
    late = sheet_of(cast, "2026-11-03")
    assert [line["number"] for line in shown(late, cast.li)["lists"]["keys"]] == [loan.number]
    printed = text_of(sign_in(cast.wang).get(f"{late.get_absolute_url()}print/day_sheet/").content)
    assert "逾期未还的钥匙" in printed
    take_back(cast, loan)
    assert shown(sheet_of(cast, f"{timezone.localdate()}"), cast.li)["lists"]["keys"] == []


def sheet_of(cast: Any, day: str) -> Any:
    """The day's sheet, which one shift leaves to the next."""
    return next(one for one in come_round(at(f"{day} 00:05"), "day-sheet") if one.community_id == cast.yunqi.pk)


@pytest.mark.clause("KEY-07")
def test_staff_without_an_order_need_the_owners_word_and_an_approval(cast: Any) -> None:
    entrust(cast)
    said = {"borrower_kind": "staff", "staff": cast.gong.pk, "reason": "查漏水"}
    with pytest.raises(Invalid) as caught:
        lend(cast, **said)
    assert "请先征得业主同意" in wrong(caught)
    loan = lend(cast, **said, **CONSENT)
    assert (loan.state_word, key().status) == ("待批准", "in")
    with pytest.raises(Refused):
        perform(loan, "hand_out", by=cast.wang)
    with pytest.raises(NotAllowed):
        perform(loan, "approve", by=cast.wang)
    loan = perform(loan, "approve", by=cast.li)
    loan = perform(loan, "hand_out", by=cast.wang)
    assert (loan.approved_by, loan.state_word, key().status) == (cast.li, "借出", "out")


@pytest.mark.clause("KEY-06")
def test_nobody_approves_what_he_borrows_or_asked_for_and_each_act_has_its_own_approval(cast: Any) -> None:
    plant(cast)
    said = {"tag": "S001", "borrower_kind": "staff", "reason": "巡检"}
    his = lend(cast, staff=cast.li.pk, **said)
    asked = lend(cast, by=cast.li, staff=cast.gong.pk, act="draw", **said)
    for loan in (his, asked):
        with pytest.raises(NotAllowed):
            perform(loan, "approve", by=cast.li)
    from yihu.ground.staff.models import Grant

    Grant.objects.filter(post_code="cs_manager", capability="keys.approve_copy").delete()
    copied = lend(cast, staff=cast.gong.pk, act="copy", **said)
    with pytest.raises(NotAllowed):
        perform(copied, "approve", by=cast.gao)
    assert perform(his, "approve", by=cast.gao).state_word == "已批准待取"
    refused = perform(copied, "refuse", by=cast.li, data={"refusal": "已有备用"})
    assert (refused.state_word, KeySet.objects.get().status) == ("未批准", "in")


@pytest.mark.clause("KEY-06")
def test_a_copy_comes_on_the_ledger_with_a_tag_of_its_own(cast: Any) -> None:
    cabinet(cast)
    entrust(cast)
    loan = lend(cast, act="copy", borrower_kind="staff", staff=cast.gong.pk, reason="配备用", **CONSENT)
    loan = perform(perform(loan, "approve", by=cast.li), "hand_out", by=cast.wang)
    with pytest.raises(Invalid) as caught:
        take_back(cast, loan, copies="1", new_tag="K0101")
    assert "标签上不能写房号" in wrong(caught)
    take_back(cast, loan, copies="1", new_tag="K002")
    copy = key("K002")
    assert (copy.copied_from, copy.unit, copy.mandate_id, copy.status) == (key(), cast.home, key().mandate_id, "in")


def test_a_borrowed_key_does_not_stay_over_night_and_a_drawn_one_may(cast: Any) -> None:
    plant(cast)
    said = {"tag": "S001", "borrower_kind": "staff", "staff": cast.gong.pk, "reason": "巡检"}
    with pytest.raises(Invalid) as caught:
        lend(cast, due_at="2026-11-04 18:00", when=at("2026-11-02 09:00"), **said)
    assert "要留更久，请办领用" in wrong(caught)
    drawn = lend(cast, act="draw", due_at="2026-12-31 18:00", when=at("2026-11-02 09:00"), **said)
    assert drawn.due_at == at("2026-12-31 18:00")
    late = lend(cast, when=at("2026-11-02 18:30"), **said)
    assert late.due_at == at("2026-11-03 18:00")


@pytest.mark.clause("KEY-07")
def test_scenario_14_only_the_sales_agent_shows_an_empty_flat_which_is_looked_at_within_the_hour(cast: Any) -> None:
    empty = cast.unit("0301")
    KeySet.objects.create(community=cast.yunqi, tag="V001", unit=empty, place="入户门", kind="vacant")
    agent = {
        "tag": "V001",
        "borrower_kind": "contractor",
        "borrower": "中介小马",
        "company": "安家中介",
        "id_last4": "1234",
    }
    with pytest.raises(Invalid) as caught:
        lend(cast, **agent, reason="看房")
    assert "请由营销代表借用，或由专员借钥匙陪同" in wrong(caught)
    with pytest.raises(Invalid) as caught:
        lend(cast, tag="V001", borrower_kind="sales", staff=cast.gong.pk, reason="看房")
    assert "龚工不是营销代表" in wrong(caught)
    steward, sales = cast.person("lou", "楼管家", "steward"), cast.person("xiao", "肖营销", "sales_rep")
    loan = lend(cast, tag="V001", borrower_kind="sales", staff=sales.pk, reason="看房", when=at("2026-11-02 09:00"))
    loan = perform(loan, "approve", by=cast.li, at=at("2026-11-02 09:05"))
    loan = perform(loan, "hand_out", by=cast.wang, at=at("2026-11-02 09:10"))
    take_back(cast, loan, when=at("2026-11-02 10:00"))
    check = VacantCheck.objects.get(borrowing=loan)
    assert (check.unit, check.handler, clock(check, "D50").due_at) == (empty, steward, at("2026-11-02 11:00"))
    with pytest.raises(Invalid) as caught:
        perform(check, "look", by=steward, data={"utilities_off": "on", "nothing_left": "on"})
    assert "请写明什么情况" in wrong(caught)
    said = {"utilities_off": "on", "nothing_left": "on", "problem": "北卧窗没关"}
    check = perform(check, "look", by=steward, data=said, at=at("2026-11-02 10:20"))
    assert (check.state_word, clock(check, "D50").met) == ("待处理", True)
    done = perform(check, "put_right", by=steward, data={"remedy": "已关"}, files={"photos": [photo()]})
    assert done.state_word == "已检查"


@pytest.mark.clause("KEY-07")
def test_an_owner_who_lives_there_borrows_himself_and_one_who_does_not_yet_does_not(cast: Any) -> None:
    entrust(cast)
    said = {"borrower_kind": "owner", "staff": "", "borrower": "赵业主", "id_last4": "5647", "reason": "忘带钥匙"}
    with pytest.raises(Invalid) as caught:
        lend(cast, **said)
    assert "未入住看房由营销代表借钥匙陪同" in wrong(caught)
    cast.home.moved_in_on = timezone.localdate()
    cast.home.save()
    with pytest.raises(Invalid) as caught:
        lend(cast, **{**said, "borrower": "路人甲"})
    assert "路人甲不是这户现在的业主" in wrong(caught)
    assert lend(cast, **said).state_word == "待批准"
    with pytest.raises(Invalid) as caught:
        lend(cast, borrower_kind="sales", staff=cast.person("xiao", "肖营销", "sales_rep").pk, reason="看房")
    assert "营销代表只为尚未入住的房屋" in wrong(caught)


def test_what_comes_back_broken_is_reported_at_once(cast: Any) -> None:
    entrust(cast)
    order_of(cast)
    loan = lend(cast)
    with pytest.raises(Invalid):
        take_back(cast, loan, condition="damaged")
    take_back(cast, loan, condition="damaged", damage="断在锁里")
    report = LossReport.objects.get()
    assert (report.get_what_display(), report.cause, report.last_holder, key().status) == (
        "损坏",
        "断在锁里",
        "陈维修",
        "damaged",
    )
    with pytest.raises(Refused, match="现在是“损坏”"):
        lend(cast)


def test_from_the_order_to_the_loan_in_two_clicks(cast: Any, sign_in: Any) -> None:
    """借钥匙 on the order's page, then 借给陈维修; or the tag scanned, then the same button."""
    entrust(cast)
    order = order_of(cast)
    client = sign_in(cast.wang)
    assert f"/keys/tag/?unit={cast.home.pk}" in client.get(order.get_absolute_url()).content.decode()
    for asked in (f"unit={cast.home.pk}", "tag=k001"):
        assert "借给 陈维修" in client.get(f"/keys/tag/?{asked}").content.decode()
    lent = client.post(f"/keys/{key().pk}/lend/", {"job": order.pk, "key": "a"}, follow=True).content.decode()
    assert "在 <b>陈维修</b> 手上" in lent
    again = client.post(f"/keys/{key().pk}/lend/", {"job": order.pk, "key": "b"}, follow=True).content.decode()
    assert "钥匙 K001 已经借出，在陈维修手上" in again
    assert key().loans.count() == 1
